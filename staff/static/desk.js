// The clerk's counter: what each button and key does, and what each event changes.

import { follow } from "/static/js/events.js";
import * as acts from "./acts.js";
import * as calls from "./calls.js";
import { changed, here, onChange, refresh, refreshDay, refreshSoon } from "./counter.js";
import * as facts from "./facts.js";
import * as head from "./head.js";
import * as keys from "./keys.js";
import * as notices from "./notices.js";
import { button, data } from "./page.js";
import * as questions from "./questions.js";
import * as ticket from "./ticket.js";
import * as undo from "./undo.js";
import * as visit from "./visit.js";
import * as waiting from "./waiting.js";

const SECOND_CLICK_MS = 500;
const DAY_MS = 60000;
const asks = { hold: questions.hold, transfer: questions.transfer, call: questions.call };
const run = (act) => (visit.acts[act] ? visit.acts[act]() : acts.run(act, asks));

const clicks = {
  ...questions.answers,
  primary: () => ticket.settledFor() > SECOND_CLICK_MS && run(ticket.step()),
  change: () => questions.leave("change"),
  right: () => acts.check(true),
  wrong: () => acts.check(false),
  reprint: () => acts.reprint(),
  back: (button) => acts.back(button.dataset.ticket),
  "help-known": () => calls.known(),
};

function draw() {
  ticket.draw(here.desk, here.detail);
  waiting.draw(here.desk);
  facts.draw(here.desk);
  facts.drawDay(here.day);
  visit.draw(here.desk.current);
  undo.tick();
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-act]");
  if (!button || button.disabled || button.dataset.act === "sign-out" || button.matches("a")) return; // links go by themselves
  if (event.detail > 0 && !button.closest("dialog")) button.blur(); // after the mouse the keys are the desk's again
  const { act } = button.dataset;
  if (act in clicks) clicks[act](button);
  else run(act);
});

function hear(event) {
  notices.hear(event);
  calls.hear(event);
  if (event.kind === "ticket.finished" && event.counter === data.counter) {
    undo.offer(event.ticket.number, Date.parse(event.at));
  }
  if (event.kind === "ticket.reopened" && event.counter === data.counter) undo.withdraw();
  if (event.kind.startsWith("dossier.")) visit.refresh(here.desk.current);
  if (/^(ticket|counter)\./.test(event.kind) && event.kind !== "ticket.announced") refreshSoon();
}

/** Without the server nothing can be called: the large button looks so until the line is back. */
function cutOff(lost) {
  notices.line(lost);
  button("primary").setAttribute("aria-disabled", String(lost));
}

onChange(draw);
changed();
refresh();
keys.listen(run);
head.keep(() => questions.leave("sign-out"));
notices.keep();
calls.keep();
setInterval(() => {
  ticket.tick();
  waiting.tick();
}, 1000);
setInterval(undo.tick, 200);
setInterval(refreshDay, DAY_MS);
follow({
  url: "/api/v1/events?as=person",
  since: data.desk.seq,
  on: hear,
  lost: () => cutOff(true),
  restored: () => {
    cutOff(false);
    refresh();
    notices.look();
    calls.look();
  },
});
document.documentElement.dataset.ready = "";
