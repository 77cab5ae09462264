// What is done with the dossier shown: each act asks in a dialog first, is sent once however often it is pressed, and
// says afterwards what happened.

import * as messages from "../messages.js";
import { data, fill, part, say, signedOut, told } from "../page.js";
import * as corrections from "./corrections.js";
import { day, daysUntil, moment, rfc3339, time } from "./dates.js";
import { lacking } from "./expected.js";
import * as list from "./list.js";
import { can, draw, here, printed, refresh, why } from "./one.js";
import { act, ask, intent, of } from "./server.js";
import * as serving from "./serving.js";
import { joined, statusWord } from "./words.js";

const meant = intent();
const dialogOf = (name) => document.querySelector(`dialog[data-part="${name}"]`);
let busy = false;

/** Whether an act is on its way. */
export const acting = () => busy;

function fault(text, dialog) {
  fill("fault", text, dialog);
  part("fault", dialog).hidden = !text;
}

async function send(path, body, { dialog, done, method }) {
  if (busy) return;
  busy = true;
  document.documentElement.dataset.busy = "";
  try {
    const dossier = await act(of(here.dossier.code, path), body, meant.keyFor([path, here.dossier.code, body]), method);
    meant.answered();
    dialog?.close();
    draw(dossier);
    messages.show(done(dossier), "done");
    list.refresh();
  } catch (failed) {
    if (dialog?.open) fault(told(failed), dialog);
    else if (!signedOut(failed)) messages.show(told(failed), "fault");
    if (failed.status === 409) await refresh(); // somebody else was first: the truth, below the question
  } finally {
    busy = false;
    delete document.documentElement.dataset.busy;
  }
}

const checkedIn = (dialog) => [...part("pick", dialog).querySelectorAll("input:checked")].map((each) => each.value);
const reasonOf = (form) => form.elements.reason.value.trim();

function pick(name, { checked = false, note = "" } = {}) {
  const item = document.createElement("li");
  const label = document.createElement("label");
  const box = Object.assign(document.createElement("input"), { type: "checkbox", value: name, checked });
  const word = Object.assign(document.createElement("span"), { textContent: joined(name, note) });
  label.className = "choice";
  label.append(box, word);
  item.append(label);
  return item;
}

/** The papers of the procedure, those not handed in first. */
async function expected(dossier) {
  const others = (await lacking(dossier)).map((name) => pick(name));
  return [...others, ...dossier.papers.map(({ name }) => pick(name, { note: say("dossiers.ask.handed_in") }))];
}

const AGAIN_DAYS = 3;

/** Tell what the law says of an apology this late, and propose another day: working days from the later of now and the
 * day before. It is a proposal: whoever apologises knows better. */
async function proposed(dialog, dossier) {
  const { day: dayField, time: timeField } = dialog.querySelector("form").elements;
  const left = daysUntil(dossier.due_at);
  const what = left < 0 ? "reschedule_late" : left === 0 ? "reschedule_today" : "reschedule_what";
  fill("what", say(`dossiers.ask.${what}`, { n: -left }), dialog);
  timeField.value = time(Date.parse(dossier.due_at));
  const received_at = left > 0 ? dossier.due_at : undefined;
  try {
    const due = await ask("/deadlines", { amount: AGAIN_DAYS, unit: "ngay_lam_viec", service: dossier.service, received_at });
    if (!dayField.value) [dayField.value, timeField.value] = [day(Date.parse(due.due_at)), time(Date.parse(due.due_at))];
  } catch {
    // then it is the clerk's to write, as before
  }
}

const ASKS = {
  supplement: {
    path: "supplement",
    async open(dialog, dossier) {
      part("pick", dialog).replaceChildren();
      part("pick", dialog).replaceChildren(...(await expected(dossier)));
    },
    body(form, dialog) {
      addOther(dialog);
      const missing = checkedIn(dialog).map((name) => ({ name }));
      if (!missing.length) return say("dossiers.ask.need_papers");
      return reasonOf(form) ? { missing, reason: reasonOf(form) } : say("dossiers.ask.need_reason");
    },
    done: () => say("dossiers.done.supplement"),
  },
  "supplement-done": {
    path: "supplement-done",
    open(dialog, dossier) {
      part("pick", dialog).replaceChildren(...dossier.missing.map((paper) => pick(paper.name, { checked: true })));
    },
    body(form, dialog) {
      const brought = checkedIn(dialog);
      if (brought.length < here.dossier.missing.length) return say("dossiers.ask.need_all");
      return { papers: brought.map((name) => ({ name, kind: "", count: 1 })) };
    },
    done: (dossier) => say("dossiers.done.supplement_done", { at: moment(dossier.due_at) || say("dossiers.due.none") }),
    print: "giay_tiep_nhan", // the one of before names a day that holds no more
  },
  refuse: {
    path: "refuse",
    body: (form) => (reasonOf(form) ? { reason: reasonOf(form) } : say("dossiers.ask.need_reason")),
    done: () => say("dossiers.done.refuse"),
    print: "phieu_tu_choi",
  },
  stop: {
    path: "stop",
    body: (form) => (reasonOf(form) ? { reason: reasonOf(form) } : say("dossiers.ask.need_reason")),
    done: () => say("dossiers.done.stop"),
    print: "thong_bao_dung",
  },
  reschedule: {
    path: "reschedule",
    open: proposed,
    body(form) {
      const due_at = rfc3339(form.elements.day.value, form.elements.time.value);
      if (!due_at) return say("dossiers.ask.need_day");
      return reasonOf(form) ? { due_at, reason: reasonOf(form) } : say("dossiers.ask.need_reason");
    },
    done: (dossier) => say("dossiers.done.reschedule", { at: moment(dossier.due_at) }),
    print: "van_ban_xin_loi",
  },
  move: {
    path: "moves",
    open(dialog, dossier) {
      dialog.dataset.from = dossier.unit ?? "";
      const known = new Set([...data.units, ...dossier.moves.flatMap((one) => [one.from_unit, one.to_unit])].filter(Boolean));
      part("units", dialog).replaceChildren(...[...known].map((value) => Object.assign(document.createElement("option"), { value })));
    },
    body(form, dialog) {
      const to_unit = form.elements.unit.value.trim();
      const note = form.elements.note.value.trim();
      return to_unit ? { to_unit, note, from_unit: dialog.dataset.from } : say("dossiers.ask.need_unit");
    },
    done: (dossier) => say("dossiers.done.move", { unit: dossier.moves.at(-1)?.to_unit ?? "" }),
  },
  status: {
    path: "status",
    open(dialog, dossier) {
      part("steps-to", dialog).replaceChildren(...data.steps[dossier.status].map((status, n) => step(status, n === 0)));
    },
    body: (form) => ({ status: Number(form.elements.status.value), note: form.elements.note.value.trim() }),
    done: (dossier) => say("dossiers.done.status", { status: statusWord(dossier.status) }),
  },
  ready: { path: "status", body: () => ({ status: 9 }), done: () => say("dossiers.done.ready") },
  "hand-back": {
    path: "hand-back",
    open(dialog, dossier) {
      const form = dialog.querySelector("form");
      form.elements.how.value = dossier.give_back;
      form.elements.tracking.value = dossier.tracking ?? "";
      tracking(dialog);
    },
    body(form) {
      const how = form.elements.how.value;
      const number = form.elements.tracking.value.trim();
      if (how === "post" && !number) return say("dossiers.ask.need_tracking");
      return { how, tracking: how === "post" ? number : "" };
    },
    done: (dossier) => say("dossiers.done.hand_back", { code: dossier.code }),
    print: "giay_bien_nhan",
  },
  correct: {
    method: "PUT",
    path: "",
    open: (dialog, dossier) => corrections.open(dialog.querySelector("form"), dossier),
    body: corrections.body,
    done: () => say("dossiers.done.correct"),
  },
};

function step(status, checked) {
  const made = part("step").content.firstElementChild.cloneNode(true);
  Object.assign(made.querySelector("input"), { value: String(status), checked });
  fill("word", statusWord(status), made);
  return made;
}

function tracking(dialog) {
  part("tracking", dialog).hidden = dialog.querySelector("form").elements.how.value !== "post";
}

function addOther(dialog) {
  const { other } = dialog.querySelector("form").elements;
  const name = other.value.trim();
  if (name) part("pick", dialog).append(pick(name, { checked: true }));
  other.value = "";
}

function about(dialog) {
  fill("about-code", here.dossier.code, dialog);
  fill("about-what", here.dossier.procedure_name, dialog);
}

async function open(name) {
  const dialog = dialogOf(name);
  dialog.querySelector("form")?.reset();
  about(dialog);
  serving.offer(dialog, name !== "hand-back" || serving.cameFor(here.dossier, here.scanned)); // a result found in the list may be anybody's
  if (name !== "print") fault("", dialog);
  dialog.showModal();
  await ASKS[name]?.open?.(dialog, here.dossier);
  (dialog.querySelector("input:not([type=radio]), [data-form]") ?? dialog.querySelector('[type="submit"]')).focus(); // never on Cancel
}

/** Do what a button or a key of the dossier asks for. */
export function run(name) {
  if (busy) return;
  if (!can(name)) {
    if (why(name)) messages.show(why(name), "wait");
    return;
  }
  if (name === "link") link();
  else if (name === "print") openPrints();
  else open(name);
}

function openPrints() {
  for (const each of dialogOf("print").querySelectorAll("[data-form]")) each.href = printed(here.dossier.code, each.dataset.form);
  for (const each of dialogOf("print").querySelectorAll("[data-pdf]")) each.href = printed(here.dossier.code, each.dataset.pdf, true);
  open("print");
}

const PURPOSES = { 5: "supplement", 9: "collect" };

function link() {
  const body = { ticket: data.ticket.id, purpose: PURPOSES[here.dossier.status] ?? "ask" };
  send("visits", body, { done: () => say("dossiers.done.link", { number: data.ticket.number }) });
}

async function submitted(event, name) {
  event.preventDefault();
  const dialog = dialogOf(name);
  const { path, body, done, print, method } = ASKS[name];
  const given = body(event.target, dialog);
  if (typeof given === "string") {
    fault(given, dialog);
    return;
  }
  fault("", dialog);
  const paper = print && window.open("", "_blank"); // opened now: browsers allow a new window only right at a press
  await send(path, serving.joining(event.target, given), { dialog, method, done: (dossier) => serving.told(event.target, done(dossier)) });
  if (!paper) return;
  if (dialog.open) paper.close();
  else paper.location = printed(here.dossier.code, print);
}

for (const name of Object.keys(ASKS)) dialogOf(name).querySelector("form").addEventListener("submit", (event) => submitted(event, name));
dialogOf("hand-back").addEventListener("change", () => tracking(dialogOf("hand-back")));
dialogOf("print").addEventListener("keydown", (event) => {
  if (/^[1-9]$/.test(event.key)) dialogOf("print").querySelectorAll("[data-form]")[Number(event.key) - 1]?.click();
});

/** What the dialogs' own buttons do. */
export const answers = {
  dismiss: (inside) => inside.closest("dialog").close(),
  reason: (inside) => {
    const { reason } = inside.closest("form").elements;
    reason.value = inside.textContent.trim();
    inside.closest("form").querySelector('[type="submit"]').focus();
  },
  "pick-more": (inside) => addOther(inside.closest("dialog")),
};
