// The page of a visit or a moment: puts coverage, tiles, player, line and events together.

import { keepAlone } from "../calls.js";
import { keep } from "../head.js";
import { button, data, fill, part, say, signedOut, told } from "../page.js";
import * as coverage from "./coverage.js";
import * as dialogs from "./dialogs.js";
import * as holds from "./holds.js";
import * as keys from "./keys.js";
import * as line from "./line.js";
import { precise } from "./moments.js";
import { Player } from "./player.js";
import * as steps from "./steps.js";
import { Tile } from "./tile.js";

const JUMP_MS = 5000;
const scene = part("scene");
const speed = part("speed");
const TOLD_MS = 12000;
let player = null;
let done = 0;

function trouble(text) {
  part("trouble").hidden = !text;
  fill("trouble", text);
}

/** What was done, for some seconds. */
function success(text) {
  clearTimeout(done);
  part("done").hidden = false;
  fill("done", text);
  done = setTimeout(() => (part("done").hidden = true), TOLD_MS);
}

/** A clip did not come: the reason has run out, the sign-in is over, or the server does not answer. null: it came. */
function failed(fault) {
  if (!fault) {
    trouble("");
    return;
  }
  if (signedOut(fault)) return;
  if (fault.key !== "error.view_first") trouble(told(fault));
  else if (scene.dataset.state === "open") ask();
}

function draw() {
  const { at, playing, rate } = player;
  fill("at", precise(at));
  part("stage").setAttribute("aria-busy", String(player.busy));
  button("play").setAttribute("aria-pressed", String(playing));
  speed.value = String(rate);
  line.move(at);
  button("zoom")?.setAttribute("aria-pressed", String(!line.whole()));
  steps.mark(at);
  const count = player.seen.length;
  part("tiles").dataset.count = String(Math.min(count, 9));
  part("tiles").toggleAttribute("data-empty", count === 0);
}

async function opened(view) {
  data.view = view;
  scene.dataset.state = "open";
  trouble("");
  steps.choose(data.events.find((event) => event.at === data.at));
  await player.seek(Math.max(data.begins, data.at - data.pre_ms), true, true);
  steps.showPictures();
}

function ask() {
  player.stop();
  scene.dataset.state = "asking";
  dialogs.askWhy(opened);
}

const whole = () => [Math.max(data.begins, player.at - data.pre_ms), Math.min(data.ends, player.at + 2 * data.pre_ms)];

function change(by) {
  const rates = [...speed.options].map((option) => Number(option.value));
  const next = rates[Math.min(rates.length - 1, Math.max(0, rates.indexOf(player.rate) + by))];
  player.setRate(next);
}

function jump(by) {
  const event = steps.beside(player.at, by);
  if (event) go(event);
}

function go(event) {
  if (scene.dataset.state !== "open") return watch();
  steps.choose(event);
  return player.seek(event.at - data.pre_ms, true, true);
}

function zoom() {
  line.zoom(!line.whole());
  line.move(player.at);
  button("zoom")?.setAttribute("aria-pressed", String(!line.whole()));
}

const full = () => (document.fullscreenElement ? document.exitFullscreen() : part("stage").requestFullscreen());
const watch = () => data.cameras.length && !coverage.nothing() && scene.dataset.state !== "open" && ask();

/** It is held: the page that comes tells it among what is held. */
function held(day, keptHere) {
  success(keptHere === false ? say("log.dialog.held_elsewhere", { day }) : say("log.dialog.held", { day }));
  holds.draw();
}


/** From a picture that is missing to where its camera has one. */
function goToFootage(camera) {
  const at = coverage.nearest(camera, player.at);
  if (at !== null) player.seek(at);
}

const whenOpen = (run) => () => scene.dataset.state === "open" && run();
const acts = {
  watch,
  play: whenOpen(() => (player.playing ? player.pause() : player.play())),
  back: whenOpen(() => player.seek(player.at - JUMP_MS)),
  on: whenOpen(() => player.seek(player.at + JUMP_MS)),
  "frame-back": whenOpen(() => player.frame(-1)),
  "frame-on": whenOpen(() => player.frame(1)),
  before: whenOpen(() => jump(-1)),
  after: whenOpen(() => jump(1)),
  slower: () => change(-1),
  faster: () => change(1),
  full: whenOpen(full),
  zoom,
  export: () => data.cameras.length && !coverage.nothing() && dialogs.askExport(data.ticket ? [data.begins, data.ends] : whole()),
  hold: () => data.cameras.length && !coverage.nothing() && dialogs.askHold([data.begins, data.ends], held),
};

document.addEventListener("click", (event) => {
  const act = event.target.closest("[data-act]")?.dataset.act;
  if (act === "footage") goToFootage(event.target.closest(".tile").dataset.camera);
  if (act in acts) acts[act]();
});
speed.addEventListener("change", () => player.setRate(Number(speed.value)));

keep();
keepAlone();
keys.listen(acts);
holds.listen(success);
steps.draw(go);
try {
  if (data.cameras.length) await coverage.load();
} catch (fault) {
  if (!signedOut(fault)) trouble(told(fault));
}
const nothing = data.cameras.length > 0 && coverage.nothing();
part("nothing").hidden = !nothing;
if (nothing) part("ask").hidden = true;
for (const act of ["export", "hold"]) if (nothing) button(act).disabled = true;
line.draw();
player = new Player(data.cameras.map((camera) => new Tile(camera, failed)), draw);
part("tiles").replaceChildren(...player.tiles.map((tile) => tile.node));
line.listen((ms) => scene.dataset.state === "open" && player.seek(ms));
draw();
const view = dialogs.viewBefore();
if (view) opened(view);
document.documentElement.dataset.ready = "";
