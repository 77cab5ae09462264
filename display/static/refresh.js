// Fetches the page's data again: soon after an event, and now and then by itself. The newest state wins.

import { get } from "/static/js/api.js";
import { setServerTime } from "/static/js/clock.js";
import { gathered } from "/static/js/gather.js";

const GATHER_MS = 120;
const SLOW_MS = 15000;

/**
 * Keep a page's data fresh. `apply` is called with each answer that is not older than the one before.
 * `least` tells the seq below which an answer is too old to be shown.
 * The page loads itself anew when the program or its configuration changed, or this screen's pairing has ended.
 */
export function refresher({ url, edition, apply, least = () => 0 }) {
  let newest = 0;
  const soon = gathered(now, GATHER_MS);

  async function now() {
    let fresh;
    try {
      fresh = await get(url, { tries: 1 });
    } catch (fault) {
      if (fault.status === 401 || fault.status === 403 || fault.status === 404) location.reload();
      return; // the stream tells that the line is down; its return or the slow round tries again
    }
    if (fresh.edition !== edition) {
      location.reload();
      return;
    }
    if (fresh.seq < newest) return;
    if (fresh.seq < least()) {
      soon();
      return;
    }
    newest = fresh.seq;
    setServerTime(fresh.at);
    apply(fresh);
  }

  setInterval(now, SLOW_MS);
  return { now, soon };
}
