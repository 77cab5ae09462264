// The tiles as the hall stands: refreshed from the server, laid out in as many pages as the screen needs.

import { get } from "/static/js/api.js";
import { setServerTime } from "/static/js/clock.js";
import { fill, part, say, section, settings } from "./page.js";

const SLOW_MS = 30000; // opening hours change without an event
const GATHER_MS = 700; // a burst of events is one refresh

let page = 0;
let soon = 0;
let changed = () => {};

export const hall = () => settings().hall;
export const tile = (id) => hall().tiles.find((each) => each.id === id);

/** Write the hall's data into the tiles that are on the page; no tile moves. */
export function draw() {
  for (const each of hall().tiles) {
    const box = section("home").querySelector(`[data-service="${CSS.escape(each.id)}"]`);
    if (!box) continue;
    box.dataset.state = each.state;
    fill("note", each.note, box);
  }
}

/** Show as many whole tiles as fit, and a pager when some don't. */
export function layOut(step = 0) {
  const grid = part("tiles");
  const boxes = [...grid.children];
  grid.style.gridTemplateRows = "";
  for (const box of boxes) box.hidden = false;
  part("pager").hidden = true;
  const fits = () => {
    const style = getComputedStyle(grid);
    const gap = parseFloat(style.rowGap) || 0;
    const least = parseFloat(style.getPropertyValue("--tile-least"));
    const columns = style.gridTemplateColumns.split(" ").length;
    return { columns, rows: Math.max(1, Math.floor((grid.clientHeight + gap) / (least + gap))) };
  };
  let { columns, rows } = fits();
  if (!grid.clientHeight) return;
  if (boxes.length <= columns * rows) {
    page = 0;
    trimHints();
    return;
  }
  fill("page", say("live.page", { n: 1, of: boxes.length })); // its widest, before measuring
  part("pager").hidden = false;
  ({ columns, rows } = fits());
  const each = columns * rows;
  const pages = Math.ceil(boxes.length / each);
  page = Math.min(Math.max(page + step, 0), pages - 1);
  boxes.forEach((box, n) => (box.hidden = Math.floor(n / each) !== page));
  grid.style.gridTemplateRows = `repeat(${rows}, minmax(0, 1fr))`;
  fill("page", say("live.page", { n: page + 1, of: pages }));
  part("pager").querySelector('[data-act="page-back"]').disabled = page === 0;
  part("pager").querySelector('[data-act="page-on"]').disabled = page === pages - 1;
  trimHints();
}

/** A hint that does not fit ends in "…" at a whole line, or goes; letters are never cut. */
function trimHints() {
  for (const hint of part("tiles").querySelectorAll(".hint")) {
    hint.classList.remove("cut");
    hint.hidden = false;
    if (!hint.clientHeight && !hint.textContent) continue;
    if (hint.scrollHeight <= hint.clientHeight + 1) continue;
    const whole = Math.floor((hint.clientHeight + 1) / parseFloat(getComputedStyle(hint).lineHeight));
    hint.hidden = whole < 1;
    hint.style.setProperty("--lines", String(whole));
    hint.classList.add("cut");
  }
}

export function firstPage() {
  page = 0;
  layOut();
}

/** Fetch the hall and draw it; silent when the line is down (the stream tells that). */
export async function refresh() {
  try {
    const { at, ...fresh } = await get(`/kiosk/hall.json?lang=${settings().language}`, { tries: 1 });
    setServerTime(at);
    settings().hall = fresh;
    draw();
    changed();
  } catch {
    // the next event or the slow refresh tries again
  }
}

/** Refresh soon, once for many events. */
export function refreshSoon() {
  if (soon) return;
  soon = setTimeout(() => {
    soon = 0;
    refresh();
  }, GATHER_MS);
}

/** Keep the tiles right; `onChange` is called after each refresh. */
export function keep(onChange) {
  changed = onChange;
  setInterval(refresh, SLOW_MS);
  addEventListener("resize", () => layOut());
}
