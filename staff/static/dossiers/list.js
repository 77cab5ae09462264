// Left: the list with its search. A search looks at all dossiers; the filters are for looking round without one.

import { gathered } from "/static/js/gather.js";
import { button, fill, part, say, signedOut, told } from "../page.js";
import { ask } from "./server.js";
import { due, drawDue, joined, paused, putOff, statusWord } from "./words.js";

const LIMIT = 50;
const TYPING_MS = 250;
const GATHER_MS = 150;
const FILTERS = {
  recent: {},
  today: { due: "today" },
  overdue: { due: "overdue" },
  supplement: { status: "5" },
  ready: { status: "9" },
};
const list = part("list");
const rows = part("rows", list);
const form = part("find", list);
let filter = "recent";
let chosen = "";
let asked = 0;
let typing = 0;

const wanted = () => form.elements.q.value.trim();

function row(dossier) {
  const made = part("dossier-row", list).content.firstElementChild.cloneNode(true);
  const opener = button("show", made);
  opener.dataset.code = dossier.code;
  fill("code", dossier.code, made);
  drawDue(dossier, made);
  part("due", made).hidden = paused(dossier); // its status says why, and there is room for one
  fill("what", dossier.procedure_name || dossier.procedure, made);
  fill("who", dossier.name ?? "", made);
  const status = due(dossier).text === statusWord(dossier.status) ? "" : statusWord(dossier.status); // not twice
  fill("state", joined(status, dossier.rescheduled_late && putOff(dossier)), made);
  return made;
}

function mark() {
  for (const each of rows.querySelectorAll("[data-code]")) each.toggleAttribute("aria-current", each.dataset.code === chosen);
}

function draw(dossiers) {
  const focused = document.activeElement?.closest?.("[data-part='rows'] [data-code]")?.dataset.code;
  rows.replaceChildren(...dossiers.map(row));
  rows.querySelector(`[data-code="${CSS.escape(focused ?? "")}"]`)?.focus();
  mark();
  list.dataset.state = dossiers.length ? "ready" : "none";
  fill("list-none", wanted() ? say("dossiers.list.not_found", { text: wanted() }) : say(`dossiers.list.none_${filter}`));
  fill("list-more", dossiers.length >= LIMIT ? say("dossiers.list.more", { n: LIMIT }) : "");
}

function failed(fault) {
  if (signedOut(fault)) return;
  if (rows.childElementCount && fault.status === 0) return; // the line at the foot tells; the old list is better than none
  list.dataset.state = "error";
  fill("list-error", told(fault));
}

/** Fetch the list anew; what is shown stays until the answer is there. */
export async function refresh() {
  const mine = (asked += 1);
  if (!rows.childElementCount) list.dataset.state = "busy";
  try {
    const params = wanted() ? { q: wanted() } : FILTERS[filter];
    const { dossiers } = await ask("/dossiers", { ...params, limit: LIMIT });
    if (mine === asked) draw(dossiers);
  } catch (fault) {
    if (mine === asked) failed(fault);
  }
}

/** Fetch soon, once for many events. */
export const refreshSoon = gathered(refresh, GATHER_MS);

/** Show those of one filter. */
export function look(name) {
  filter = name;
  form.reset();
  press();
  rows.replaceChildren();
  refresh();
}

function press() {
  const on = wanted() ? "" : filter;
  for (const each of list.querySelectorAll("[data-filter]")) each.setAttribute("aria-pressed", String(each.dataset.filter === on));
}

/** Mark the dossier that is open at the right. */
export function choose(code) {
  chosen = code;
  mark();
}

/** Put the cursor into the search. */
export const find = () => form.elements.q.select();

function step(event) {
  const way = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!way) return;
  const all = [...rows.querySelectorAll("button")];
  const next = all.indexOf(document.activeElement) + way;
  event.preventDefault();
  if (next < 0) find();
  else all[Math.min(next, all.length - 1)]?.focus();
}

/** Search while it is typed; `open` is called with the code of the first found when Enter is pressed. */
export function keep(open) {
  form.addEventListener("input", () => {
    clearTimeout(typing);
    press();
    typing = setTimeout(refresh, TYPING_MS);
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    clearTimeout(typing);
    await refresh();
    const [first] = rows.querySelectorAll("[data-code]");
    if (wanted() && first) open(first.dataset.code);
  });
  list.addEventListener("keydown", step);
}
