// A dossier in words: its status, what is left of its time, its money.

import { data, fill, part, say } from "../page.js";
import { daysUntil } from "./dates.js";

const IN_PROCESS = [2, 4];
const PAUSED = [5, 6];
const DONE = [9, 10];
const ENDED = [3, 7, 8];
const SOON_DAYS = 2;
const STATUS_TONES = { 5: "wait", 6: "wait", 9: "done", 10: "done" };
const figure = new Intl.NumberFormat("vi-VN");

export const open = (dossier) => IN_PROCESS.includes(dossier.status);
export const paused = (dossier) => PAUSED.includes(dossier.status);
export const statusWord = (status) => data.statuses[status] ?? String(status);
export const statusTone = (status) => STATUS_TONES[status] ?? "plain";

/** "8.000 đồng"; what to say where the amount is not known. */
export const money = (fee) => (fee === null || fee === undefined ? say("dossiers.fee_none") : say("dossiers.money", { n: figure.format(fee) }));

function running(dossier) {
  if (!dossier.due_at) return { tone: "plain", mark: "none", text: say("dossiers.due.none") };
  const days = daysUntil(dossier.due_at);
  if (days < 0) return { tone: "fault", mark: "overdue", text: say("dossiers.due.overdue", { n: -days }) };
  if (days === 0) return { tone: "wait", mark: "today", text: say("dossiers.due.today") };
  return { tone: days <= SOON_DAYS ? "wait" : "plain", mark: "left", text: say("dossiers.due.left", { n: days }) };
}

/** Another system may tell that a dossier is done, and not when: whether it kept its day is then not known. */
function done(dossier) {
  if (!dossier.finished_at) return { tone: "plain", mark: "none", text: say("dossiers.due.no_end") };
  const late = dossier.timeliness === "late";
  const word = say(`dossiers.due.${dossier.timeliness}`) || say("dossiers.due.on_time");
  return { tone: late ? "fault" : "done", mark: late ? "overdue" : "done", text: word };
}

/** What stays to be said of a dossier whose day was put off; empty when it was not. */
export function putOff(dossier) {
  if (!dossier.rescheduled) return "";
  return say(dossier.rescheduled_late ? "dossiers.one.rescheduled_late" : "dossiers.one.rescheduled");
}

/** What is left of the dossier's time: {tone, mark, text}. Dates only are compared (DOMAIN 4.4). */
export function due(dossier) {
  if (paused(dossier)) return { tone: "plain", mark: "paused", text: say("dossiers.due.paused") };
  if (ENDED.includes(dossier.status)) return { tone: "plain", mark: "ended", text: statusWord(dossier.status) };
  return DONE.includes(dossier.status) ? done(dossier) : running(dossier);
}

/** Draw the due badge inside `within`. */
export function drawDue(dossier, within) {
  const { tone, mark, text } = due(dossier);
  const badge = part("due", within);
  badge.className = `badge due ${tone}`;
  badge.dataset.mark = mark;
  fill("due", text, badge);
}

/** Text without the words that are empty, joined by a middle dot. */
export const joined = (...words) => words.filter(Boolean).join(" · ");
