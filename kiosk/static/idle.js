// Nobody there: warn visibly, then go back to the start and to the kiosk's own language and sizes.

import { fill, part, say, screen, settings } from "./page.js";
import * as slip from "./slip.js";

let left = 0;
let goHome = () => {};
let tidy = () => {};
let isTidy = () => true;

const QUIET = new Set(["home", "offline"]);
const warning = () => part("idle").open;
const atRest = () => QUIET.has(screen()) || (screen() === "closed" && settings().hall.closed);
let touched = performance.now();

/** Whether nobody is there: a screen that needs nobody, and untouched for as long as a citizen may think. */
export const alone = () =>
  atRest() && !document.querySelector("dialog[open]") && performance.now() - touched > settings().idle_s * 1000;

function limit() {
  if (warning()) return settings().warn_s;
  return screen() === "number" ? settings().thanks_s : settings().idle_s;
}

/** Someone is there: start counting anew. */
export function touch() {
  if (warning()) part("idle").close();
  left = limit();
  draw();
}

/** Any touch counts, but while the warning shows its own buttons decide. */
function notice() {
  touched = performance.now();
  if (!warning()) touch();
}

function draw() {
  fill("idle-what", say("idle.what", { n: left }));
  fill("home-in", screen() === "number" && slip.settled() ? say("live.home_in", { n: left }) : "");
}

function over() {
  if (screen() === "number" || warning()) {
    if (warning()) part("idle").close();
    goHome();
  } else if (atRest()) {
    if (!isTidy()) tidy();
  } else if (!document.querySelector("dialog[open]")) {
    part("idle").showModal();
  } else {
    goHome();
  }
  left = limit();
}

function second() {
  if (screen() === "number" && !slip.settled()) return; // the slip comes first
  left -= 1;
  if (left <= 0) over();
  draw();
}

/** Start counting. `home` leaves any screen; `clean` puts language and sizes back; `clean` is skipped when `cleaned()`. */
export function start({ home, clean, cleaned }) {
  goHome = home;
  tidy = clean;
  isTidy = cleaned;
  left = limit();
  setInterval(second, 1000);
  for (const kind of ["pointerdown", "keydown"]) addEventListener(kind, notice, { capture: true, passive: true });
  document.addEventListener("screen", touch);
  document.addEventListener("cancel", touch, true); // the Escape key closes the warning
}
