// A new dossier: opened with the number being served, filled from a card if there is one, saved once however often the
// button is pressed. What is typed stands in this page's memory only.

import { button, data, fill, part, say, told } from "../page.js";
import * as deadline from "./deadline.js";
import * as papers from "./papers.js";
import * as procedure from "./procedure.js";
import { act, intent, unsure } from "./server.js";
import { money } from "./words.js";

const form = part("new");
const { elements } = form;
const APPLICANT = ["name", "address", "phone", "email", "id_number"];
const meant = intent();
let ticket = null;
let busy = false;
let dirty = false;
let lacked = ""; // the sentence that the banner says of a field, until the field is filled
let waiting = null; // a body whose answer never came: sent again as it was before anything else is

/** Whether the form is open. */
export const isOpen = () => !form.hidden;

/** Whether leaving would lose what was typed. */
export const isDirty = () => isOpen() && dirty;

function fault(text) {
  lacked = "";
  fill("form-fault", text, form);
  part("form-fault", form).hidden = !text;
}

function drawTicket() {
  part("with-ticket", form).hidden = !ticket;
  fill("form-ticket", ticket ? say("dossiers.with_ticket", { number: ticket.number }) : "", form);
}

function clear() {
  form.reset();
  elements.sets.value = "1";
  papers.clear();
  procedure.clear();
  deadline.clear();
  drawOwner();
  part("confirm-code", form).hidden = true;
  part("given", form).open = false;
  fault("");
  [dirty, waiting] = [false, null];
  lock();
}

function show(on) {
  form.hidden = !on;
  part("panes").hidden = on;
  button("new").classList.toggle("primary", !on); // the one primary button is then the form's
}

/** The page came with the form open, and may have been typed into before this script was there. */
export function begin() {
  const typed = procedure.typed();
  show(false);
  open();
  procedure.write(typed);
}

/** Open the form, with what is known already: the card's fields, or a code that came from elsewhere. */
export function open({ card = null, code = "" } = {}) {
  if (!isOpen()) {
    clear();
    show(true);
    ticket = data.ticket;
    drawTicket();
  }
  if (code) {
    elements.code.value = code;
    part("given", form).open = true;
  }
  if (card) fillCard(card);
  (procedure.chosen.procedure ? elements.phone : part("procedure", form)).focus();
}

/** Close the form and forget what was typed. */
export function close() {
  clear();
  show(false);
}

function fillCard({ name, number, address }) {
  Object.assign(elements.name, { value: name ?? "" });
  Object.assign(elements.id_number, { value: number ?? "" });
  if (address) elements.address.value = address;
  dirty = true;
  mended();
}

function drawOwner() {
  part("owner", form).hidden = !elements.other_owner.checked;
}

function drawFee() {
  const posted = deadline.channel();
  const sure = posted && posted.fee !== null && !procedure.chosen.procedure.caveats.some((one) => /^(fee|free)_/.test(one));
  elements.fee.value = sure ? String(posted.fee) : "";
  const words = [];
  if (sure) words.push(`${money(posted.fee)}${posted.fee_unit ?? ""}`);
  if (posted?.fee_basis) words.push(say(`dossiers.form.fee_${posted.fee_basis}`));
  if (!sure && procedure.chosen.procedure) words.push(say("dossiers.form.fee_unknown"));
  if (posted?.exemption) words.push(say("dossiers.form.exempt", { who: posted.exemption }));
  if (posted?.note && !posted.note.includes(posted.exemption ?? posted.note + " ")) words.push(posted.note);
  fill("fee-about", words.join(" · "), form);
}

function text(name) {
  return elements[name].value.trim();
}

function applicant() {
  const who = Object.fromEntries(APPLICANT.map((name) => [name, text(name)]));
  const other = elements.other_owner.checked;
  return { ...who, owner: other ? text("owner") : "", owner_address: other ? text("owner_address") : "" };
}

function fee() {
  const figures = text("fee").replace(/[.\s]/g, "");
  return figures ? Number(figures) : null;
}

/** What is still to be written: the field and the sentence; null when nothing is. */
function lacking() {
  if (!procedure.chosen.procedure && !procedure.typed()) return [part("procedure", form), "need_procedure"];
  if (!text("name")) return [elements.name, "need_name"];
  if (!/^[1-9]\d?$/.test(text("sets"))) return [elements.sets, "need_sets"];
  if (!Number.isInteger(fee() ?? 0) || fee() < 0) return [elements.fee, "need_fee"];
  if (deadline.receivedAt() === undefined) return [elements.received_day, "received_wrong"];
  if (deadline.dueAt() === undefined) return [elements.due_day, "due_wrong"];
  return null;
}

function gathered() {
  const chosen = procedure.chosen.procedure;
  return {
    code: text("code"),
    confirmed: elements.confirmed.checked,
    procedure: chosen?.code ?? "",
    procedure_name: chosen?.name ?? procedure.typed(),
    service: deadline.service(),
    ticket: ticket && elements.with_ticket.checked ? ticket.id : "",
    intake: elements.intake.value,
    give_back: elements.give_back.value,
    sets: Number(text("sets")),
    fee: fee(),
    fee_note: text("fee_note"),
    received_at: deadline.receivedAt(),
    due_at: deadline.dueAt(),
    ...deadline.term(),
    papers: papers.given(),
    applicant: applicant(),
  };
}

function lock() {
  part("entries", form).disabled = busy || Boolean(waiting);
  part("save", form).disabled = busy;
  fill("save", say(busy ? "dossiers.form.saving" : waiting ? "dossiers.form.again" : "dossiers.form.save"), form);
}

function point(lack) {
  for (const each of form.querySelectorAll('[aria-invalid="true"]')) each.removeAttribute("aria-invalid");
  if (!lack) return;
  const [field, key] = lack;
  field.setAttribute("aria-invalid", "true");
  field.closest("details")?.setAttribute("open", "");
  field.focus();
  fault(say(`dossiers.form.${key}`));
  lacked = key;
}

/** Take back what was said of a field once it is filled. */
function mended() {
  if (!lacked || lacking()?.[1] === lacked) return;
  point(null);
  fault("");
}

function refused(failed, body) {
  waiting = unsure(failed) ? body : null;
  if (waiting) return fault(say("dossiers.form.unsure"));
  if (failed.status === 401) return fault(say("dossiers.form.sign_in"));
  if (failed.problem.confirmable) part("confirm-code", form).hidden = false;
  return fault(told(failed));
}

/** Save what is written; `saved` is called with the dossier. Pressing again meanwhile does nothing. */
export async function save(saved) {
  if (busy || !isOpen()) return;
  const lack = waiting ? null : lacking();
  point(lack);
  if (lack) return;
  const body = waiting ?? gathered();
  busy = true;
  fault("");
  lock();
  try {
    const dossier = await act("/dossiers", body, meant.keyFor(body));
    meant.answered();
    busy = false;
    close();
    saved(dossier);
  } catch (failed) {
    busy = false;
    refused(failed, body);
  } finally {
    lock();
  }
}

/** What the form's own buttons do. */
export const answers = {
  "all-papers": papers.all,
  "add-paper": papers.add,
  "due-by-hand": (button) => deadline.toggle(button),
};

/** Keep the form: what is typed counts as unsaved, a chosen procedure brings its papers, time and fee. */
export function keep(saved) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    save(saved);
  });
  form.addEventListener("input", ({ target }) => {
    dirty = true;
    if (target.name === "other_owner") drawOwner();
    if (target.name === "intake") drawFee();
    mended();
  });
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches("input:not([type=checkbox])")) event.preventDefault(); // only F9 and the button save
  });
  procedure.onChoice((chosen) => {
    papers.show(chosen?.papers ?? []);
    deadline.fromCatalogue();
    drawFee();
    mended();
  });
  addEventListener("beforeunload", (event) => isDirty() && event.preventDefault());
}
