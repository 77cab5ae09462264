// What footage there is of each camera, and why there is none: gaps are told, never hidden.

import { now } from "/static/js/clock.js";
import { ask } from "../dossiers/server.js";
import { data, say } from "../page.js";
import { rfc } from "./moments.js";

const DAY_MS = 86400000;
const FRESH_MS = 20000; // a piece is in the index once it is whole on disk
const known = new Map();

const span = ({ from, to }) => [Date.parse(from), Date.parse(to)];

/** Ask for every camera of the scene; those that cannot be asked stay unknown. */
export async function load() {
  const { begins, ends } = data;
  const told = data.cameras.map(async ({ name }) => {
    const { cameras } = await ask("/footage", { camera: name, from: rfc(begins), to: rfc(ends) });
    const one = cameras.find((camera) => camera.id === name);
    if (one) known.set(name, { ranges: one.ranges.map(span), gaps: one.gaps.map(span), offset: one.clock_offset_s ?? 0 });
  });
  const done = await Promise.allSettled(told);
  const failed = done.find(({ status }) => status === "rejected");
  if (failed && !known.size) throw failed.reason;
}

/** What is known of a camera: spans with footage and without, and its clock's offset in seconds. */
export const of = (name) => known.get(name);

/** Why `name` shows nothing at `ms`, in words. */
export function why(name, ms) {
  const lost = data.outages.find((one) => one.camera === name && one.begins <= ms && ms < (one.ends ?? Infinity));
  if (lost) return lost.why;
  if (ms < now() - data.kept_days * DAY_MS) return say("log.none.old", { days: data.kept_days });
  if (ms > now() - FRESH_MS) return say("log.none.soon");
  return say("log.none.gap");
}

/** The first moment after `ms` with footage of any camera; null when there is none. */
export function next(ms) {
  const begins = [...known.values()].flatMap(({ ranges }) => ranges.filter(([, to]) => to > ms).map(([from]) => Math.max(from, ms)));
  return begins.length ? Math.min(...begins) : null;
}

/** What to say of a source's clock that is not the office's; "" within half a second. */
export function clockSaid(name) {
  const offset = of(name)?.offset ?? 0;
  if (Math.abs(offset) < 0.5) return "";
  const figure = Math.abs(offset).toFixed(1).replace(".", say("log.act.point"));
  return say(offset > 0 ? "log.scene.fast" : "log.scene.slow", { n: figure });
}
