// A spreadsheet into the register: all rows or none, how far it is, and what is wrong by row and column.

import { newKey } from "/static/js/api.js";
import { fill, part, say, told } from "../page.js";
import * as list from "./list.js";
import { ask } from "./server.js";

const dialog = part("upload");
const file = part("file", dialog);
const bar = part("upload-bar", dialog);
const confirm = part("upload-confirm", dialog);
const confirmed = part("upload-confirmed", dialog);
const LOOK_MS = 500;
const URL = "/api/v1/dossiers/import";
const TYPES = {
  csv: "text/csv",
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
  jsonl: "application/x-ndjson",
  ndjson: "application/x-ndjson",
};
let sending = null;
let looking = 0;

const send = () => dialog.querySelector('[data-act="send-file"]');
const typeOf = (name) => TYPES[name.split(".").at(-1).toLowerCase()] ?? "";

function end(text, tone) {
  dialog.dataset.state = "ended";
  part("upload-end", dialog).className = `banner ${tone}`;
  part("upload-end", dialog).hidden = !text;
  fill("upload-end", text, dialog);
}

function errorRow({ row, column, reason, say: words }) {
  const made = document.createElement("tr");
  for (const [text, name] of [[row ?? "", "figure"], [column ?? "", ""], [words ?? reason ?? "", ""]]) {
    made.append(Object.assign(document.createElement("td"), { textContent: String(text), className: name }));
  }
  return made;
}

function showErrors(errors) {
  part("upload-errors", dialog).hidden = errors.length === 0;
  part("upload-rows", dialog).replaceChildren(...errors.map(errorRow));
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

/** What the import did, in words: also where the office's own work, or an erasure, stood against the file. */
function report({ rows = 0, added = 0, changed = 0, same = 0, ours = 0, erased = 0, totals = [], sheets = [] }) {
  const lines = [say("dossiers.upload.done", { total: rows, added, changed, same })];
  if (ours) lines.push(say("dossiers.upload.ours", { count: ours }));
  if (erased) lines.push(say("dossiers.upload.erased", { count: erased }));
  if (totals.length) lines.push(say("dossiers.upload.totals", { rows: totals.join(", ") }));
  if (sheets.length) lines.push(say("dossiers.upload.sheets", { names: sheets.join(", ") }));
  return lines.join(" ");
}

function answered(request) {
  const answer = parsed(request.responseText);
  if (request.status >= 200 && request.status < 300) {
    end(report(answer), "done");
    list.refresh();
    return;
  }
  const errors = answer.errors ?? [];
  showErrors(errors);
  if (errors.some(({ reason }) => reason === "code_unknown")) confirm.hidden = false;
  end(told({ title: answer.title ?? "" }), "fault");
}

/** How far the office is with the file it has. */
async function look() {
  try {
    const { running, doing, rows, share } = await ask("/dossiers/import");
    if (!running || !sending) return;
    bar.value = Math.round(100 * share);
    fill("upload-told", say(`dossiers.upload.${doing}`, { rows }), dialog);
  } catch {
    // the answer itself will tell
  }
}

function moving(event) {
  if (!event.lengthComputable) return;
  const share = Math.round((100 * event.loaded) / event.total);
  bar.value = share;
  if (share < 100) fill("upload-told", say("dossiers.upload.sending", { share }), dialog);
  else {
    bar.removeAttribute("value"); // how long the office reads is not known
    fill("upload-told", say("dossiers.upload.sent"), dialog);
    clearInterval(looking);
    looking = setInterval(look, LOOK_MS);
  }
}

function start() {
  const [chosen] = file.files;
  if (!chosen || sending) return;
  dialog.dataset.state = "sending";
  showErrors([]);
  part("upload-end", dialog).hidden = true;
  send().disabled = true;
  const request = new XMLHttpRequest(); // fetch does not tell how far an upload is
  sending = request;
  request.open("POST", confirmed.checked ? `${URL}?confirmed=1` : URL);
  request.setRequestHeader("Accept", "application/json");
  request.setRequestHeader("Content-Type", typeOf(chosen.name));
  request.setRequestHeader("Idempotency-Key", newKey());
  request.setRequestHeader("X-CSRF-Token", document.querySelector('meta[name="csrf"]').content);
  request.upload.addEventListener("progress", moving);
  request.addEventListener("load", () => answered(request));
  request.addEventListener("error", () => end(say("connection"), "fault"));
  request.addEventListener("loadend", () => {
    sending = null;
    clearInterval(looking);
    send().disabled = false;
  });
  request.send(chosen);
}

function chosen() {
  const [one] = file.files;
  const known = one && typeOf(one.name);
  fill("file-name", one?.name ?? say("dossiers.upload.no_file"), dialog);
  [confirm.hidden, confirmed.checked] = [true, false]; // what was confirmed were the codes of that file
  dialog.dataset.state = "choose";
  showErrors([]);
  part("upload-end", dialog).hidden = true;
  send().disabled = !known;
  if (one && !known) end(say("dossiers.upload.wrong_kind"), "wait");
}

/** Ask for a file. */
export function open() {
  file.value = "";
  chosen();
  dialog.showModal();
  file.focus();
}

file.addEventListener("change", chosen);
dialog.addEventListener("cancel", (event) => sending && event.preventDefault());

export const answers = { "send-file": start };
