// The counter as the server knows it: fetched again after each event, never older than what is shown.

import { get } from "/static/js/api.js";
import { gathered } from "/static/js/gather.js";
import { data, signedOut } from "./page.js";

const GATHER_MS = 60;
const url = (counter) => `/api/v1/counters/${encodeURIComponent(counter)}?as=person`;
const listeners = [];
let running = null;
let again = false;

/** `desk` the counter's shape; `detail` what the events of its ticket tell: {id, why, lastCall}. */
export const here = { desk: data.desk, detail: null, day: data.day };

/** Call `listener` whenever what is shown has changed. */
export const onChange = (listener) => listeners.push(listener);

export const changed = () => listeners.forEach((listener) => listener());

async function detailOf(ticket) {
  const known = here.detail;
  if (!ticket) return null;
  if (known?.id === ticket.id && known.recalls === ticket.recalls && known.calls === ticket.calls) return known;
  const { events } = await get(`/api/v1/tickets/${encodeURIComponent(ticket.id)}?as=person`, { tries: 1 });
  const called = events.filter((event) => event.kind === "ticket.called").at(-1);
  const last = events.filter((event) => /^ticket\.(re)?called$/.test(event.kind)).at(-1);
  return {
    id: ticket.id,
    recalls: ticket.recalls,
    calls: ticket.calls,
    why: called?.data.why ?? null,
    lastCall: last ? Date.parse(last.at) : 0,
  };
}

async function fetchDesk() {
  try {
    const desk = await get(url(data.counter), { tries: 1 });
    if (desk.seq < here.desk.seq) return;
    here.desk = desk;
    if (here.detail?.id !== desk.current?.id) here.detail = null;
    changed();
    here.detail = await detailOf(desk.current);
    changed();
  } catch (fault) {
    signedOut(fault); // else the stream tells that the line is down, and refreshes when it is back
  }
}

/** Fetch the counter now; one fetch at a time, and one more when asked meanwhile. */
export async function refresh() {
  if (running) {
    again = true;
    return running;
  }
  do {
    again = false;
    running = fetchDesk();
    await running;
    running = null;
  } while (again);
  return undefined;
}

/** Fetch soon, once for many events. */
export const refreshSoon = gathered(refresh, GATHER_MS);

/** Fetch the clerk's own day so far. */
export async function refreshDay() {
  try {
    here.day = await get("/api/v1/me/day?as=person", { tries: 1 });
    changed();
  } catch {
    // the next finished number asks again
  }
}
