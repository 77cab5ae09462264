// Which call is shown large, and which ones beside it: one after another, each long enough, none lost, none twice.

import { now } from "/static/js/clock.js";

const HOLD_MS = 4000; // how long a call stays large while others wait
const OLD_MS = 120000; // after a long loss of the line: told in the list, but nobody is startled by it
const JUST_MS = 30000;

/**
 * list    the calls the page shows, the latest first
 * most    how many are shown in all
 * draw    called with (list, fresh): fresh is the call to be pulsed, or null
 */
export function presenter({ list, most, draw }) {
  let shown = list;
  let waiting = [];
  let holding = 0;

  const newest = () => Math.max(0, shown[0]?.seq ?? 0, waiting.at(-1)?.seq ?? 0);

  function put(call, fresh) {
    shown = [call, ...shown.filter((one) => one.ticket !== call.ticket)].slice(0, most);
    draw(shown, fresh ? call : null);
  }

  function next() {
    holding = 0;
    const call = waiting.shift();
    if (!call) {
      draw(shown, null);
      return;
    }
    put(call, true);
    holding = setTimeout(next, HOLD_MS);
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
      if (!holding) next();
    },
    /** The day's calls as the server has them, taken over when nothing is under way here. `seq`: the last event seen. */
    settle(calls, seq) {
      if (holding || waiting.length) return;
      const first = calls[0]?.seq ?? 0;
      if (first > seq || (calls.length && first < newest())) return; // its event is still to come; or an old answer
      shown = calls;
      draw(shown, null);
    },
    /** Whether a ticket was called within the last half minute. */
    justCalled: (ticket) =>
      [...shown, ...waiting].some((call) => call.ticket === ticket && now() - Date.parse(call.at) < JUST_MS),
    /** Whether the large call is still within its time. */
    holding: () => Boolean(holding),
  };
}
