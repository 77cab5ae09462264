// The journal as a live stream: resumes where it stopped, tells when it is lost, never hands over an event twice.

export const KINDS = (
  "ticket.issued ticket.called ticket.recalled ticket.started ticket.finished ticket.reopened ticket.absent " +
  "ticket.held ticket.returned ticket.transferred ticket.cancelled ticket.priority_checked ticket.announced " +
  "ticket.printed slip.requested printer.failed printer.recovered counter.opened counter.paused counter.closed " +
  "help.requested hall.closed hall.announced setting.changed"
).split(" ");

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 15000;
const SILENT_MS = 16000; // the server beats every 5 s; three beats missed is a dead line

/**
 * Follow GET /api/v1/events.
 *
 * since     the seq the page already shows (events after it are handed over); omit to start with what comes next
 * on        called with each event: {seq, at, kind, counter, ticket, dossier, data}
 * lost      called once when the line drops; restored called once when it is back (missed events follow by themselves)
 * Returns {close(), seq()}.
 */
export function follow({ url = "/api/v1/events", since, kinds = KINDS, on, lost = () => {}, restored = () => {} }) {
  let seen = since;
  let source = null;
  let wait = FIRST_WAIT_MS;
  let down = false;
  let ended = false;
  let retry = 0;
  let watchdog = 0;

  function alive() {
    clearTimeout(watchdog);
    watchdog = setTimeout(fail, SILENT_MS);
    wait = FIRST_WAIT_MS;
    if (down) {
      down = false;
      restored();
    }
  }

  function receive(message) {
    alive();
    let event;
    try {
      event = JSON.parse(message.data);
    } catch {
      return; // half a line from a proxy: the next connection brings it whole
    }
    if (seen !== undefined && event.seq <= seen) return;
    seen = event.seq;
    on(event);
  }

  function fail() {
    if (ended) return;
    source?.close();
    clearTimeout(watchdog);
    clearTimeout(retry);
    if (!down) {
      down = true;
      lost();
    }
    retry = setTimeout(open, wait * (0.75 + Math.random() / 2));
    wait = Math.min(wait * 2, LONGEST_WAIT_MS);
  }

  function open() {
    if (ended) return;
    const address = new URL(url, location.href);
    if (seen !== undefined) address.searchParams.set("since", String(seen));
    source = new EventSource(address);
    source.onopen = alive;
    source.onerror = fail;
    source.addEventListener("beat", alive);
    for (const kind of kinds) source.addEventListener(kind, receive);
    clearTimeout(watchdog);
    watchdog = setTimeout(fail, SILENT_MS);
  }

  open();
  return {
    close() {
      ended = true;
      source?.close();
      clearTimeout(watchdog);
      clearTimeout(retry);
    },
    seq: () => seen,
  };
}
