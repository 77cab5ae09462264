// The register's page: what each button and key does, and what each event changes.

import { follow } from "/static/js/events.js";
import * as calls from "../calls.js";
import { keep as keepHead } from "../head.js";
import * as messages from "../messages.js";
import { data, fill, part, say, signedOut } from "../page.js";
import * as alerts from "./alerts.js";
import * as asks from "./asks.js";
import * as deadline from "./deadline.js";
import * as form from "./form.js";
import * as keys from "./keys.js";
import * as ledger from "./ledger.js";
import * as list from "./list.js";
import * as one from "./one.js";
import * as scan from "./scan.js";
import { ask } from "./server.js";
import * as upload from "./upload.js";

const LOOK_MS = 60000;
let afterwards = () => {};

/** Do `then` now, or once the clerk has agreed to lose what is typed. */
function unlessTyped(then) {
  if (!form.isDirty()) {
    if (form.isOpen()) form.close();
    then();
    return;
  }
  afterwards = then;
  part("discard").showModal();
}

const show = (code) => unlessTyped(() => one.show(code));

function saved(dossier) {
  one.saved(dossier);
  list.refresh();
  alerts.refresh();
}

const doings = {
  card: (card) => {
    form.open({ card });
    messages.show(say("dossiers.wedge.card"), "done");
  },
  dossier: (code) => {
    one.here.scanned = { code, ticket: data.ticket?.id ?? "" };
    show(code);
  },
  unknown: (code, action) => {
    messages.show(action.say || say("dossiers.wedge.not_here", { code }), "wait");
    if (!form.isOpen()) form.open({ code });
  },
};

const clicks = {
  ...asks.answers,
  ...form.answers,
  ...ledger.answers,
  ...upload.answers,
  show: (button) => show(button.dataset.code),
  filter: (button) => list.look(button.dataset.filter),
  again: () => list.refresh(),
  reopen: () => one.show(one.here.code),
  new: () => form.open(),
  "help-known": () => calls.known(),
  "leave-form": () => unlessTyped(() => {}),
  "discard-yes": () => {
    part("discard").close();
    form.close();
    afterwards();
  },
  upload: () => unlessTyped(upload.open),
  ledger: ledger.open,
  "see-overdue": () => unlessTyped(() => list.look("overdue")),
  "see-today": () => unlessTyped(() => list.look("today")),
};

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-act]");
  if (!button || button.disabled || button.dataset.act === "sign-out") return;
  const { act } = button.dataset;
  if (act in clicks) clicks[act](button);
  else asks.run(act);
});

function drawTicket() {
  part("serving").toggleAttribute("data-empty", !data.ticket);
  fill("serving", data.ticket ? say("dossiers.serving", { number: data.ticket.number }) : say("dossiers.serving_none"));
}

async function lookAtCounter() {
  if (!data.counter) return;
  try {
    const { current } = await ask(`/counters/${encodeURIComponent(data.counter)}`);
    data.ticket = current;
    drawTicket();
  } catch (fault) {
    signedOut(fault); // else the line at the foot tells
  }
}

function hear(event) {
  if (event.kind === "scan.arrived" && event.counter === data.counter) scan.arrived(event.data.id, doings);
  if (event.kind.startsWith("dossier.")) {
    list.refreshSoon();
    alerts.refresh();
    if (event.dossier && event.dossier === one.here.dossier?.key && !asks.acting()) one.refresh();
  }
  calls.hear(event);
  if (event.counter === data.counter && /^ticket\.(called|started|finished|reopened|absent|held|transferred)$/.test(event.kind)) lookAtCounter();
}

function line(lost) {
  part("line").dataset.tone = lost ? "fault" : "calm";
  fill("line", say(lost ? "lost" : "online"));
}

function refreshAll() {
  list.refresh();
  one.refresh();
  alerts.refresh();
  calls.look();
  deadline.later();
  lookAtCounter();
}

keepHead();
list.keep(show);
form.keep(saved);
scan.keep(doings, keys.strays);
keys.listen({
  scan: scan.focus,
  find: () => unlessTyped(list.find),
  new: form.open,
  save: () => form.save(saved),
  counter: () => part("to-counter").click(),
  shown: () => !form.isOpen() && one.shown(),
  act: asks.run,
});
drawTicket();
list.refresh();
alerts.refresh();
calls.keep();
setInterval(refreshAll, LOOK_MS);
follow({
  url: "/api/v1/events?as=person",
  since: data.seq,
  on: hear,
  lost: () => line(true),
  restored: () => {
    line(false);
    refreshAll();
  },
});
document.documentElement.dataset.ready = ""; // what is not seen yet takes no cursor
if (data.code) one.show(data.code);
else if (data.open === "new") form.begin();
else scan.focus();
