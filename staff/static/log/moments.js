// Moments are ms since 1970 UTC; here they become the office's wall clock, and back.

import { say } from "../page.js";

const zone = document.querySelector('meta[name="zone"]').content;
const hours = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23", timeZone: zone });

/** "09:12:03" */
export const clock = (ms) => hours.format(ms);

/** "09:12:03,4" */
export const precise = (ms) => `${clock(ms)}${say("log.act.point")}${Math.floor((((ms % 1000) + 1000) % 1000) / 100)}`;

/** RFC 3339, as the API takes it. */
export const rfc = (ms) => new Date(Math.round(ms)).toISOString();

/** "37 giây", "2 phút 5 giây" */
export function lasting(ms) {
  const seconds = Math.max(1, Math.round(ms / 1000));
  if (seconds < 60) return say("log.time.seconds", { n: seconds });
  return say("log.time.long", { m: Math.floor(seconds / 60), s: seconds % 60 });
}

/** The moment of a wall clock "09:12:03" on the day of `near`: at most twelve hours from it. */
export function at(text, near) {
  const [h, m, s = 0] = text.split(":").map(Number);
  const [nh, nm, ns] = clock(near).split(":").map(Number);
  const off = ((h - nh) * 60 + (m - nm)) * 60 + (s - ns);
  const day = 86400;
  const nearest = off > day / 2 ? off - day : off < -day / 2 ? off + day : off;
  return Math.floor(near / 1000) * 1000 + nearest * 1000;
}
