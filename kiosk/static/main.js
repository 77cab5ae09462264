// The kiosk: what each touch does, and what each event changes.

import { ApiError, newKey, post } from "/static/js/api.js";
import { run } from "/static/js/clock.js";
import { follow } from "/static/js/events.js";
import { fill, part, say, screen, settings, settled, show, translate } from "./page.js";
import * as finding from "./finding.js";
import * as hall from "./hall.js";
import * as idle from "./idle.js";
import * as leaves from "./leaves.js";
import * as listen from "./listen.js";
import * as scanning from "./scanning.js";
import * as slip from "./slip.js";
import * as taking from "./taking.js";
import * as typing from "./typing.js";

const BANNER_MS = 1500;
const OFFLINE_MS = 10000;
const HELP_AGAIN_MS = 30000;
const KEEPS = /^(?:number|trouble|procedure|brought|scan-.+)$/; // what stands there stays right without the server
const page = document.documentElement;
const slots = (name) => document.querySelector(`[data-slot="${name}"]`);
const own = { language: settings().language, type: page.dataset.type, reach: page.dataset.reach };

let stopClock = () => {};
let lostTimers = [];
let offline = false; // the line is down, told by a banner
let dead = false; // for so long that the home screen is of no use
let helpKey = "";
let translating = false;

function dress() {
  stopClock();
  stopClock = run({ time: slots("time"), date: slots("date"), language: settings().language });
  for (const [act, name] of [["large", "type"], ["low", "reach"]]) {
    document.querySelector(`[data-act="${act}"]`).setAttribute("aria-pressed", String(page.dataset[name] === act));
  }
  part("lost").hidden = !offline;
  hall.draw();
  write(screen());
  hall.layOut();
  leaves.layShown();
}

function write(name) {
  taking.write(name);
  scanning.write(name);
  finding.write(name);
}

function start() {
  for (const kept of [taking, scanning, finding, typing, leaves]) kept.forget();
  listen.hush();
  for (const open of document.querySelectorAll("dialog[open]")) open.close();
  hall.firstPage();
  if (settings().hall.closed) taking.write("closed");
  show(dead ? "offline" : settings().hall.closed ? "closed" : "home");
  hall.layOut();
}

function followHall() {
  const { closed } = settings().hall;
  if (closed && screen() === "home") start();
  if (!closed && screen() === "closed" && part("closed-choices").hidden) start();
  if (hall.outdated() && idle.alone()) location.reload();
}

async function speak(language) {
  if (translating || language === settings().language) return;
  translating = true;
  listen.hush();
  try {
    await translate(language);
    dress();
    await finding.again(screen());
  } catch {
    listen.toast(say("live.lost"));
  } finally {
    translating = false;
  }
}

function toggle(name, value) {
  if (page.dataset[name] === value) delete page.dataset[name];
  else page.dataset[name] = value;
  dress();
}

const isOwn = () =>
  settings().language === own.language &&
  page.dataset.type === own.type &&
  page.dataset.reach === own.reach &&
  !taking.offers();

async function makeOwn() {
  taking.offer("");
  for (const name of ["type", "reach"]) {
    if (own[name] === undefined) delete page.dataset[name];
    else page.dataset[name] = own[name];
  }
  dress();
  await speak(own.language);
}

async function leave() {
  start();
  if (!isOwn()) await makeOwn();
}

const home = () => (screen() === "number" || screen() === "offline" ? leave() : start()); // who has a number goes

async function help() {
  if (!helpKey) {
    helpKey = newKey(); // one call for help however often it is pressed
    setTimeout(() => (helpKey = ""), HELP_AGAIN_MS);
  }
  let told = "helped";
  try {
    await post("/api/v1/help", {}, { key: helpKey, timeout: 4000, tries: 2 });
  } catch {
    told = "unhelped";
  }
  if (!document.querySelector("dialog[open]")) part(told).showModal();
}

/** Look something up; when no answer comes, say so and stay. */
async function lookUp(what) {
  try {
    await what();
  } catch (fault) {
    if (!(fault instanceof ApiError)) throw fault;
    listen.toast(say("posted.lost"));
  }
}

/** Home, with the class that the card's age gives offered at the next number. */
function chooseWithCard() {
  const klass = scanning.offered();
  start();
  taking.offer(klass);
}

/** A number for the procedure shown: its field's service, else the one that guides. */
function takeForSheet() {
  taking.chooseService(finding.sheet().service || settings().ask_service);
}

/** A key touched on the screen. */
function type(deed, button) {
  const board = screen();
  typing[deed](board, button.dataset.key);
  if (board === "find") finding.typed();
}

const acts = {
  scan: () => scanning.open(),
  code: () => (scanning.write("code"), show("code")),
  check: () => scanning.check(),
  "scan-take": () => scanning.take(),
  "scan-claim": () => scanning.take({ claim: true }),
  "scan-retry": () => scanning.retry(),
  "card-take": chooseWithCard,
  key: (button) => type("press", button),
  erase: (button) => type("erase", button),
  clear: (button) => type("clear", button),
  "look-up": () => finding.lookUp(),
  find: () => finding.find(),
  field: (button) => lookUp(() => finding.openField(button.dataset.field)),
  procedure: (button) => lookUp(() => finding.open(button.dataset.code)),
  brought: () => finding.brought(),
  mark: (button) => finding.mark(button),
  "sheet-take": takeForSheet,
  back: () => finding.back() || start(),
  "leaf-on": (button) => leaves.lay(button.dataset.of, +1),
  "leaf-back": (button) => leaves.lay(button.dataset.of, -1),
  service: (button) => taking.chooseService(button.dataset.service),
  class: (button) => taking.chooseClass(button.dataset.class),
  "take-anyway": () => taking.takeAnyway(),
  retry: () => taking.retry(),
  home,
  "page-on": () => hall.layOut(+1),
  "page-back": () => hall.layOut(-1),
  language: (button) => speak(button.dataset.language),
  large: () => toggle("type", "large"),
  low: () => toggle("reach", "low"),
  listen: () => listen.toggle(taking.spoken(screen())),
  help,
  stay: () => idle.touch(),
  close: (button) => button.closest("dialog").close(),
};

document.addEventListener("click", (touch) => {
  if (touch.target === part("idle")) idle.touch(); // beside the warning's buttons
  const button = touch.target.closest("[data-act]");
  if (!button || button.disabled || button.closest("[data-moving]") || !settled() || taking.taking() || scanning.asking()) return;
  acts[button.dataset.act]?.(button);
});
document.addEventListener("screen", listen.hush);
document.addEventListener("contextmenu", (menu) => menu.preventDefault()); // a long press opens no menu
document.addEventListener("keydown", (key) => {
  if (key.key === "Escape" && screen() !== "home" && !document.querySelector("dialog[open]")) home();
});

function lost() {
  lostTimers = [
    setTimeout(() => {
      offline = true;
      part("lost").hidden = false;
    }, BANNER_MS),
    setTimeout(() => {
      dead = true;
      if (!KEEPS.test(screen()) && !taking.taking()) show("offline");
    }, OFFLINE_MS),
  ];
}

async function restored() {
  lostTimers.forEach(clearTimeout);
  offline = dead = false;
  part("lost").hidden = true;
  await hall.refresh();
  if (screen() === "offline") start();
}

follow({
  url: "/api/v1/events?as=screen",
  since: settings().hall.seq,
  lost,
  restored,
  on(event) {
    slip.hear(event);
    scanning.hear(event);
    if (/^(ticket|counter)\./.test(event.kind)) hall.refreshSoon();
  },
});
hall.keep(followHall);
idle.start({ home: leave, clean: makeOwn, cleaned: isOwn });
scanning.start();
addEventListener("resize", leaves.layShown);
dress();
fill("home-in", "");
document.fonts?.ready.then(() => hall.layOut());
document.fonts?.addEventListener("loadingdone", leaves.layShown);
page.dataset.ready = "";
