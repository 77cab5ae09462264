// What became of the slip: told by the journal, never guessed; the number stays valid whatever the printer does.

import { fill, say, section, settings } from "./page.js";

const SLOW_MS = 12000;
const KEPT = 60;
const known = new Map(); // ticket id → status; an event may come before the answer that names the ticket
let watched = "";
let slow = 0;
let status = "printing";

const words = {
  printing: "live.slip_printing",
  printed: "live.slip_printed",
  none: "live.slip_none",
  none_code: "live.slip_none_code",
  slow: "live.slip_slow",
  paper_out: "live.slip_paper_out",
  failed: "live.slip_failed",
};
const drawing = { none_code: "none", slow: "failed", paper_out: "failed" };

export function write() {
  const box = section("number").querySelector(".slip");
  box.dataset.slip = drawing[status] ?? status;
  fill("slip", say(words[status]), box);
}

function set(next) {
  status = next;
  if (watched) write();
}

/** Nothing more to wait for before the screen may go back. */
export const settled = () => status !== "printing";

const fault = (reason) => (reason === "paper_out" ? "paper_out" : "failed");

/** Follow the slip of this ticket. */
export function watch(id) {
  watched = id;
  if (!settings().prints) status = settings().shows_code ? "none_code" : "none";
  else status = known.get(id) ?? (settings().hall.printer ? fault(settings().hall.printer) : "printing");
  hurry();
}

/** A slip that is to come and does not: told, and no longer waited for. */
function hurry() {
  clearTimeout(slow);
  slow = setTimeout(() => status === "printing" && set("slow"), SLOW_MS);
}

export function forget() {
  watched = "";
  clearTimeout(slow);
}

/** One event of the journal. */
export function hear({ kind, ticket, data }) {
  const id = ticket?.id ?? "";
  if (kind === "ticket.printed") {
    settings().hall.printer = "";
    learn(id, "printed");
  } else if (kind === "printer.failed") {
    if (!data?.given_up) settings().hall.printer = data?.reason ?? "unknown";
    if (id) learn(id, fault(data?.reason));
    else if (watched && status === "printing") set(fault(data?.reason));
  } else if (kind === "printer.recovered") {
    settings().hall.printer = "";
    if (watched && (status === "paper_out" || status === "failed")) {
      set("printing");
      hurry();
    }
  }
}

function learn(id, what) {
  known.set(id, what);
  if (known.size > KEPT) known.delete(known.keys().next().value);
  if (id && id === watched) set(what);
}

