// The page's data, its parts by name, its words, and times in words.

import { now } from "/static/js/clock.js";
import { filled, write } from "/static/js/words.js";

export const data = JSON.parse(document.getElementById("page-data").textContent);
const root = () => document.getElementById("staff");

export const part = (name, within = root()) => within.querySelector(`[data-part="${name}"]`);
export const button = (act, within = root()) => within.querySelector(`[data-act="${act}"]`);

/** A phrase of the page's language with its {placeholders} filled. */
export const say = (key, params) => filled(data.words[key] ?? "", params);

/** Write text into every slot of that name. */
export const fill = (name, text, within = root()) => write(within, name, text);

/** A length of time in words: "dưới 1 phút", "12 phút", "1 giờ 5 phút". */
export function span(ms) {
  const minutes = Math.floor(Math.max(0, ms) / 60000);
  if (minutes < 1) return say("time.under");
  if (minutes < 60) return say("time.minutes", { n: minutes });
  return say("time.hours", { h: Math.floor(minutes / 60), m: minutes % 60 });
}

/** A running time as figures: "4:05". */
export function running(ms) {
  const seconds = Math.floor(Math.max(0, ms) / 1000);
  const rest = String(seconds % 60).padStart(2, "0");
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? `${minutes}:${rest}` : `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}:${rest}`;
}

/** Milliseconds since an RFC 3339 text. */
export const since = (text) => (text ? now() - Date.parse(text) : 0);

/** What to tell the person about a failed call. */
export const told = (fault) => fault.title || say("connection");

/** Whether the sign-in is over; the page then goes to the sign-in form. */
export function signedOut(fault) {
  if (fault.status !== 401) return false;
  location.assign("/staff");
  return true;
}
