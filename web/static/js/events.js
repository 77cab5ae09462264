// The journal as a live stream: resumes where it stopped, tells when it is lost, never hands over an event twice.
// All pages of a browser share one connection where it knows shared workers; else each page has its own.

import { connect, KINDS, SILENT_MS } from "./line.js";

export { KINDS };

const GREETING_MS = 8000; // a worker that did not answer by then does not work here
const WORKER = new URL("./shared.js", import.meta.url);

/** Whose stream it is: pages of one address and one sign-in share it; the next sign-in has its own. */
const nameOf = (url) => `v1 ${url} ${document.querySelector('meta[name="csrf"]')?.content ?? ""}`;

/** Follow by the shared worker. `since` tells what was seen; `failed` is called, once, when there is no such way. */
function share({ url, since, heard, up, lost, failed }) {
  let worker = null;
  let watchdog = 0;

  function watch(ms, then) {
    clearTimeout(watchdog);
    watchdog = setTimeout(then, ms);
  }

  function leave() {
    clearTimeout(watchdog);
    worker?.port.postMessage({ leave: true });
    worker = null;
  }

  function close() {
    removeEventListener("pagehide", leave);
    removeEventListener("pageshow", back);
    leave();
  }

  function fail() {
    close();
    failed();
  }

  function silent() {
    lost();
    leave();
    join(); // the browser may have ended the worker, or slept
  }

  function join() {
    const mine = (worker = new SharedWorker(WORKER, { name: nameOf(url), type: "module" }));
    mine.onerror = () => mine === worker && fail();
    mine.port.onmessage = ({ data }) => {
      if (mine !== worker) return;
      watch(SILENT_MS + GREETING_MS, silent);
      if (data.event) heard(data.event);
      else if (data.state === "up") up(data.head);
      else if (data.state === "lost") lost();
    };
    mine.port.postMessage({ since: since() });
    watch(GREETING_MS, fail);
  }

  /** A page that the browser kept aside while another was shown. */
  function back(event) {
    if (event.persisted) join();
  }

  join();
  addEventListener("pagehide", leave);
  addEventListener("pageshow", back);
  return { close };
}

/**
 * Follow GET /api/v1/events.
 *
 * since     the seq the page already shows (events after it are handed over); omit to start with what comes next
 * on        called with each event: {seq, at, kind, counter, ticket, dossier, data}
 * lost      called once when the line drops; restored called once when it is back (missed events follow by themselves)
 * The page loads itself anew when it has seen more than the journal holds: an older one was put back.
 * Returns {close(), seq()}.
 */
export function follow({ url = "/api/v1/events", since, kinds = KINDS, on, lost = () => {}, restored = () => {} }) {
  let seen = since;
  let down = false;
  let ended = false;

  const hears = {
    heard(event) {
      if (ended || event.seq <= seen) return;
      seen = event.seq;
      if (kinds.includes(event.kind)) on(event);
    },
    up(head) {
      if (ended) return;
      if (head < seen) {
        stop();
        location.reload();
        return;
      }
      seen ??= head;
      if (!down) return;
      down = false;
      restored();
    },
    lost() {
      if (ended || down) return;
      down = true;
      lost();
    },
  };
  const alone = () => connect({ url, since: seen, ...hears });
  const failed = () => {
    if (!ended) way = alone();
  };
  let way;
  try {
    way = share({ url, since: () => seen, ...hears, failed });
  } catch {
    way = alone(); // this browser knows no shared workers
  }

  function stop() {
    ended = true;
    way.close();
  }

  return { close: stop, seq: () => seen };
}
