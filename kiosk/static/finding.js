// Posted procedures: fields, search as one types, one procedure, the papers brought. Nothing of it is sent or kept.

import { get } from "/static/js/api.js";
import { fill, part, say, screen, settings, show } from "./page.js";
import * as leaves from "./leaves.js";
import * as procedure from "./procedure.js";
import * as typing from "./typing.js";

const TYPE_MS = 120; // letters that come faster are one question
const CALM_MS = 350; // an entry that has just moved under the finger is not chosen
const fresh = () => ({ trail: [], field: "", title: null, sheet: null, marks: new Set() });
let state = fresh();
let asked = 0;
let soon = 0;
let calming = 0;

export const sheet = () => state.sheet;

export function forget() {
  clearTimeout(soon);
  asked += 1;
  state = fresh();
  for (const name of ["list", "find", "procedure", "brought"]) part(name).replaceChildren();
  for (const name of ["list", "find"]) awaits(name, false);
}

/** Whether another answer will take the place of what the list shows. */
const awaits = (name, on) => part(name).setAttribute("aria-busy", String(on));

function go(name) {
  state.trail.push(screen());
  enter(name);
}

function enter(name) {
  write(name);
  show(name);
  leaves.layShown();
}

/** Back to where one came from. */
export function back() {
  const name = state.trail.pop();
  if (name && name !== "home") enter(name);
  return Boolean(name && name !== "home");
}

export function lookUp() {
  leaves.begin("fields");
  go("fields");
}

export function find() {
  if (!typing.text("find")) part("find").replaceChildren();
  go("find");
}

const address = (params) => `/kiosk/procedures.json?${new URLSearchParams({ lang: settings().language, ...params })}`;

const sheetAddress = (code) => `/kiosk/procedures/${encodeURIComponent(code)}.json?lang=${settings().language}`;

/** A field's name, marked with the language that it is in. */
function named({ text, lang }) {
  const name = document.createElement("span");
  name.lang = lang;
  name.textContent = text;
  return name;
}

function entry(one, { field }) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "entry";
  button.dataset.act = "procedure";
  button.dataset.code = one.code;
  const name = button.appendChild(document.createElement("span"));
  name.className = "name cut";
  name.lang = "vi"; // as the catalogue has it
  name.textContent = one.name;
  const note = button.appendChild(document.createElement("span"));
  note.className = "soft";
  if (field) note.append(named(one.field), " · ");
  note.append(one.time);
  return button;
}

function draw(name, found, options) {
  part(name).replaceChildren(...found.map((one) => entry(one, options)));
  awaits(name, false);
  leaves.begin(name);
  leaves.lay(name);
  part(name).dataset.moving = ""; // main.js ignores touches on it
  clearTimeout(calming);
  calming = setTimeout(() => delete part(name).dataset.moving, CALM_MS);
}

/** Ask the server; the answer of an earlier question is dropped. Throws ApiError when no answer came. */
async function ask(params, use) {
  const mine = (asked += 1);
  const answer = await get(address(params), { tries: 1 });
  if (mine === asked) use(answer);
}

/** One field's procedures. */
export async function openField(field) {
  state.field = field;
  part("list").replaceChildren();
  awaits("list", true);
  try {
    await ask({ field }, shownField);
  } finally {
    awaits("list", false);
  }
}

function shownField({ procedures, title }) {
  state.title = title;
  writeTitle();
  if (screen() === "list") return draw("list", procedures, { field: false });
  go("list");
  draw("list", procedures, { field: false });
}

function writeTitle() {
  if (!state.title) return;
  fill("list-title", state.title.text);
  document.getElementById("list-title").lang = state.title.lang;
}

/** Search once the last letter is in. */
export function typed() {
  clearTimeout(soon);
  const q = typing.text("find").trim();
  if (!q) {
    asked += 1;
    fill("find-told", "");
    draw("find", [], {});
    return;
  }
  awaits("find", true);
  soon = setTimeout(() => search(q), TYPE_MS);
}

async function search(q) {
  try {
    await ask({ q }, found);
  } catch {
    if (q === typing.text("find").trim()) fill("find-told", say("posted.lost"));
  } finally {
    if (q === typing.text("find").trim()) awaits("find", false);
  }
}

function found({ procedures, more }) {
  fill("find-told", procedures.length ? (more ? say("posted.more") : "") : say("posted.none"));
  draw("find", procedures, { field: true });
}

/** One procedure. Throws when it can't be had. */
export async function open(code) {
  const mine = (asked += 1);
  const told = await get(sheetAddress(code), { tries: 2 });
  if (mine !== asked) return;
  state.sheet = told;
  state.marks = new Set();
  leaves.begin("procedure");
  leaves.begin("brought");
  go("procedure");
}

export const brought = () => go("brought");

/** A paper marked as brought, or not any more. */
export function mark(button) {
  const n = Number(button.dataset.paper);
  if (!state.marks.delete(n)) state.marks.add(n);
  procedure.writeMarks(state.sheet, state.marks);
}

/** Write a screen from what is known; also after the language has changed. */
export function write(name) {
  if (name === "list") writeTitle();
  if (name === "find") typing.write("find");
  if (name === "procedure" && state.sheet) procedure.write(state.sheet);
  if (name === "brought" && state.sheet) procedure.writePapers(state.sheet, state.marks);
}

/** The same again in the page's new language. Throws ApiError when it can't be had: what is there stays readable. */
export async function again(name) {
  if (name === "list") await openField(state.field);
  if (name === "find") typed();
  if (!state.sheet) return;
  const { code } = state.sheet;
  const told = await get(sheetAddress(code), { tries: 1 });
  if (state.sheet?.code !== code) return;
  state.sheet = told;
  write(screen());
  leaves.layShown();
}

