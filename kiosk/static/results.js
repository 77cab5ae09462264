// What a scan means, in words, on the screen of its action. Only a code and how far it is: there is no name to show.

import { day, hourMinute } from "/static/js/clock.js";
import { counted, fill, say, section, settings } from "./page.js";

const LISTED = 5; // papers named on the screen; the clerk tells the others
const SCREENS = { to_clerk: "clerk", card_class: "card", card_form: "card" };
const KNOWN = ["status", "collect", "supplement", "overdue", "fee", "returned", "ticket", "card", "clerk"];

/** The screen of an answer. An action that this page does not know leads to a clerk. */
export function screenOf(answer) {
  const name = SCREENS[answer.action.name] ?? answer.action.name;
  return `scan-${KNOWN.includes(name) ? name : "clerk"}`;
}

function dueWords(at) {
  if (!at) return say("result.no_due");
  const ms = Date.parse(at);
  return say("result.due_at", { time: hourMinute(ms), day: day(settings().language, ms) });
}

function writeMissing(box, missing) {
  const list = box.querySelector('[data-part="missing"]');
  list.hidden = missing.length === 0;
  box.querySelector('[data-part="unlisted"]').hidden = missing.length > 0;
  const names = missing.slice(0, LISTED).map((paper) => paper.name);
  const more = missing.length - names.length;
  if (more) names.push(say("result.supplement_more", { n: more }));
  const entries = names.map((name) => {
    const entry = document.createElement("li");
    entry.textContent = name;
    return entry;
  });
  list.querySelector("ul").replaceChildren(...entries);
}

function writeTicket(box, { ticket, reason }) {
  const state = reason === "expired" ? "cancelled" : ticket.state;
  fill("scan-number", ticket.number, box);
  fill("scan-what", say(`result.ticket_${state}`, { counter: ticket.counter ?? "" }), box);
  const waits = state === "waiting" && ticket.ahead <= 100;
  fill("scan-ahead", waits ? counted("live.ahead", ticket.ahead) : "", box);
}

function writeClass(box, klass) {
  const name = settings().classes[klass] ?? "";
  box.querySelector('[data-part="scan-class"]').hidden = !name;
  box.querySelector('[data-part="scan-no-class"]').hidden = Boolean(name);
  fill("scan-class", name, box);
}

/** What goes on with a dossier: its due date and no number, or, where it has ended, whom to ask. */
function writeStatus(box, { action, dossier }) {
  fill("scan-title", settings().public[dossier.status] ?? dossier.degree, box);
  const undated = action.due_at ? "result.no_number" : "result.no_number_undated";
  const ended = Boolean(action.service); // nothing more comes of it, and a clerk tells why
  box.classList.toggle("ended", ended);
  fill("scan-what", say(ended ? "result.ended" : undated), box);
  box.querySelector('[data-part="scan-due"]').hidden = ended;
}

/** The usual sentence, or the one for a reason of its own: sent by post, of another office, … */
function because({ action }, usual) {
  return (action.reason && settings().says[`${action.name}_${action.reason}`]) || say(usual);
}

const writers = {
  status: writeStatus,
  collect: (box, told) => fill("scan-what", because(told, "result.collect"), box),
  clerk: (box, told) => fill("scan-what", because(told, "result.clerk"), box),
  supplement(box, told) {
    writeMissing(box, told.action.missing ?? []);
    fill("scan-what", because(told, "result.supplement"), box);
  },
  ticket: (box, { action }) => writeTicket(box, action),
  card: (box, { action }) => writeClass(box, action.age_class),
};

/** Write an answer's screen; also after the language has changed. */
export function write(answer) {
  const name = screenOf(answer);
  const box = section(name);
  fill("scan-code", answer.dossier?.code ?? "", box);
  fill("scan-due", dueWords(answer.action.due_at), box);
  writers[name.replace("scan-", "")]?.(box, answer);
  for (const take of box.querySelectorAll('[data-act="scan-take"], [data-act="scan-claim"]')) {
    take.hidden = !answer.action.service && (name === "scan-status" || !settings().ask_service);
  }
}
