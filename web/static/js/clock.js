// The office's time on a screen whose own clock may be wrong: an offset to the server, and the office's time zone.

const meta = (name) => document.querySelector(`meta[name="${name}"]`)?.content;
const zone = meta("zone") || "Asia/Ho_Chi_Minh";
let offset = 0;

/** Set the server's time from an RFC 3339 text (an answer's or an event's "at"). */
export function setServerTime(text) {
  const at = Date.parse(text);
  if (!Number.isNaN(at)) offset = at - Date.now();
}
setServerTime(meta("server-time") ?? "");

/** The server's time now, ms since 1970. */
export const now = () => Date.now() + offset;

/** "08:05", 24 hours, in the office's zone. */
export const hourMinute = (ms = now()) =>
  new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: zone }).format(ms);

/** "Chủ Nhật, 22/11/2026" or "Sunday, 22/11/2026": dates are day first in every language of the office. */
export function day(language = document.documentElement.lang, ms = now()) {
  const weekday = new Intl.DateTimeFormat(language, { weekday: "long", timeZone: zone }).format(ms);
  const date = new Intl.DateTimeFormat("en-GB", { day: "2-digit", month: "2-digit", year: "numeric", timeZone: zone });
  return `${weekday}, ${date.format(ms)}`;
}

/** Keep elements showing the time and the date; returns a function that stops it. */
export function run({ time, date, language }) {
  const draw = () => {
    if (time) time.textContent = hourMinute();
    if (date) date.textContent = day(language);
  };
  draw();
  const timer = setInterval(draw, 1000);
  return () => clearInterval(timer);
}
