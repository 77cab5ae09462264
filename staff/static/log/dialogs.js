// What is asked before footage is watched, taken out or held.

import { post } from "/static/js/api.js";
import { now } from "/static/js/clock.js";
import { act, intent } from "../dossiers/server.js";
import { data, fill, part, say, signedOut, told } from "../page.js";
import { at, clock, rfc } from "./moments.js";

const EXPORT_MS = 180000;
const DAY_MS = 86400000;
const LONG_DAYS = 366; // longer holds are asked about once more
const KEPT = `footage ${location.search}`;
const keys = { why: intent(), export: intent(), hold: intent() };

const form = (name) => part(name).querySelector("form");
const slot = (name, dialog) => dialog.querySelector(`[data-slot="${name}"]`);

function refuse(dialog, text) {
  slot("refused", dialog).hidden = !text;
  fill("refused", text, dialog);
}

/** Reason and own words of a form; null, with the field marked, while no reason is chosen. */
function why(name) {
  const { reason, note } = form(name).elements;
  reason.setAttribute("aria-invalid", String(!reason.value));
  if (!reason.value) {
    refuse(part(name), say("log.dialog.reason_missing"));
    reason.focus();
    return null;
  }
  sessionStorage.setItem("footage reason", reason.value);
  const own = note.value.trim();
  return { reason: reason.value, ...(own && { note: own }) };
}

/** The box for masks can be ticked while one of the chosen cameras has some. */
function offerMasks() {
  const { masked } = form("export").elements;
  const has = (box) => data.cameras.find(({ name }) => name === box.value)?.masks;
  const some = [...form("export").querySelectorAll('[name="cameras"]:checked')].some(has);
  masked.disabled = !some;
  masked.checked &&= some;
  part("no-masks").hidden = some;
}

const subject = () => ({ ...(data.ticket && { ticket: data.ticket }), ...(data.dossier && { dossier: data.dossier }) });

/** Cameras and stretch of a form; null, told, when they are none. */
function what(name) {
  const { from, to } = form(name).elements;
  const cameras = [...form(name).querySelectorAll('[name="cameras"]:checked')].map((box) => box.value);
  const [begins, ends] = [at(from.value, data.at), at(to.value, data.at)];
  if (cameras.length && ends > begins) return { cameras, from: rfc(begins), to: rfc(ends) };
  refuse(part(name), say(cameras.length ? "log.dialog.wrong_order" : "log.dialog.no_camera"));
  return null;
}

async function send(name, path, body, run = act) {
  const dialog = part(name);
  const submit = dialog.querySelector('[type="submit"]');
  submit.disabled = true;
  refuse(dialog, "");
  try {
    const answer = await run(path, body, keys[name].keyFor(body));
    keys[name].answered();
    return answer;
  } catch (fault) {
    if (!signedOut(fault)) refuse(dialog, told(fault));
    return null;
  } finally {
    submit.disabled = false;
  }
}

const slowly = (path, body, key) => post(`/api/v1${path}`, body, { key, timeout: EXPORT_MS, tries: 1 });

function open(name) {
  const dialog = part(name);
  const { reason } = form(name).elements;
  reason.value ||= sessionStorage.getItem("footage reason") ?? "";
  refuse(dialog, "");
  dialog.showModal();
}

function openWith(name, [begins, ends]) {
  const { from, to } = form(name).elements;
  [from.value, to.value] = [clock(begins), clock(ends)];
  open(name);
}

/** A reason given for this scene before, in this window; "" when there is none that still holds. */
export function viewBefore() {
  const { view, until } = JSON.parse(sessionStorage.getItem(KEPT) ?? "{}");
  return until > now() + 60000 ? view : "";
}

/** Ask why; `then(view)` once the office has written it down. */
export function askWhy(then) {
  open("why");
  form("why").onsubmit = async (event) => {
    event.preventDefault();
    const reason = why("why");
    if (!reason) return;
    const names = data.cameras.map(({ name }) => name);
    const body = { cameras: names, from: rfc(data.begins), to: rfc(data.ends), ...reason, ...subject() };
    performance.mark("reason given");
    const answer = await send("why", "/footage/views", body);
    if (!answer) return;
    sessionStorage.setItem(KEPT, JSON.stringify({ view: answer.view, until: Date.parse(answer.ends_at) }));
    part("why").close();
    then(answer.view);
  };
}

function exportWords(leave, again) {
  fill("dismiss", say(leave), part("export"));
  fill("submit", say(again), part("export"));
}

/** Take footage out, of the stretch from … to at first. */
export function askExport(stretch) {
  part("made").hidden = true;
  exportWords("cancel", "log.dialog.export_do");
  offerMasks();
  openWith("export", stretch);
  form("export").onsubmit = async (event) => {
    event.preventDefault();
    const [range, reason] = [what("export"), why("export")];
    if (!range || !reason) return;
    const body = { ...range, ...reason, ...subject(), masked: form("export").elements.masked.checked };
    const answer = await send("export", "/footage/exports", body, slowly);
    if (!answer) return;
    part("made").hidden = false;
    exportWords("close", "log.dialog.export_again");
    part("file").href = answer.url;
    fill("hash", `SHA-256 ${answer.sha256}`, part("export"));
    part("file").focus();
  };
}

/** The office is told the first day on which it is not held any more; people choose the last on which it is. */
const dayAfter = (text) => new Date(Date.parse(text) + DAY_MS).toISOString().slice(0, 10);

/** Whether the day is meant: one more than a year away is asked about once. */
function meant(dialog, text) {
  const days = Math.round((Date.parse(text) - now()) / DAY_MS);
  if (days <= LONG_DAYS || dialog.dataset.sure === text) return true;
  dialog.dataset.sure = text;
  refuse(dialog, say("log.dialog.far", { day: written(text), n: Math.floor(days / 365) }));
  return false;
}

const written = (text) => text.split("-").reverse().join("/");

/** Hold footage beyond its days; `then(day, whether all of it lies here)` once it is held. */
export function askHold(stretch, then) {
  const { until } = form("hold").elements;
  const day = (ms) => new Date(ms).toISOString().slice(0, 10);
  until.min = day(now() + DAY_MS);
  until.value ||= day(now() + data.hold_days * DAY_MS);
  openWith("hold", stretch);
  form("hold").onsubmit = async (event) => {
    event.preventDefault();
    const [range, reason] = [what("hold"), why("hold")];
    if (!range || !reason || !until.value || !meant(part("hold"), until.value)) return;
    const body = { ...range, ...reason, ...subject(), until: dayAfter(until.value) };
    const answer = await send("hold", "/footage/holds", body);
    if (!answer) return;
    part("hold").close();
    then(written(until.value), answer.kept_here);
  };
}

for (const box of form("export")?.querySelectorAll('[name="cameras"]') ?? []) box.addEventListener("change", offerMasks);
for (const each of document.querySelectorAll('[data-act="dismiss"]')) {
  each.addEventListener("click", () => each.closest("dialog").close());
}
