// Right: one dossier as the server knows it, never older than what is shown.

import { button, data, fill, part, say, signedOut, told } from "../page.js";
import { moment } from "./dates.js";
import { lacking } from "./expected.js";
import * as list from "./list.js";
import { ask, of } from "./server.js";
import { due, drawDue, joined, money, open, putOff, statusTone, statusWord } from "./words.js";

const pane = part("one");
const RECEIVING = [1, 2, 4];
const may = (deed) => (dossier) => dossier.hindered[deed] ?? ""; // the server's own rules: it would say the same
const HINDERED = {
  print: () => "",
  correct: () => "",
  move: may("hand_over"),
  supplement: may("ask_supplement"),
  "supplement-done": may("supplement_done"),
  ready: (dossier) => (data.ready.includes(dossier.status) ? "" : "status"),
  "hand-back": may("hand_back"),
  reschedule: (dossier) => may("reschedule")(dossier) || (dossier.due_at ? "" : "no_due"),
  refuse: may("refuse"),
  stop: may("stop"),
  status: (dossier) => ((data.steps[dossier.status] ?? []).length ? "" : "status"),
  link: (dossier) => (data.ticket && !dossier.visits.some((visit) => visit.ticket === data.ticket.id) ? "" : "linked"),
};

/** The dossier shown, or null; the one whose paper was scanned last, and the number then served. */
export const here = { dossier: null, code: "", scanned: { code: "", ticket: "" } };

/** Whether a dossier is shown. */
export const shown = () => pane.dataset.state === "ready";

/** Whether `act` makes sense for the dossier shown (the server decides in the end). */
export const can = (act) => shown() && !HINDERED[act](here.dossier);

/** Why the dossier shown does not allow `act`, in words; empty when it does or none is shown. */
export function why(act) {
  const reason = shown() ? HINDERED[act](here.dossier) : "";
  return reason && say(`dossiers.why.${reason}`, { status: statusWord(here.dossier.status) });
}

function item(text, tag = "li") {
  const made = document.createElement(tag);
  made.textContent = text;
  return made;
}

const named = (paper) => joined(paper.name, paper.kind && say(`dossiers.paper.${paper.kind}`), paper.count > 1 && `× ${paper.count}`);

function move(one) {
  const made = part("move-row").content.firstElementChild.cloneNode(true);
  fill("at", moment(one.at), made);
  const way = one.to_unit === one.from_unit ? "" : [one.from_unit, one.to_unit].filter(Boolean).join(" → ");
  fill("what", way || statusWord(one.status), made);
  const result = one.result ? say(`dossiers.due.${one.result}`) : "";
  fill("more", joined(way && statusWord(one.status), one.actor?.replace(/^\w+:/, ""), result, one.note), made);
  return made;
}

/** What clerks wrote of acts that moved nothing, such as an apology. */
function notes({ notes: all, moves: ways }) {
  const told = new Set(ways.map((one) => one.seq));
  return all.filter((one) => !told.has(one.seq)).map((one) => item(joined(moment(one.at), one.text)));
}

const visit = (one) => item(joined(moment(one.at), one.number || one.ticket, say(`dossiers.visit.${one.purpose}`)));

function drawLists(dossier) {
  const { missing, papers, moves, visits } = dossier;
  part("missing").hidden = dossier.status !== 5 || missing.length === 0;
  part("missing-rows").replaceChildren(...missing.map((paper) => item(joined(paper.name, paper.note))));
  part("reentry").hidden = !dossier.reentry;
  fill("reentry", dossier.reentry ?? "", pane);
  part("paper-list").replaceChildren(...(papers.length ? papers.map((paper) => item(named(paper))) : [item(say("dossiers.one.no_papers"))]));
  fill("papers-count", papers.length ? String(papers.length) : "");
  part("moves").replaceChildren(...moves.map(move));
  part("notes").replaceChildren(...notes(dossier));
  part("log").hidden = !data.supervisor;
  part("log").href = `/staff/log?dossier=${encodeURIComponent(dossier.code)}`;
  part("visits").replaceChildren(...(visits.length ? visits.map(visit) : [item(say("dossiers.one.no_visits"))]));
}

/** Entered here, not yet asked for more: what the catalogue lists and was not ticked. Once saved, said in one line too. */
async function drawLacking(dossier) {
  const entered = dossier.source === "counter" && RECEIVING.includes(dossier.status) && !dossier.supplements;
  const names = entered ? await lacking(dossier) : [];
  if (here.dossier !== dossier) return;
  part("lacking").hidden = names.length === 0 || part("saved").hidden;
  fill("lacking", names.join("; "), pane);
  part("lacking-list").replaceChildren(...names.map((name) => item(joined(name, say("dossiers.one.not_handed_in")))));
}

function drawFacts(dossier) {
  const who = dossier.applicant ?? {};
  const owner = who.owner && who.owner !== who.name ? say("dossiers.one.for_owner", { name: who.owner }) : "";
  fill("applicant", joined(who.name, who.id_number, owner) || say("dossiers.one.unknown"), pane);
  fill("contact", joined(who.phone, who.email, who.address) || say("dossiers.one.unknown"), pane);
  fill("received", joined(moment(dossier.received_at), say(`dossiers.way.${dossier.intake}`)), pane);
  const { term_amount: n, term_unit: unit } = dossier;
  const term = unit ? say(n ? `dossiers.term.${unit}` : "dossiers.term.same_day", { n }) : "";
  fill("due-at", joined(moment(dossier.due_at) || say("dossiers.due.none"), term, putOff(dossier)), pane);
  const back = dossier.returned_at ? say("dossiers.one.returned", { at: moment(dossier.returned_at) }) : "";
  fill("ways", joined(say(`dossiers.way.${dossier.give_back}`), dossier.tracking, back), pane);
  fill("fee", joined(money(dossier.fee), dossier.fee_note), pane);
  fill("sets", String(dossier.sets), pane);
}

function drawActs(dossier) {
  for (const act of Object.keys(HINDERED)) {
    button(act, pane).setAttribute("aria-disabled", String(!can(act)));
    button(act, pane).title = why(act);
  }
  const invited = !part("saved").hidden; // then the receipt is the one thing to do
  const main = invited ? "" : { 5: "supplement-done", 9: "hand-back" }[dossier.status] ?? (open(dossier) ? "ready" : "print");
  for (const act of Object.keys(HINDERED)) button(act, pane).classList.toggle("primary", act === main);
  part("link").hidden = !can("link");
  fill("link", say("dossiers.act.link", { number: data.ticket?.number ?? "" }), pane);
}

/** Show a dossier as an answer brought it. */
export function draw(dossier) {
  Object.assign(here, { dossier, code: dossier.code });
  if (part("saved").dataset.of !== `${dossier.key} ${dossier.seq}`) part("saved").hidden = true; // it has moved on since
  pane.dataset.state = "ready";
  fill("code", dossier.code, part("one").querySelector("header"));
  fill("what", joined(dossier.procedure_name, dossier.procedure), part("one").querySelector("header"));
  part("status", pane).className = `badge ${statusTone(dossier.status)}`;
  fill("status", statusWord(dossier.status), pane);
  drawDue(dossier, pane.querySelector("header"));
  part("due", pane.querySelector("header")).hidden = due(dossier).text === statusWord(dossier.status);
  fill("trips", say("dossiers.one.trips", { n: dossier.trips }), pane);
  drawFacts(dossier);
  drawLists(dossier);
  drawLacking(dossier);
  drawActs(dossier);
  list.choose(dossier.code);
}

function address(code) {
  const url = new URL(location.href);
  for (const gone of ["scan", "new"]) url.searchParams.delete(gone);
  if (code) url.searchParams.set("code", code);
  else url.searchParams.delete("code");
  history.replaceState(null, "", url);
}

/** Fetch the dossier `code` and show it; answers whether it is there. */
export async function show(code, { quiet = false } = {}) {
  here.code = code;
  if (!quiet) Object.assign(part("saved"), { hidden: true });
  if (here.dossier?.code !== code) pane.dataset.state = "busy";
  list.choose(code);
  try {
    const dossier = await ask(of(code));
    if (here.code !== code) return false;
    draw(dossier);
    address(dossier.code);
    if (!quiet) part("one").querySelector("#one-code").focus({ preventScroll: true });
    return true;
  } catch (fault) {
    if (here.code !== code || signedOut(fault) || (quiet && fault.status === 0)) return false;
    pane.dataset.state = "error";
    fill("one-error", told(fault), pane);
    return false;
  }
}

/** Fetch what is shown anew. */
export const refresh = () => (here.dossier ? show(here.dossier.code, { quiet: true }) : undefined);

/** A dossier that was just saved: say so, and offer its receipt first. */
export function saved(dossier) {
  Object.assign(part("saved"), { hidden: false }).dataset.of = `${dossier.key} ${dossier.seq}`;
  draw(dossier);
  address(dossier.code);
  fill("saved", say("dossiers.one.saved", { code: dossier.code }), pane);
  part("saved-print").href = printed(dossier.code, "giay_tiep_nhan");
  part("saved-print").focus();
}

/** Where the print page of a form is. */
export const printed = (code, kind, pdf = false) => (pdf ? data.pdf_url : data.print_url).replace("CODE", encodeURIComponent(code)).replace("KIND", kind);
