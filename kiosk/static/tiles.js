// The service tiles: every tile whole with its hint, on as many pages as that needs. Sizes come from the style sheet.

import { fill, part, say } from "./page.js";

const RATIO = 1.7; // of a tile that reads well, wide by high
const LONGEST = 888; // so many wait at most, when room is kept for the line that tells it

let page = 0;

/** What the grid has room for: `least` and `most` high (px), `columns` at least and at most. */
function room(grid) {
  const style = getComputedStyle(grid);
  const own = (name) => parseFloat(style.getPropertyValue(name));
  const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
  return {
    high: grid.clientHeight,
    wide: grid.clientWidth,
    gap: parseFloat(style.rowGap) || 0,
    least: own("--tile-least"),
    most: own("--tile-most") * rem,
    columns: [own("--columns-least"), own("--columns-most")],
  };
}

function shape({ high, wide, gap, most }, columns, rows, count) {
  const height = Math.min(most, (high - gap * (rows - 1)) / rows);
  const pages = Math.ceil(count / (columns * rows));
  const off = Math.abs(Math.log(wide / columns / height / RATIO));
  return { columns, rows, height, pages, empty: pages * columns * rows - count, off };
}

/** Every way to lay `count` tiles; few pages first, then few empty places, then well-shaped tiles. */
function shapes(of, count) {
  const found = [];
  const most = Math.max(1, Math.floor((of.high + of.gap) / (of.least + of.gap)));
  for (let columns = of.columns[0]; columns <= of.columns[1]; columns += 1) {
    const rows = Math.min(most, Math.ceil(count / columns));
    for (let n = 1; n <= rows; n += 1) found.push(shape(of, columns, n, count));
  }
  return found.sort((a, b) => a.pages - b.pages || a.empty - b.empty || a.off - b.off);
}

function dress(grid, { columns, height }) {
  grid.style.gridTemplateColumns = `repeat(${columns}, minmax(0, 1fr))`;
  grid.style.gridAutoRows = `${height}px`;
}

const over = (box) => box.scrollHeight > box.clientHeight + 1 || box.scrollWidth > box.clientWidth + 1;

function whole(grid, tried, hints = true) {
  dress(grid, tried);
  grid.dataset.hints = hints ? "all" : "none";
  return [...grid.children].every((box) => !over(box) && !over(box.querySelector(".hint")));
}

/** Room is kept for the longest line under a tile: what it says changes while people look, and no tile moves then. */
function keepRoom(grid) {
  const notes = [say("live.waiting_n", { n: LONGEST }), say("live.nocounter"), say("live.closed")];
  const longest = notes.reduce((a, b) => (b.length > a.length ? b : a));
  for (const box of grid.children) fill("note", longest, box);
}

/** All on one page: a number is two touches away. So the hints go, all of them, before a second page comes. */
function onePage(grid, count) {
  const ones = shapes(room(grid), count).filter((tried) => tried.pages === 1);
  const bare = () => document.documentElement.dataset.type !== "large" && ones.find((tried) => whole(grid, tried, false));
  return ones.find((tried) => whole(grid, tried)) || bare();
}

/** In large type hints are what one asked to read: they stay, on more pages. */
function choose(grid, count) {
  const one = onePage(grid, count);
  if (one) return one;
  fill("page", say("live.page", { n: count, of: count })); // its widest, before measuring
  part("pager").hidden = false;
  const all = shapes(room(grid), count).filter((tried) => tried.pages > 1);
  return all.find((tried) => whole(grid, tried)) ?? all.at(-1) ?? shapes(room(grid), count)[0];
}

function turn({ columns, rows, pages }, step) {
  page = Math.min(Math.max(page + step, 0), pages - 1);
  [...part("tiles").children].forEach((box, n) => (box.hidden = Math.floor(n / (columns * rows)) !== page));
  fill("page", say("live.page", { n: page + 1, of: pages }));
  part("pager").querySelector('[data-act="page-back"]').disabled = page === 0;
  part("pager").querySelector('[data-act="page-on"]').disabled = page === pages - 1;
}

/** An office's own hint that fits no tile at all ends in "…" at a whole line; letters are never cut. */
function trim(hint) {
  if (!hint.clientHeight || !over(hint)) return;
  const lines = Math.floor((hint.clientHeight + 1) / parseFloat(getComputedStyle(hint).lineHeight));
  hint.hidden = lines < 1;
  hint.style.setProperty("--lines", String(lines));
  hint.classList.add("cut");
}

/** Lay the tiles out anew, `step` pages on. The lines under the tiles' names have to be written again after it. */
export function lay(step = 0) {
  const grid = part("tiles");
  part("pager").hidden = true;
  if (!grid.clientHeight || !grid.children.length) return;
  for (const box of grid.children) {
    box.hidden = box.querySelector(".hint").hidden = false;
    box.querySelector(".hint").classList.remove("cut");
  }
  keepRoom(grid);
  const chosen = choose(grid, grid.children.length);
  dress(grid, chosen);
  turn(chosen, step);
  for (const hint of grid.querySelectorAll(".hint")) trim(hint);
}

export function begin() {
  page = 0;
}
