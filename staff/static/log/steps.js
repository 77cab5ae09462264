// The events of the scene, one below the other; with a small picture once footage may be seen.

import { data, fill, part } from "../page.js";
import { thumbnail } from "./clips.js";

const list = part("steps");
const rows = [];

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

/** Mark the event that was the last before `at`. */
export function mark(at) {
  const now = data.events.findLastIndex((event) => event.at <= at + 50);
  rows.forEach((row, n) => row.toggleAttribute("data-now", n === now));
}

/** The event after (1) or before (-1) the one at `at`; undefined when there is none. */
export function beside(at, by, margin) {
  if (by > 0) return data.events.find((event) => event.at - margin > at + 200);
  return data.events.findLast((event) => event.at - margin < at - 1500);
}
