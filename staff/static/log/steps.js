// The events of the scene, one below the other; with a small picture once footage may be seen.

import { data, fill, part } from "../page.js";
import { thumbnail } from "./clips.js";

const list = part("steps");
const rows = [];
const NEARLY_MS = 5000; // its pre-roll may begin so much earlier, at a whole picture
const PASSED_MS = 1500; // so long after an event "the one before" is that event itself
let chosen = null;
let now = -1;

/** The cameras that saw a moment; the picture of the first that has one stands beside the event. */
const witnesses = (at) => data.cameras.filter(({ spans }) => spans.some(([from, to]) => from <= at && at <= to));

/** Draw the list; `go(event)` when one is chosen. */
export function draw(go) {
  for (const event of data.events) {
    const row = part("step-form").content.firstElementChild.cloneNode(true);
    fill("time", event.time, row);
    fill("what", event.what, row);
    fill("detail", event.detail, row);
    row.querySelector("button").addEventListener("click", () => go(event));
    rows.push(row);
  }
  list.replaceChildren(...rows);
}

/** Fetch the small pictures, each when it comes into sight. */
export function showPictures() {
  data.events.forEach((event, n) => {
    const place = rows[n].querySelector(".thumb");
    const left = witnesses(event.at).map(({ name }) => thumbnail(name, event.at));
    if (!left.length || place.firstChild) return;
    const picture = new Image();
    picture.loading = "lazy";
    picture.alt = "";
    picture.addEventListener("error", () => (left.length ? (picture.src = left.shift()) : picture.remove()));
    picture.src = left.shift();
    place.append(picture);
  });
}

/** The event that is wanted: it is marked while its pre-roll plays. */
export function choose(event) {
  chosen = event ?? null;
}

const leadsTo = (event, at) => event && at < event.at && at >= event.at - data.pre_ms - NEARLY_MS;

/** Mark the event whose pre-roll plays, else the last before `at`. */
export function mark(at) {
  if (!leadsTo(chosen, at) && at !== chosen?.at) chosen = null;
  now = chosen ? data.events.indexOf(chosen) : data.events.findLastIndex((event) => event.at <= at + 50);
  rows.forEach((row, n) => row.toggleAttribute("data-now", n === now));
}

/** The event after (1) or before (-1) the one that is marked; undefined when there is none. */
export function beside(at, by) {
  if (by < 0 && !chosen && at > data.events[now]?.at + PASSED_MS) return data.events[now];
  return data.events[now + by];
}
