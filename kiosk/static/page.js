// The page's parts by name, its words, and which screen is shown.

import { filled, write } from "/static/js/words.js";

const root = () => document.getElementById("kiosk");
let data = JSON.parse(document.getElementById("kiosk-data").textContent);

export const settings = () => data;
export const part = (name) => root().querySelector(`[data-part="${name}"]`);
export const screen = () => root().dataset.screen;
export const section = (name = screen()) => root().querySelector(`.screen[data-name="${name}"]`);

/** A phrase of the page's language with its {placeholders} filled. */
export const say = (key, params) => filled(data.words[key] ?? "", params);

/** The phrase for none, one or n. */
export const counted = (key, n) => say(n > 1 ? `${key}_n` : `${key}_${n}`, { n });

/** Write text into every slot of that name. */
export const fill = (name, text, within = root()) => write(within, name, text);

const GHOST_MS = 350; // a second tap of a double press must not land on the next screen
let settling = 0;
export const settled = () => !("fresh" in root().dataset);

function settle() {
  root().dataset.fresh = "";
  clearTimeout(settling);
  settling = setTimeout(() => delete root().dataset.fresh, GHOST_MS);
}
settle();

/** Show one screen; the reader's focus goes to its heading. */
export function show(name) {
  const before = screen();
  root().dataset.screen = name;
  for (const each of root().querySelectorAll(".screen")) each.hidden = each.dataset.name !== name;
  if (before !== name) {
    settle();
    section(name)?.querySelector("h1")?.focus({ preventScroll: true });
    document.dispatchEvent(new CustomEvent("screen", { detail: { name, before } }));
  }
}

/** Put the page of another language in place of this one, without leaving it. Throws when it can't be had. */
export async function translate(language) {
  const answer = await fetch(`/kiosk?lang=${encodeURIComponent(language)}`, { cache: "no-store" });
  const other = new DOMParser().parseFromString(await answer.text(), "text/html");
  const body = other.getElementById("kiosk");
  if (!answer.ok || !body) throw new Error(`no page in ${language}`);
  const name = screen();
  root().innerHTML = body.innerHTML;
  data = JSON.parse(document.getElementById("kiosk-data").textContent);
  document.documentElement.lang = language;
  document.title = other.title;
  root().dataset.screen = name;
  for (const each of root().querySelectorAll(".screen")) each.hidden = each.dataset.name !== name;
}
