// Which call is shown large, and which ones beside it: one after another, each long enough, none lost, none twice.

import { now } from "/static/js/clock.js";

const HOLD_MS = [4000, 2000, 1200]; // how long a call stays large while none, one or more wait for the large place
const OLD_MS = 120000; // after a long loss of the line: told in the list, but nobody is startled by it
const JUST_MS = 30000;

/**
 * list    the calls the page shows, the latest first
 * most    how many are shown in all
 * draw    called with (list, fresh): the large call, then those beside it, of which the latest may still wait for the
 *         large place; fresh is the call to be pulsed, or null
 */
export function presenter({ list, most, draw }) {
  let shown = list;
  let waiting = [];
  let holding = 0;
  let since = 0;

  const newest = () => Math.max(0, shown[0]?.seq ?? 0, waiting.at(-1)?.seq ?? 0);

  /** The large call first; a ticket that is called again while it waits stands in one row only. */
  function rows() {
    const seen = new Set();
    const all = [...shown.slice(0, 1), ...[...waiting].reverse(), ...shown.slice(1)];
    return all.filter((call) => !seen.has(call.ticket) && seen.add(call.ticket)).slice(0, most);
  }

  function put(call, fresh) {
    shown = [call, ...shown.filter((one) => one.ticket !== call.ticket)].slice(0, most);
    draw(rows(), fresh ? call : null);
  }

  /** The large call's time ends the sooner the more wait; what it has had already counts. */
  function hold() {
    clearTimeout(holding);
    const all = HOLD_MS[Math.min(waiting.length, HOLD_MS.length - 1)];
    holding = setTimeout(next, Math.max(0, since + all - performance.now()));
  }

  function next() {
    holding = 0;
    const call = waiting.shift();
    if (!call) {
      draw(rows(), null);
      return;
    }
    since = performance.now();
    put(call, true);
    hold();
  }

  return {
    /** A call or a recall, as the stream brings it. */
    receive(call) {
      if (call.seq <= newest()) return;
      if (!waiting.length && now() - Date.parse(call.at) > OLD_MS) {
        put(call, false);
        return;
      }
      waiting.push(call);
      if (!holding) {
        next();
        return;
      }
      draw(rows(), null); // at once beside the large one
      hold();
    },
    /** The day's calls as the server has them, taken over when nothing is under way here. `seq`: the last event seen. */
    settle(calls, seq) {
      if (!holding && !waiting.length) {
        const first = calls[0]?.seq ?? 0;
        if (first > seq || (calls.length && first < newest())) return; // its event is still to come; or an old answer
        shown = calls;
      }
      draw(rows(), null);
    },
    /** Whether a ticket was called within the last half minute. */
    justCalled: (ticket) =>
      [...shown, ...waiting].some((call) => call.ticket === ticket && now() - Date.parse(call.at) < JUST_MS),
    /** Whether the large call is still within its time. */
    holding: () => Boolean(holding),
  };
}
