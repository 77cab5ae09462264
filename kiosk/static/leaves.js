// Lists that are leafed through: as many entries as fit whole, and a pager when some don't. Nothing ever scrolls.

import { fill, part, say, section } from "./page.js";

const first = new Map(); // list → the number of the entry that its page begins with

const fits = (entry, edge) => {
  const box = entry.getBoundingClientRect();
  return box.right <= edge.right + 1 && box.bottom <= edge.bottom + 1;
};

/** A heading never stands alone at a page's end. */
function whole(fitting, rest) {
  let n = fitting;
  while (n > 1 && n < rest.length && rest[n - 1].matches("h2, .group")) n -= 1;
  return Math.max(1, n);
}

function sheets(box) {
  const all = [...box.children];
  const pages = [];
  for (let begun = 0; begun < all.length; ) {
    all.forEach((entry, n) => (entry.hidden = n < begun));
    const edge = box.getBoundingClientRect();
    const rest = all.slice(begun);
    const over = rest.findIndex((entry) => !fits(entry, edge));
    const count = over < 0 ? rest.length : whole(over, rest);
    pages.push([begun, begun + count]);
    begun += count;
  }
  return pages;
}

/** Lay the list out anew, `step` pages on; keeps the entry that the page began with in sight. */
export function lay(name, step = 0) {
  const box = part(name);
  const pager = part(`${name}-pager`);
  pager.hidden = true;
  if (!box.clientHeight && !box.clientWidth) return;
  let pages = sheets(box);
  if (pages.length > 1) {
    fill(`${name}-page`, say("live.page", { n: pages.length, of: pages.length })); // its widest, before measuring
    pager.hidden = false;
    pages = sheets(box);
  }
  const now = pages.findIndex(([from, to]) => from <= (first.get(name) ?? 0) && (first.get(name) ?? 0) < to);
  const at = Math.min(Math.max(now, 0) + step, pages.length - 1);
  const [from, to] = pages[Math.max(at, 0)] ?? [0, 0];
  first.set(name, from);
  [...box.children].forEach((entry, n) => (entry.hidden = n < from || n >= to));
  fill(`${name}-page`, say("live.page", { n: at + 1, of: pages.length }));
  pager.querySelector('[data-act="leaf-back"]').disabled = at <= 0;
  pager.querySelector('[data-act="leaf-on"]').disabled = at >= pages.length - 1;
}

/** Begin at the first entry again. */
export function begin(name) {
  first.delete(name);
}

/** Lay out whatever list the shown screen has. */
export function layShown() {
  for (const box of section()?.querySelectorAll(".leaves") ?? []) lay(box.dataset.part);
}

export function forget() {
  first.clear();
}
