// Centre: what the counter is doing, the number, the large button, and which acts are open.

import { now } from "/static/js/clock.js";
import { button, data, fill, part, running, say } from "./page.js";
import { words } from "./reasons.js";

const KEYCAPS = { open: "O", next: "Space", start: "S", finish: "Enter" };
const TONES = { open: "now", paused: "wait", closed: "plain" };
const NEEDS = {
  recall: ["start"],
  absent: ["start", "finish"],
  hold: ["start", "finish"],
  transfer: ["start", "finish"],
  call: ["next"],
  pause: ["next", "start", "finish"],
  close: ["next", "open"],
};
let desk = null;
let detail = null;
let primary = "";
let changedAt = 0;

/** What the large button does now: open, next, start or finish. */
export function step() {
  if (desk.current) return desk.current.state === "called" ? "start" : "finish";
  return desk.state === "open" ? "next" : "open";
}

/** Whether an act is open now (the server decides in the end). */
export function can(act) {
  if (act === "close" && desk.state === "closed") return false;
  if (act === "pause" && desk.state !== "open") return false;
  if (act in NEEDS) return NEEDS[act].includes(step());
  return act === step();
}

/** How long ago the large button took its present meaning, ms: a second click must not hit the next one. */
export const settledFor = () => performance.now() - changedAt;

/** Seconds until the number may be recalled; 0 when it may. */
export function recallWait() {
  const last = detail?.lastCall ?? (desk.current?.called_at ? Date.parse(desk.current.called_at) : 0);
  const seconds = data.rules.recall_cooldown_s;
  return Math.min(Math.max(0, Math.ceil((last - now()) / 1000 + seconds)), Math.ceil(seconds));
}

export const recallsSpent = () => (desk.current?.recalls ?? 0) >= data.rules.recall_limit;

/** What to do now, for someone who pressed a key that does nothing now. */
export function hint(act) {
  if (act === "undo") return say("hint.undo");
  if (act === "recall" && step() === "start") {
    if (recallsSpent()) return say("hint.recall_spent", { limit: data.rules.recall_limit });
    return say("hint.recall_wait", { n: recallWait() });
  }
  return say(`hint.${step()}`, { number: desk.current?.number ?? "" });
}

function drawPanel() {
  const { current } = desk;
  const empty = desk.waiting_count === 0 ? "empty" : "ready";
  const idle = desk.state === "open" ? empty : desk.state;
  part("panel").dataset.state = current?.state ?? idle;
  if (current) {
    const begun = current.state === "called" ? detail?.lastCall ?? Date.parse(current.called_at) : Date.parse(current.started_at);
    fill("now-stage", `${say(`ticket.${current.state}`)} · ${running(now() - begun)}`);
    fill("now-number", current.number);
    fill("now-service", data.services[current.service] ?? "");
    const waited = Date.parse(current.called_at) - Date.parse(current.issued_at);
    fill("now-why", detail?.id === current.id ? words(detail.why, waited) : "");
    return;
  }
  const next = desk.waiting.find((ticket) => ticket.id === desk.next?.id);
  fill("now-stage", "");
  fill("now-number", "");
  fill("now-service", say(`panel.${idle}`));
  fill("now-why", idle === "ready" ? (next ? say("panel.ready_what", { number: next.number }) : "") : say(`panel.${idle}_what`));
}

function drawActs() {
  const next = step();
  if (next !== primary) {
    primary = next;
    changedAt = performance.now();
    part("primary").dataset.step = next;
    fill("primary", say(`act.${next}`));
    fill("primary-key", KEYCAPS[next]);
  }
  for (const act of Object.keys(NEEDS)) enable(act, can(act));
  drawRecall();
}

const enable = (act, on) => button(act).setAttribute("aria-disabled", String(!on));

function drawRecall() {
  const wait = recallWait();
  const open = can("recall");
  enable("recall", open && !recallsSpent() && wait === 0);
  const { recall_limit: limit } = data.rules;
  const count = say("recall.count", { n: desk.current?.recalls ?? 0, limit });
  const word = recallsSpent() ? say("recall.spent", { limit }) : wait ? say("recall.wait", { n: wait }) : count;
  fill("recall", open ? word : "");
}

/** Show the counter; `about` is what its ticket's events tell (id, why, lastCall). */
export function draw(fresh, about) {
  desk = fresh;
  detail = about;
  part("badge").className = `badge ${TONES[desk.state]}`;
  fill("now-state", say(`state.${desk.state}`));
  fill("now-person", desk.person && desk.state !== "closed" ? desk.person : "");
  drawActs();
  drawPanel();
}

/** Times go on by themselves. */
export function tick() {
  if (!desk) return;
  drawPanel();
  drawRecall();
}

