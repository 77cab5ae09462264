// What the clerk does: one act at a time, each with its own key, refusals as a sentence and the truth fetched again.

import { post } from "/static/js/api.js";
import { now } from "/static/js/clock.js";
import { here, refresh, refreshDay } from "./counter.js";
import * as messages from "./messages.js";
import { data, say, signedOut, told } from "./page.js";
import * as ticket from "./ticket.js";
import * as undo from "./undo.js";

const ECHO_MS = 700; // within this time of an act a key that does nothing says nothing: it was pressed twice
const base = `/api/v1/counters/${encodeURIComponent(data.counter)}`;
let busy = false;
let actedAt = -Infinity;

/** Whether an act is on its way. */
export const acting = () => busy;

/** Send one act; answers what the server said, or undefined when it was refused. */
export async function send(path, body = {}, { tell = messages.show } = {}) {
  if (busy) return undefined;
  busy = true;
  document.documentElement.dataset.busy = "";
  messages.clear();
  try {
    return (await post(path, body)) ?? null;
  } catch (fault) {
    if (!signedOut(fault)) tell(told(fault), "wait");
    return undefined;
  } finally {
    await refresh();
    busy = false;
    actedAt = performance.now();
    delete document.documentElement.dataset.busy;
  }
}

/** Send one act of this counter. */
export const atCounter = (name, body, options) => send(`${base}/${name}`, body, options);

async function callNext() {
  if ((await atCounter("call-next")) === null) messages.show(say("hint.none"));
}

async function finish() {
  const number = here.desk.current?.number ?? "";
  if (await atCounter("finish")) {
    undo.offer(number, now());
    refreshDay();
  }
}

async function absent() {
  if (await atCounter("absent")) refreshDay();
}

async function takeBack() {
  if (await atCounter("undo")) {
    undo.withdraw();
    refreshDay();
  }
}

const RUN = {
  open: () => atCounter("open"),
  pause: () => atCounter("pause"),
  close: () => atCounter("close"),
  next: callNext,
  start: () => atCounter("start"),
  finish,
  recall: () => atCounter("recall"),
  absent,
  undo: takeBack,
};

/** Whether `act` makes sense now. */
export function possible(act) {
  if (act === "undo") return undo.possible();
  if (act === "recall") return ticket.can("recall") && !ticket.recallsSpent() && ticket.recallWait() === 0;
  return ticket.can(act);
}

/** Do `act`, or say what to do instead; `ask` opens the question of acts that ask first. */
export function run(act, ask = {}) {
  if (busy) return;
  if (!possible(act)) {
    if (performance.now() - actedAt > ECHO_MS) messages.show(ticket.hint(act));
    return;
  }
  (ask[act] ?? RUN[act])();
}

/** Confirm or refuse the class claimed by the number at the counter. */
export const check = (confirmed) => atCounter("priority", { confirmed });

/** Print the slip of the number at the counter again. */
export async function reprint() {
  const { id, number } = here.desk.current ?? {};
  if (id && (await send(`/api/v1/tickets/${encodeURIComponent(id)}/slip`))) {
    messages.show(say("facts.reprinted", { number }), "done");
  }
}

/** Put a held or absent number back in line. */
export async function back(id) {
  const answer = await send(`/api/v1/tickets/${encodeURIComponent(id)}/return`);
  if (answer) messages.show(say("back.done", { number: answer.number }), "done");
}
