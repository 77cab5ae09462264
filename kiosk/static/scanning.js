// From a code to what it means: read by a scanner that types, by a reader at the server, or typed by touching keys.
// What was asked and what came is kept in this page only until its screen is left.

import { newKey, post } from "/static/js/api.js";
import { attachWedge } from "/static/js/wedge.js";
import { toast } from "./listen.js";
import { fill, part, say, screen, section, settings, show } from "./page.js";
import * as results from "./results.js";
import * as taking from "./taking.js";
import * as typing from "./typing.js";

const SLOW_MS = 300;
const HINT_MS = 4000;
const CARD = /^\d{12}\|[^|]*\|[^|]*\|(\d{8})(?:\||$)/;
const LISTENS = /^(?:home|closed|scan|code|scan-.+)$/;

let answer = null;
let asked = null;
let busy = false;
let fault = null;
let hint = "waiting";
let broken = false; // the reader at the server
let hintTimer = 0;
let waitTimer = 0;
let wedge = null;

export const asking = () => busy;
export const listens = () => LISTENS.test(screen()) && !taking.taking();

export function forget() {
  answer = asked = fault = null;
  clearTimeout(waitTimer);
  tellReading("waiting");
}

/** Of a citizen card only the birth date leaves this page: it is all that the age needs. */
const least = (text) => text.replace(/^\d{12}\|.*$/s, (card) => `000000000000|||${CARD.exec(card)?.[1] ?? ""}|||`);

/** A text from the scanner (by "wedge") or from the keys (by "keys"). */
export const read = (text, by) => ask({ key: newKey(), body: { text: least(text), by } });

/** A reader at the server read something for this screen. */
function arrived({ id, screen: name }) {
  if (name === settings().screen && listens()) ask({ key: newKey(), body: { arrival: id } });
}

/** One question under one key: asked again after a lost answer, it is still the same. */
async function ask(question) {
  if (busy) return;
  busy = true;
  asked = question;
  tellReading("asking");
  const late = setTimeout(() => document.documentElement.setAttribute("data-taking", ""), SLOW_MS);
  try {
    answer = await post("/api/v1/scans", question.body, { key: question.key, tries: 2 });
    fault = null;
    stop(results.screenOf(answer));
  } catch (error) {
    refused(error);
  } finally {
    clearTimeout(late);
    document.documentElement.removeAttribute("data-taking");
    busy = false;
    tellReading("waiting");
  }
}

function refused(error) {
  if (error.key === "error.unknown_arrival") return; // another screen has had it, or it is too old
  answer = null;
  fault = error;
  if (error.status !== 429) {
    stop("scan-trouble");
    return;
  }
  clearTimeout(waitTimer);
  fault.until = performance.now() + 1000 * (error.retryAfter || 10);
  stop("scan-wait");
  count();
}

function count() {
  if (screen() !== "scan-wait" || !fault) return;
  write("scan-wait");
  if (fault.until > performance.now()) waitTimer = setTimeout(count, 1000);
}

function stop(name) {
  write(name);
  show(name);
}

export const garbled = () => stop("scan-garbled");

/** The same question once more, after no answer came. */
export function retry() {
  if (asked) ask(asked);
}

export function open() {
  tellReading("waiting");
  show("scan");
}

export function check() {
  const text = typing.text("code");
  if (text) read(text, "keys");
}

/** One touch from what was scanned to a number; `claim`: choose a priority class first. */
export function take({ claim = false } = {}) {
  const elsewhere = { service: answer?.action.service ?? settings().ask_service }; // closed now, or a clerk's
  const { service, ...more } = answer?.action.wish ?? elsewhere;
  if (service) taking.choose(service, { more, claim });
}

/** The class that a card's age gives, offered with the next number. */
export const offered = () => answer?.action.age_class ?? "";

const words = {
  waiting: "scan.waiting",
  asking: "scan.asking",
  tilt: "scan.hint_tilt",
  closer: "scan.hint_closer",
  still: "scan.hint_still",
  move: "scan.hint_move",
  again: "scan.hint_again",
  failed: "scan.failed",
};

function tellReading(now) {
  clearTimeout(hintTimer);
  const what = now === "waiting" && broken ? "failed" : now;
  hint = what;
  const line = section("scan").querySelector(".reading");
  line.dataset.state = what === "waiting" || what === "asking" ? what : "hint";
  fill("reading", say(words[what]), line);
}

/** One event of the journal. */
export function hear({ kind, data }) {
  if (data?.screen !== settings().screen) return;
  if (kind === "scan.arrived") arrived(data);
  if (kind === "scan.hinted" && data.hint in words) hinted(data.hint);
  if (kind === "scanner.failed" || kind === "scanner.recovered") {
    broken = kind === "scanner.failed";
    tellReading("waiting");
  }
}

/** A paper is held there and does not read: what to do, on the scan screen or, where none is open, at the foot. */
function hinted(what) {
  if (screen() !== "scan") {
    if (listens()) toast(say(words[what]));
    return;
  }
  tellReading(what);
  hintTimer = setTimeout(() => tellReading("waiting"), HINT_MS);
}

/** Write a screen from what is known; also after the language has changed. */
export function write(name) {
  if (name === "scan") tellReading(hint);
  else if (name === "code") typing.write("code");
  else if (name === "scan-wait") writeWait();
  else if (name === "scan-trouble") writeTrouble();
  else if (name.startsWith("scan-") && answer) results.write(answer);
  const clerk = !answer && section(name)?.querySelector('[data-part="clerk"]');
  if (clerk) clerk.hidden = !settings().ask_service;
}

function writeWait() {
  const left = Math.ceil((fault.until - performance.now()) / 1000);
  fill("scan-what", left > 0 ? say("result.wait", { n: left }) : say("result.wait_over"), section("scan-wait"));
  part("scan-wait-again").disabled = left > 0;
}

function writeTrouble() {
  const unpaired = fault?.status === 401 || fault?.status === 403;
  fill("scan-what", say(unpaired ? "result.trouble_unpaired" : "result.trouble"), section("scan-trouble"));
}

/** Put the caret where a scanner types, unless someone is choosing with a keyboard. */
export function attend() {
  if (listens() && !document.querySelector("dialog[open]")) wedge.focus();
}

export function start() {
  const input = document.getElementById("wedge");
  wedge = attachWedge(input, { awake: listens, garbled: () => busy || garbled(), read: (text) => read(text, "wedge") });
  document.addEventListener("screen", attend);
  document.addEventListener("close", attend, true); // a dialog's
  document.addEventListener("click", (touch) => touch.detail && setTimeout(attend));
  attend();
}
