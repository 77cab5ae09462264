// The strip at the foot, always there: the line to the server and the printer. What waits beside them is calls.js.

import { get } from "/static/js/api.js";
import { fill, part, say } from "./page.js";

const LOOK_MS = 30000;

/** The line to the server is lost (true) or back. */
export function line(lost) {
  part("line").dataset.tone = lost ? "fault" : "calm";
  fill("line", say(lost ? "lost" : "online"));
}

/** The printer as /healthz or an event tells it: state ok, trouble or off, and the reason of a trouble. */
export function printer({ state: told, reason = "", paper = "" }) {
  const state = told === "ok" && paper === "near_end" ? paper : told;
  const trouble = state === "trouble" || state === "fault";
  const fault = say(`fault.${reason}`) || say("fault.unknown");
  const calm = { ok: "printer.fine", off: "printer.off", near_end: "printer.near_end" }[state] ?? "printer.unknown";
  part("printer").dataset.tone = trouble || state === "near_end" ? "wait" : "calm";
  fill("printer", trouble ? `${fault}. ${say("printer.calm")}` : say(calm));
  part("printer").title = trouble ? say(`printer.todo_${reason}`) || say("printer.todo_unknown") : "";
}

/** Ask how the printer is. */
export async function look() {
  try {
    printer((await get("/healthz", { tries: 1 })).devices.printer ?? { state: "" });
  } catch {
    // the line at the left tells
  }
}

/** Take the printer's events; those of one slip given up tell nothing about the printer. */
export function hear(event) {
  if (event.kind === "printer.failed" && !event.data.given_up) printer({ state: "trouble", reason: event.data.reason });
  if (event.kind === "printer.recovered") printer({ state: "ok" });
}

/** Keep the strip. */
export function keep() {
  look();
  setInterval(look, LOOK_MS);
}
