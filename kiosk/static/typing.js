// What is typed by touching keys: a receipt's code, or the name of a procedure. Kept here only until the screen is left.

import { fill, part, section } from "./page.js";

const MOST = { code: 40, find: 40 };
let typed = { code: "", find: "" };

export const text = (board) => typed[board];

function put(board, value) {
  typed[board] = value.slice(0, MOST[board]);
  write(board);
}

/** One key. A space neither begins a text nor follows another. */
export function press(board, key) {
  if (key !== " " || (typed[board] && !typed[board].endsWith(" "))) put(board, typed[board] + key);
}

export const erase = (board) => put(board, [...typed[board]].slice(0, -1).join(""));

export const clear = (board) => put(board, "");

/** Write what is typed into its line; also after the language has changed. */
export function write(board) {
  fill(`${board}-typed`, typed[board].replaceAll(" ", "\u00a0"));
  const hint = section(board).querySelector(`[data-slot="${board}-empty"]`);
  hint.hidden = Boolean(typed[board]);
  for (const button of section(board).querySelectorAll('[data-act="check"]')) button.disabled = typed[board].length < 4;
  for (const name of ["erase", "clear"]) {
    for (const button of section(board).querySelectorAll(`[data-act="${name}"]`)) button.disabled = !typed[board];
  }
  part(`${board}-keys`).classList.toggle("begun", Boolean(typed[board]));
}

export function forget() {
  typed = { code: "", find: "" };
  write("code");
  write("find");
}
