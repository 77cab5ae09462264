// The tiles as the hall stands: refreshed from the server. How they are laid out: tiles.js.

import { get } from "/static/js/api.js";
import { setServerTime } from "/static/js/clock.js";
import { gathered } from "/static/js/gather.js";
import { fill, section, settings } from "./page.js";
import * as tiles from "./tiles.js";

const SLOW_MS = 30000; // opening hours change without an event
const GATHER_MS = 700; // a burst of events is one refresh

const drawnFrom = settings().edition; // the scripts are the first page's, whatever language came since
let anew = false;
let changed = () => {};

export const hall = () => settings().hall;
export const tile = (id) => hall().tiles.find((each) => each.id === id);

/** Whether the page's fixed parts are out of date: another program or configuration, other procedures, another day. */
export const outdated = () => anew;

/** Write the hall's data into the tiles that are on the page; no tile moves. */
export function draw() {
  for (const each of hall().tiles) {
    const box = section("home").querySelector(`[data-service="${CSS.escape(each.id)}"]`);
    if (!box) continue;
    box.dataset.state = each.state;
    fill("note", each.note, box);
  }
}

/** Lay the tiles out, `step` pages on, and write them. */
export function layOut(step = 0) {
  tiles.lay(step);
  draw();
}

export function firstPage() {
  tiles.begin();
  layOut();
}

/** Fetch the hall and draw it; silent when the line is down (the stream tells that). */
export async function refresh() {
  try {
    const { at, edition, ...fresh } = await get(`/kiosk/hall.json?lang=${settings().language}`, { tries: 1 });
    setServerTime(at);
    anew = edition !== drawnFrom;
    settings().hall = fresh;
    draw();
    changed();
  } catch {
    // the next event or the slow refresh tries again
  }
}

/** Refresh soon, once for many events. */
export const refreshSoon = gathered(refresh, GATHER_MS);

/** Keep the tiles right; `onChange` is called after each refresh. */
export function keep(onChange) {
  changed = onChange;
  setInterval(refresh, SLOW_MS);
  addEventListener("resize", () => layOut());
}
