// What turns at the board's foot: notices and posted procedures, one at a time; and the pages of the waiting counts.

import { get } from "/static/js/api.js";
import { fill, mark, part } from "./page.js";

const ANEW_MS = 3600000;

/** Show the strip's items in turn, `seconds` each; the server's list is asked for anew every hour. */
export function turn(items, seconds) {
  let at = 0;
  const box = part("strip");
  const draw = () => {
    const item = items[at] ?? { kind: "none", text: "", under: "" };
    mark(box, "kind", item.kind);
    fill("text", item.text);
    fill("text-under", item.under);
  };
  setInterval(() => {
    if (items.length < 2) return;
    at = (at + 1) % items.length;
    box.classList.add("turning");
    setTimeout(() => {
      draw();
      box.classList.remove("turning");
    }, 200);
  }, seconds * 1000);
  setInterval(async () => {
    try {
      items = (await get("/board/strip.json", { tries: 1 })).items;
      at = 0;
    } catch {
      // the old ones go on
    }
  }, ANEW_MS);
}

/**
 * Show as many entries of a list as fit into it whole, and the others in turn, `seconds` each.
 * Returns a function to be called when an entry's text has changed.
 */
export function pages(list, seconds) {
  const all = [...list.children];
  let sheets = [all];
  let at = 0;

  const draw = () => all.forEach((entry) => (entry.hidden = !sheets[at].includes(entry)));

  function lay() {
    all.forEach((entry) => (entry.hidden = false));
    const bottom = list.clientHeight;
    const rest = [...all];
    sheets = [];
    while (rest.length) {
      all.forEach((entry) => (entry.hidden = !rest.includes(entry)));
      const fitting = rest.filter((entry) => entry.offsetTop - list.offsetTop + entry.offsetHeight <= bottom + 1);
      sheets.push(rest.splice(0, Math.max(1, fitting.length)));
    }
    at = Math.min(at, sheets.length - 1);
    draw();
  }

  new ResizeObserver(lay).observe(list); // at once, and whenever the screen changes
  document.fonts.addEventListener("loadingdone", lay); // the office's type is wider than what stood in for it
  setInterval(() => {
    if (sheets.length < 2) return;
    at = (at + 1) % sheets.length;
    draw();
  }, seconds * 1000);
  return lay;
}
