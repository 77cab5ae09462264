// When a new dossier is due: asked of the server at each change, and explained step by step before anything is saved.

import { data, fill, part, say, told } from "../page.js";
import { moment, rfc3339 } from "./dates.js";
import { chosen } from "./procedure.js";
import { ask } from "./server.js";

const TYPING_MS = 200;
const CHANNELS = { counter: "direct", online: "online", post: "post" };
const form = part("new");
const box = part("due-box", form);
const { elements } = form;
let asked = 0;
let typing = 0;
let byHand = false;
let termByHand = false;

/** What the server says of a step; where it would send a citizen to a counter, the clerk is told what to do here. */
const inWords = (step) => say(`dossiers.form.step.${step.key.split(".").at(-1)}`) || step.say;

/** The catalogue's row for the way the dossier comes in; undefined when it has none. */
export const channel = () => chosen.procedure?.channels.find((one) => one.channel === CHANNELS[elements.intake.value]);

/** The service of the procedure, or that of the ticket. */
export const service = () => chosen.procedure?.service ?? data.ticket?.service ?? "";

/** When it was received, RFC 3339; null for now, undefined when what is written is no moment. */
export function receivedAt() {
  const { received_day: day, received_time: time } = elements;
  if (!day.value.trim() && !time.value.trim()) return null;
  return rfc3339(day.value, time.value) ?? undefined;
}

/** The term written in the form: {term_amount, term_unit}, both null when none is. */
export function term() {
  const amount = Number(elements.term_amount.value.trim());
  if (!Number.isInteger(amount) || amount < 1) return { term_amount: null, term_unit: null };
  return { term_amount: amount, term_unit: elements.term_unit.value };
}

/** The due time written by hand, RFC 3339; null: the server computes; undefined when what is written is no moment. */
export const dueAt = () => (byHand ? rfc3339(elements.due_day.value, elements.due_time.value) ?? undefined : null);

function steps(sentences) {
  part("steps", form).replaceChildren(...sentences.map((text) => Object.assign(document.createElement("li"), { textContent: text })));
}

function show(state, at, sentences = []) {
  box.dataset.state = state;
  fill("form-due", at, form);
  steps(sentences);
}

function params() {
  const { term_amount: amount, term_unit: unit } = term();
  const posted = channel();
  const asPosted = posted && amount === (posted.time_amount ?? null);
  const given = asPosted || !amount ? {} : { amount, unit };
  return { procedure: chosen.procedure?.code, channel: CHANNELS[elements.intake.value], received_at: receivedAt(), service: service(), ...given };
}

async function fetchDue() {
  const mine = (asked += 1);
  if (byHand) return show("by-hand", moment(dueAt()) || say("dossiers.form.due_wrong"), [say("dossiers.form.due_by_hand")]);
  if (receivedAt() === undefined) return show("silent", say("dossiers.form.received_wrong"));
  if (!chosen.procedure && !term().term_amount) return show("none", say("dossiers.form.due_first"));
  box.dataset.state = "busy";
  try {
    const due = await ask("/deadlines", params());
    if (mine !== asked) return undefined;
    const words = due.steps.map(inWords);
    return due.due_at ? show("ready", moment(due.due_at), words) : show("silent", say("dossiers.form.due_silent"), words);
  } catch (fault) {
    if (mine === asked) show("silent", say("dossiers.form.due_failed"), [told(fault)]);
    return undefined;
  }
}

/** Compute anew, soon. */
export function update() {
  clearTimeout(typing);
  typing = setTimeout(fetchDue, TYPING_MS);
}

/** The hours go on while a form stands open: what is received now may be due later than a minute ago. */
export function later() {
  if (!form.hidden && box.dataset.state === "ready" && receivedAt() === null) update();
}

/** Take the term over from the catalogue, unless the clerk has written one. */
export function fromCatalogue() {
  if (!termByHand) {
    const posted = channel();
    elements.term_amount.value = posted?.time_amount ?? "";
    elements.term_unit.value = posted?.time_unit ?? "ngay_lam_viec";
  }
  update();
}

/** The clerk writes the due time, or leaves it to the server again. */
export function toggle(button, on = !byHand) {
  byHand = on;
  button.setAttribute("aria-pressed", String(on));
  part("by-hand", form).hidden = !on;
  if (on) elements.due_day.focus();
  update();
}

/** Forget what was written for the last dossier. */
export function clear() {
  termByHand = false;
  toggle(form.querySelector('[data-act="due-by-hand"]'), false);
  show("none", say("dossiers.form.due_first"));
}

form.addEventListener("input", ({ target }) => {
  if (target.name === "term_amount" || target.name === "term_unit") termByHand = true;
  if (/^(term_|due_|received_)/.test(target.name)) update();
  if (target.name === "intake") fromCatalogue();
});
