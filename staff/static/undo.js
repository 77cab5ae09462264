// A finish can be taken back for some seconds: the bar with its countdown, kept over a reload.

import { now } from "/static/js/clock.js";
import { here } from "./counter.js";
import { data, fill, part, say } from "./page.js";

const STORE = `undo ${data.counter}`;
let last = null;

function read() {
  try {
    return JSON.parse(sessionStorage.getItem(STORE));
  } catch {
    return null;
  }
}

const left = () => (last ? last.until - now() : 0);

/** Whether the last finish may still be taken back. */
export const possible = () => left() > 0 && !here.desk.current;

/** Offer to take back the finish of `number` at `at` (ms). */
export function offer(number, at) {
  last = { number, until: at + data.rules.undo_s * 1000 };
  sessionStorage.setItem(STORE, JSON.stringify(last));
  tick();
}

/** The finish was taken back. */
export function withdraw() {
  last = null;
  sessionStorage.removeItem(STORE);
  tick();
}

/** Draw the countdown. */
export function tick() {
  const bar = part("undo");
  bar.hidden = !possible();
  if (bar.hidden) return;
  fill("undo", say("undo.done", { number: last.number }));
  fill("undo-left", say("time.seconds", { n: Math.ceil(left() / 1000) }));
  part("undo-bar").value = (100 * left()) / (data.rules.undo_s * 1000);
}

last = read();
