// What footage there is of each camera, and why there is none: gaps are told, never hidden.

import { now } from "/static/js/clock.js";
import { ask } from "../dossiers/server.js";
import { data, say } from "../page.js";
import { rfc } from "./moments.js";

const DAY_MS = 86400000;
const FRESH_MS = 20000; // a piece is in the index once it is whole on disk
const known = new Map();

const span = ({ from, to }) => [Date.parse(from), Date.parse(to)];

const read = ({ ranges, gaps, clock_offsets: clocks }) => ({
  ranges: ranges.map(span),
  gaps: gaps.map(span),
  purged: gaps.filter(({ reason }) => reason === "purged").map(span),
  before: Math.max(0, ...gaps.filter(({ reason }) => reason === "not_yet").map(({ to }) => Date.parse(to))),
  clocks: clocks.map(({ from, offset_s: offset }) => [Date.parse(from), offset]),
});

/** Ask for every camera of the scene; those that cannot be asked stay unknown. */
export async function load() {
  const { begins, ends } = data;
  const told = data.cameras.map(async ({ name }) => {
    const { cameras } = await ask("/footage", { camera: name, from: rfc(begins), to: rfc(ends) });
    const one = cameras.find((camera) => camera.id === name);
    if (one) known.set(name, read(one));
  });
  const done = await Promise.allSettled(told);
  const failed = done.find(({ status }) => status === "rejected");
  if (failed && !known.size) throw failed.reason;
}

/** What is known of a camera: spans with footage and without, until when it was not recorded yet, its clock's offsets in seconds. */
export const of = (name) => known.get(name);

/** What was wrong with the picture of `name` at `ms`, in words; "" when nothing was. */
export function trouble(name, ms) {
  return data.troubles.find((one) => one.camera === name && one.begins <= ms && ms < (one.ends ?? Infinity))?.what ?? "";
}

/** Why `name` shows nothing at `ms`, in words. */
export function why(name, ms) {
  const lost = data.outages.find((one) => one.camera === name && one.begins <= ms && ms < (one.ends ?? Infinity));
  if (lost) return lost.why;
  if (ms < of(name)?.before && ms < now() - FRESH_MS) return say("log.none.not_yet");
  if (ms < now() - data.kept_days * DAY_MS) return say("log.none.old", { days: data.kept_days });
  if (of(name)?.purged.some(([from, to]) => from <= ms && ms < to)) return say("log.none.purged");
  if (ms > now() - FRESH_MS) return say("log.none.soon");
  return say("log.none.gap");
}

/** Whether every camera was asked and none has anything of the scene. */
export const nothing = () =>
  known.size === data.cameras.length && [...known.values()].every(({ ranges }) => ranges.every(([from, to]) => to <= data.begins || from >= data.ends));

/** The moment nearest to `ms` with footage of `name`, a later one rather than one before; null when there is none. */
export function nearest(name, ms) {
  const ranges = known.get(name)?.ranges.filter(([from, to]) => to > data.begins && from < data.ends) ?? [];
  const later = ranges.filter(([, to]) => to > ms).map(([from]) => Math.max(from, ms, data.begins));
  if (later.length) return Math.min(...later);
  return ranges.length ? Math.max(data.begins, ...ranges.map(([from]) => from)) : null;
}

/** What to say of a source's clock that was not the office's at `ms`; "" within half a second, or while nobody knew. */
export function clockSaid(name, ms) {
  const offset = of(name)?.clocks.findLast(([since]) => since <= ms)?.[1] ?? 0;
  if (Math.abs(offset) < 0.5) return "";
  const figure = Math.abs(offset).toFixed(1).replace(".", say("log.act.point"));
  return say(offset > 0 ? "log.scene.fast" : "log.scene.slow", { n: figure });
}
