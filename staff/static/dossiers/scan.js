// The field that a scanner types into. The server says what was read; a dossier opens, a card fills the form, and
// nothing of what was read is kept.

import { attachWedge } from "/static/js/wedge.js";
import * as messages from "../messages.js";
import { part, say, signedOut, told } from "../page.js";
import { act, picture } from "./server.js";

const field = part("wedge");
const photo = part("picture");

function meaning(answer, text, doings) {
  const { kind, action, dossier } = answer;
  if (kind === "card" && action.card) return doings.card(action.card);
  if (dossier?.code) {
    doings.dossier(dossier.code);
    return messages.show(action.say || say("dossiers.wedge.read", { code: dossier.code }), action.name === "overdue" ? "fault" : "plain");
  }
  if (kind === "dossier") return doings.unknown(action.wish?.dossier ?? text, action);
  return messages.show(action.say || say("dossiers.wedge.unknown"), kind === "ticket" ? "plain" : "wait");
}

async function understand(asking, text, doings) {
  field.toggleAttribute("data-busy", true);
  try {
    meaning(await asking, text, doings);
  } catch (fault) {
    if (!signedOut(fault) && fault.key !== "error.unknown_arrival") messages.show(told(fault), "wait");
  } finally {
    field.toggleAttribute("data-busy", false);
  }
}

/** Put the cursor where the scanner types. */
export function focus() {
  field.focus();
  field.select();
}

/** A reader on the server has read something for this counter: ask what it was. */
export const arrived = (id, doings) => understand(act("/scans", { arrival: id }), "", doings);

/** Listen to the scanner; `awake` tells whether letters typed beside a field may be its own. */
export function keep(doings, awake) {
  attachWedge(field, {
    read: (text) => understand(act("/scans", { text, by: "wedge" }), text, doings),
    garbled: () => messages.show(say("dossiers.wedge.unikey"), "fault"),
    awake,
  });
  photo.addEventListener("change", () => {
    const [file] = photo.files;
    photo.value = "";
    if (!file) return;
    messages.show(say("dossiers.wedge.reading"));
    understand(picture("/scans", file), "", doings);
  });
}
