// Dialogs that an act asks first: how long, where to, which number, and what to do with the counter on leaving.

import { call as api } from "/static/js/api.js";
import { atCounter } from "./acts.js";
import { here } from "./counter.js";
import { signOut } from "./head.js";
import * as messages from "./messages.js";
import { data, fill, part, say, told } from "./page.js";

const STEPS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
let leaving = "change";

function open(name) {
  part(name).showModal();
  part(name).querySelector("[autofocus]")?.focus();
}

/** Close the dialog that `inside` stands in. */
export const dismiss = (inside) => inside.closest("dialog").close();

/** Ask for how long to hold. */
export function hold() {
  fill("hold-title", say("dialog.hold", { number: here.desk.current.number }));
  open("hold");
}

/** Ask where to pass the number on to. */
export function transfer() {
  const { number, service } = here.desk.current;
  fill("transfer-title", say("dialog.transfer", { number }));
  for (const each of part("transfer").querySelectorAll("[data-service]")) each.disabled = each.dataset.service === service;
  open("transfer");
  part("transfer").querySelector("[data-service]:not(:disabled)").focus();
}

/** Ask which number to call out of order, and why. */
export function call() {
  part("call-form").reset();
  fault("");
  open("call");
}

async function answered(inside, name, body) {
  dismiss(inside);
  const ticket = await atCounter(name, body);
  if (ticket?.state !== "waiting" || ticket.served) return;
  messages.show(say("dialog.unserved", { number: ticket.number, service: data.services[ticket.service] ?? "" }), "wait");
}

function fault(text) {
  fill("call-fault", text);
  part("call-fault").hidden = !text;
}

/** "c7" and "C-007" are the same number. */
export function tidyNumber(text) {
  const found = /^([a-z]?)\s*-?\s*0*(\d+)$/i.exec(text.trim());
  if (!found) return text.trim().toUpperCase();
  return found[1] ? `${found[1].toUpperCase()}-${found[2].padStart(3, "0")}` : found[2].padStart(4, "0");
}

async function callNumber() {
  const { number, reason } = part("call-form").elements;
  if (!number.value.trim() || !reason.value.trim()) {
    fault(say("dialog.need_both"));
    (number.value.trim() ? reason : number).focus();
    return;
  }
  fault("");
  const body = { number: tidyNumber(number.value), reason: reason.value.trim() };
  if (await atCounter("call", body, { tell: fault })) part("call").close();
}

async function go() {
  if (leaving === "sign-out") {
    await signOut();
    return;
  }
  try {
    await api("PUT", "/api/v1/session", { counter: "" });
    location.assign("/staff/counter");
  } catch (failed) {
    messages.show(told(failed), "fault");
  }
}

/** Leave the counter (`how` is change or sign-out); an open one asks what shall become of it. */
export function leave(how) {
  leaving = how;
  const { current, state, person } = here.desk;
  if (state === "closed" || (!current && person !== data.me)) {
    go();
    return;
  }
  const counter = data.counter;
  fill("leave-title", say(how === "change" ? "leave.title_change" : "leave.title_sign_out"));
  fill("leave-what", current ? say("leave.busy", { number: current.number, counter }) : say("leave.open", { counter }));
  part("close-leave").hidden = Boolean(current);
  open("leave");
}

async function closeAndLeave(inside) {
  dismiss(inside);
  if (await atCounter("close")) go();
}

/** What the dialogs' buttons do. */
export const answers = {
  dismiss,
  "hold-for": (inside) => answered(inside, "hold", { minutes: Number(inside.dataset.minutes) }),
  "to-service": (inside) => answered(inside, "transfer", { service: inside.dataset.service }),
  "to-counter": (inside) => answered(inside, "transfer", { counter: inside.dataset.counter }),
  reason: (inside) => {
    part("call-form").elements.reason.value = inside.textContent.trim();
    part("call-form").querySelector('[type="submit"]').focus();
  },
  "close-leave": closeAndLeave,
  "just-leave": go,
};

function move(event) {
  const step = STEPS[event.key];
  const options = [...event.currentTarget.querySelectorAll("button:not(:disabled)")];
  const at = options.indexOf(document.activeElement);
  if (!step || at < 0) return;
  event.preventDefault();
  options[(at + step + options.length) % options.length].focus();
}

for (const options of document.querySelectorAll("[data-options]")) options.addEventListener("keydown", move);
part("call-form").addEventListener("submit", (event) => {
  event.preventDefault();
  callNumber();
});
