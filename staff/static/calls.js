// What waits, on every page, until somebody presses that it is known: a person was asked for at a kiosk, and, for
// supervisors, unknown codes are being tried somewhere, or somebody asked after a dossier that is late. The last is the
// office's to remember, not this page's.

import { get, post } from "/static/js/api.js";
import { follow } from "/static/js/events.js";
import { data, fill, part, say, signedOut } from "./page.js";

const STORE = "help";
const URL = "/api/v1/overdue-seen";
let late = [];
let asked = [];
try {
  asked = JSON.parse(sessionStorage.getItem(STORE)) ?? [];
} catch {
  asked = [];
}

/** All that waits for this person, the oldest first: in the same tab another may have signed in since. */
const waiting = () => [...asked.filter(({ guesser }) => !guesser || data.supervisor), ...late].sort((a, b) => a.seq - b.seq);

function words({ screen, guesser, dossier, days }) {
  if (dossier) return say("help.overdue", { code: dossier, n: days });
  return guesser ? say("help.guessed", { who: guesser }) : say("help.asked", { screen });
}

function draw() {
  const [first, ...more] = waiting();
  const strip = part("help");
  strip.toggleAttribute("data-empty", !first);
  fill("help", first ? words(first) : "", strip);
  fill("help-more", more.length ? say("help.more", { n: more.length }) : "", strip);
  const to = part("help-open", strip);
  if (first?.dossier) to.href = `/staff/dossiers?${new URLSearchParams({ code: first.dossier })}`;
  else to.removeAttribute("href");
}

/** Ask what waits; nothing for those who are no supervisors. */
export async function look() {
  if (!data.supervisor) return;
  try {
    late = (await get(`${URL}?as=person`, { tries: 2 })).waiting;
    draw();
  } catch (fault) {
    signedOut(fault); // else what is known stays, and the next event asks again
  }
}

function wait(one) {
  if (asked.some(({ seq }) => seq === one.seq)) return;
  asked.push(one);
  keepAsked();
}

function keepAsked() {
  sessionStorage.setItem(STORE, JSON.stringify(asked));
  draw();
}

/** Take the events of what waits. */
export function hear(event) {
  if (event.kind === "help.requested") wait({ seq: event.seq, screen: event.data.screen });
  if (event.kind === "scan.guessed" && data.supervisor) wait({ seq: event.seq, guesser: event.data.by });
  if (/^dossier\.overdue_(seen|noted)$/.test(event.kind)) look();
}

/** Somebody here knows of the oldest. */
export async function known() {
  const [first] = waiting();
  if (!first?.dossier) {
    asked = asked.filter(({ seq }) => seq !== first?.seq);
    keepAsked();
    return;
  }
  try {
    await post(`${URL}/${encodeURIComponent(first.dossier)}/note`, {});
  } catch (fault) {
    signedOut(fault); // else it goes on waiting: nobody is to think it was noted
  }
  await look();
}

/** What is for supervisors alone stays in no tab that they leave; a citizen who asked for help still waits. */
export function forget() {
  asked = asked.filter(({ guesser }) => !guesser);
  sessionStorage.setItem(STORE, JSON.stringify(asked));
}

/** Keep the strip; the page hands over the events it hears. */
export function keep() {
  draw();
  look();
}

/** Keep the strip on a page that follows nothing else. */
export function keepAlone() {
  keep();
  part("help").addEventListener("click", (event) => event.target.closest('[data-act="help-known"]') && known());
  follow({ url: "/api/v1/events?as=person", since: data.seq, on: hear, restored: look });
}
