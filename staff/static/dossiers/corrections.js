// What was typed wrongly and may be put right by hand; what an act decides (status, days, unit) has its own question.

import { say } from "../page.js";

const PERSON = ["name", "id_number", "phone", "email", "address", "owner", "owner_address"];
const REST = ["sets", "fee", "fee_note"];
const known = (dossier, name) => String((PERSON.includes(name) ? dossier.applicant?.[name] : dossier[name]) ?? "");
let before = {};

/** Fill the fields with what is known. */
export function open(form, dossier) {
  before = Object.fromEntries([...PERSON, ...REST].map((name) => [name, known(dossier, name)]));
  for (const [name, text] of Object.entries(before)) form.elements[name].value = text;
}

/** What is other than before, as the server takes it; a sentence when that cannot be sent. */
export function body(form) {
  const written = (name) => form.elements[name].value.trim();
  const changed = (names) => names.filter((name) => written(name) !== before[name]);
  const [applicant, others] = [changed(PERSON), changed(REST)].map((names) => Object.fromEntries(names.map((name) => [name, written(name)])));
  if (!Object.keys({ ...applicant, ...others }).length) return say("dossiers.ask.need_change");
  if ("sets" in others && !/^[1-9]\d?$/.test(others.sets)) return say("dossiers.form.need_sets");
  if ("fee" in others) others.fee = others.fee.replace(/[.\s]/g, "");
  if ("fee" in others && !/^\d+$/.test(others.fee)) return say("dossiers.ask.need_fee");
  for (const name of ["sets", "fee"]) if (name in others) others[name] = Number(others[name]);
  return Object.keys(applicant).length ? { ...others, applicant } : others;
}
