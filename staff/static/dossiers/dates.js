// Days and times as the office writes them: dd/mm/yyyy in the office's own zone, whatever the browser's is.

import { now } from "/static/js/clock.js";

const zone = document.querySelector('meta[name="zone"]')?.content || "Asia/Ho_Chi_Minh";
const format = new Intl.DateTimeFormat("en-GB", {
  timeZone: zone,
  year: "numeric",
  month: "2-digit",
  day: "2-digit",
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
});
const DAY = /^\s*(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})\s*$/;
const TIME = /^\s*(\d{1,2})[:hg.](\d{2})\s*$/i;
const DAY_MS = 86400000;
const two = (n) => String(n).padStart(2, "0");

const read = (ms) => Object.fromEntries(format.formatToParts(ms).map(({ type, value }) => [type, value]));

/** "23/11/2026" of a moment, ms. */
export function day(ms = now()) {
  const at = read(ms);
  return `${at.day}/${at.month}/${at.year}`;
}

/** "16:30" of a moment, ms. */
export function time(ms = now()) {
  const at = read(ms);
  return `${at.hour}:${at.minute}`;
}

/** "16:30, 23/11/2026" of an RFC 3339 text; empty for none. */
export const moment = (text) => (text ? `${time(Date.parse(text))}, ${day(Date.parse(text))}` : "");

function dayNumber(ms) {
  const at = read(ms);
  return Date.UTC(Number(at.year), Number(at.month) - 1, Number(at.day)) / DAY_MS;
}

/** Days from today to the day of an RFC 3339 text: 0 today, negative when past. */
export const daysUntil = (text) => dayNumber(Date.parse(text)) - dayNumber(now());

function offsetMinutes(ms) {
  const at = read(ms);
  const wall = Date.UTC(Number(at.year), Number(at.month) - 1, Number(at.day), Number(at.hour), Number(at.minute));
  return Math.round((wall - ms) / 60000);
}

/** "2026-11-23" of "23/11/2026"; null when that is no day. */
export function isoDay(text) {
  const [, d, m, y] = DAY.exec(text) ?? [];
  const at = new Date(Date.UTC(Number(y), Number(m) - 1, Number(d)));
  return d && at.getUTCDate() === Number(d) && at.getUTCMonth() === Number(m) - 1 ? at.toISOString().slice(0, 10) : null;
}

/** RFC 3339 of a day and a time as typed; null when either is none. */
export function rfc3339(dayText, timeText) {
  const date = isoDay(dayText);
  const [, hours, minutes] = TIME.exec(timeText) ?? [];
  if (!date || !hours || Number(hours) > 23 || Number(minutes) > 59) return null;
  const wall = Date.parse(`${date}T${two(hours)}:${minutes}:00Z`);
  const shift = offsetMinutes(wall - offsetMinutes(wall) * 60000);
  const size = Math.abs(shift);
  return `${date}T${two(hours)}:${minutes}:00${shift < 0 ? "-" : "+"}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}
