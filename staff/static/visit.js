// Right column: the dossiers of the number at the counter, and the two ways into the register with it.

import { get } from "/static/js/api.js";
import { button, data, fill, part } from "./page.js";

const here = part("visit");
let shown = ""; // the ticket whose dossiers are drawn
let asked = 0;

const address = (params) => `/staff/dossiers?${new URLSearchParams(params)}`;

function link(ticket) {
  const served = ticket ? { ticket: ticket.id } : {};
  button("intake", here).href = address({ ...served, new: "1" });
  button("receipt", here).href = address(served);
}

function row(dossier, ticket) {
  const made = part("visit-row", here.parentElement).content.firstElementChild.cloneNode(true);
  fill("code", dossier.code, made);
  made.querySelector("a").href = address({ ticket, code: dossier.code });
  fill("what", data.statuses[dossier.status] ?? "", made);
  made.title = dossier.procedure_name;
  return made;
}

function list(dossiers, ticket) {
  part("visit-rows").replaceChildren(...dossiers.map((dossier) => row(dossier, ticket)));
  here.toggleAttribute("data-empty", dossiers.length === 0);
  fill("visit-count", dossiers.length ? String(dossiers.length) : "", here);
}

/** Fetch the dossiers of the number at the counter anew. */
export async function refresh(ticket) {
  const mine = (asked += 1);
  if (!ticket) return;
  try {
    const { dossiers } = await get(`/api/v1/dossiers?${new URLSearchParams({ ticket: ticket.id, as: "person" })}`, { tries: 1 });
    if (mine === asked) list(dossiers, ticket.id);
  } catch {
    // the line at the foot tells; the next event asks again
  }
}

/** Show the dossiers of `ticket`; fetched when it is another one. */
export function draw(ticket) {
  const id = ticket?.id ?? "";
  if (id === shown) return;
  shown = id;
  link(ticket);
  list([], "");
  refresh(ticket);
}

/** What the keys of this column do. */
export const acts = {
  intake: () => button("intake", here).click(),
  receipt: () => button("receipt", here).click(),
};
