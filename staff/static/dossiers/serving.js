// The number being served, which an act may join the dossier to: offered in its question, where it can be switched off,
// and told once it is done. What the question showed is what is sent, whoever is called meanwhile.

import { data, fill, part, say } from "../page.js";

let offered = null;

/** Whether the number being served came for this dossier: it has a visit here, or its paper was just scanned. */
export function cameFor(dossier, scanned) {
  const { id } = data.ticket ?? {};
  return Boolean(id) && (dossier.visits.some((visit) => visit.ticket === id) || (scanned.code === dossier.code && scanned.ticket === id));
}

/** Show in the question of an act whether it joins the dossier to the number being served; `on` unless switched off. */
export function offer(dialog, on) {
  const line = part("with-ticket", dialog);
  offered = line ? data.ticket : null;
  if (!line) return;
  line.hidden = !offered;
  line.querySelector("input").checked = on;
  fill("with-ticket", offered ? say("dossiers.with_ticket", { number: offered.number }) : "", dialog);
}

/** The number that the question of `form` joins, or null. */
const taken = (form) => (offered && form.elements.with_ticket?.checked ? offered : null);

/** `body` with the number to join, when there is one. */
export const joining = (form, body) => (taken(form) ? { ...body, ticket: taken(form).id } : body);

/** What was done, and which number it was joined to. */
export const told = (form, text) => (taken(form) ? `${text} ${say("dossiers.done.joined", { number: taken(form).number })}` : text);
