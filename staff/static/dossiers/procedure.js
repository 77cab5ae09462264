// The procedure of a new dossier: found in the posted catalogue while it is typed, arrow keys choose.

import { data, fill, part, say } from "../page.js";
import { ask } from "./server.js";
import { joined } from "./words.js";

const TYPING_MS = 120;
const LIMIT = 8;
const form = part("new");
const field = part("procedure", form);
const list = part("procedure-list", form);
const listeners = [];
let found = [];
let at = -1;
let asked = 0;
let typing = 0;
let answered = ""; // what was typed when `found` was asked for

/** The procedure chosen, as the catalogue has it; null while none is. */
export const chosen = { procedure: null };

/** Call `listener` whenever another procedure is chosen, or none any more. */
export const onChoice = (listener) => listeners.push(listener);

/** What stands in the field. */
export const typed = () => field.value.trim();

function option(procedure, index) {
  const item = document.createElement("li");
  item.id = `procedure-${index}`;
  item.setAttribute("role", "option");
  item.setAttribute("aria-selected", String(index === at));
  const name = document.createElement("strong");
  name.textContent = procedure.name;
  const about = document.createElement("span");
  about.className = "soft";
  about.textContent = joined(procedure.code, procedure.field);
  item.append(name, about);
  item.addEventListener("mousedown", (event) => {
    event.preventDefault(); // the field keeps the cursor
    choose(procedure);
  });
  return item;
}

function draw() {
  list.replaceChildren(...found.map(option));
  list.hidden = found.length === 0;
  field.setAttribute("aria-expanded", String(found.length > 0));
  if (at >= 0) field.setAttribute("aria-activedescendant", `procedure-${at}`);
  else field.removeAttribute("aria-activedescendant");
  list.children[at]?.scrollIntoView({ block: "nearest" });
}

function close() {
  asked += 1; // an answer on its way comes too late
  clearTimeout(typing);
  found = [];
  at = -1;
  draw();
}

function about(procedure) {
  fill("procedure-about", procedure ? joined(procedure.code, procedure.field) : typed() && say("dossiers.form.not_posted"), form);
}

/** Take a procedure of the catalogue, or none. */
export function choose(procedure) {
  chosen.procedure = procedure;
  if (procedure) field.value = procedure.name;
  close();
  about(procedure);
  for (const listener of listeners) listener(procedure);
}

/** Write into the field as a hand would. */
export function write(text) {
  if (!text) return;
  field.value = text;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

/** Empty the field. */
export function clear() {
  field.value = "";
  choose(null);
}

const firstField = () => data.services[data.ticket?.service]?.fields?.[0] ?? "";

async function search() {
  const mine = (asked += 1);
  const text = typed();
  try {
    const { procedures } = await ask("/procedures", text ? { q: text, limit: LIMIT } : { field: firstField(), limit: LIMIT });
    if (mine !== asked) return;
    [found, at, answered] = [procedures, text && procedures.length ? 0 : -1, text];
    draw();
    if (!chosen.procedure) about(null);
  } catch {
    if (mine === asked) fill("procedure-about", say("dossiers.form.no_search"), form);
  }
}

function searchSoon() {
  clearTimeout(typing);
  typing = setTimeout(search, TYPING_MS);
}

/** Enter chooses from what answers the words as they stand now, never from an earlier letter's answer. */
async function enter() {
  clearTimeout(typing);
  if (answered !== typed()) await search();
  if (at >= 0) choose(found[at]);
}

function key(event) {
  const way = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (way && !found.length) search();
  else if (way) at = (at + way + found.length) % found.length;
  else if (event.key === "Enter" && (at >= 0 || !chosen.procedure)) enter();
  else if (event.key === "Escape" && found.length) close();
  else if (event.key !== "Enter") return;
  event.preventDefault(); // Enter in this field never saves
  event.stopPropagation();
  if (way) draw();
}

field.addEventListener("input", () => {
  if (chosen.procedure) {
    chosen.procedure = null;
    for (const listener of listeners) listener(null);
  }
  searchSoon();
});
field.addEventListener("focus", () => !typed() && firstField() && searchSoon());
field.addEventListener("blur", close);
field.addEventListener("keydown", key);
