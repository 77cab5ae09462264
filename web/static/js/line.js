// One connection to the journal's stream: resumes where it stopped, hands over each event once, notices a dead line.

export const KINDS = (
  "ticket.issued ticket.called ticket.recalled ticket.started ticket.finished ticket.reopened ticket.absent " +
  "ticket.held ticket.returned ticket.transferred ticket.cancelled ticket.priority_checked ticket.announced " +
  "ticket.printed slip.requested printer.failed printer.recovered counter.opened counter.paused counter.closed " +
  "help.requested hall.closed hall.announced setting.changed scan.arrived scan.hinted scan.guessed " +
  "scanner.failed scanner.recovered " +
  "dossier.received dossier.imported dossier.moved dossier.supplement_asked dossier.supplemented dossier.rescheduled " +
  "dossier.corrected dossier.returned dossier.visited dossier.reentered dossier.overdue_seen " +
  "dossier.overdue_noted"
).split(" ");

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 15000;
export const SILENT_MS = 16000; // the server beats every 5 s; three beats missed is a dead line

function parsed(message) {
  try {
    return JSON.parse(message.data);
  } catch {
    return null; // half a line from a proxy: the next connection brings it whole
  }
}

/**
 * Keep a stream open; works in a page and in a worker.
 *
 * since  the seq after which events are wanted; undefined: what comes next
 * heard  called with each event
 * up     called at each sign of life; with the journal's head at the first one of a connection. A head before what was
 *        seen means that an older journal was put back: from then on its events are handed over.
 * lost   called when the line drops
 * Returns {close(), hurry(), rewind(since), opened(), seq()}.
 */
export function connect({ url, since, heard, up, lost }) {
  let seen = since;
  let source = null;
  let wait = FIRST_WAIT_MS;
  let opened = 0;
  let fresh = true;
  let ended = false;
  let retry = 0;
  let watchdog = 0;

  function watch() {
    clearTimeout(watchdog);
    watchdog = setTimeout(fail, SILENT_MS);
  }

  function beat(message) {
    watch();
    wait = FIRST_WAIT_MS;
    const head = fresh ? parsed(message)?.head : undefined;
    fresh = false;
    if (head < seen || seen === undefined) seen = head;
    up(head);
  }

  function receive(message) {
    watch();
    const event = parsed(message);
    if (!event || event.seq <= seen) return;
    seen = event.seq;
    heard(event);
  }

  function drop() {
    source?.close();
    source = null;
    clearTimeout(watchdog);
    clearTimeout(retry);
  }

  function fail() {
    if (ended) return;
    drop();
    lost();
    retry = setTimeout(open, wait * (0.75 + Math.random() / 2));
    wait = Math.min(wait * 2, LONGEST_WAIT_MS);
  }

  function open() {
    if (ended) return;
    drop();
    const address = new URL(url, location.href);
    if (seen !== undefined) address.searchParams.set("since", String(seen));
    fresh = true;
    opened += 1;
    source = new EventSource(address);
    source.onerror = fail;
    source.addEventListener("beat", beat);
    for (const kind of KINDS) source.addEventListener(kind, receive);
    watch();
  }

  open();
  return {
    close() {
      ended = true;
      drop();
    },
    /** Try at once when it waits for its next try. */
    hurry: () => source || open(),
    /** Begin again after an earlier event. */
    rewind(earlier) {
      seen = earlier;
      open();
    },
    /** How many times a connection was opened. */
    opened: () => opened,
    seq: () => seen,
  };
}
