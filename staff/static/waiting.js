// Left column: who is next and why, and everyone waiting, by service.

import { data, fill, part, say, since, span } from "./page.js";
import { words } from "./reasons.js";
import { keep } from "./steady.js";

const groups = [...document.querySelectorAll("[data-group]")];
let shown = null;

function chip() {
  return part("chip").content.firstElementChild.cloneNode(true);
}

function dress(row, ticket) {
  fill("number", ticket.number, row);
  row.dataset.at = ticket.issued_at;
  row.toggleAttribute("data-priority", Boolean(ticket.priority));
  row.toggleAttribute("data-next", ticket.id === shown.next?.id);
}

function drawGroup(group) {
  const id = group.dataset.group;
  const mine = shown.waiting.filter((ticket) => (data.own_services.includes(ticket.service) ? ticket.service : "") === id);
  if (!id) group.hidden = mine.length === 0 && group.hidden; // once there it stays: nothing moves
  const list = part("chips", group);
  keep(list, mine, chip, dress);
  list.dataset.empty = mine.length ? "" : say("waiting.group_empty");
  fill("count", String(mine.length), group);
}

function drawNext() {
  const next = shown.waiting.find((ticket) => ticket.id === shown.next?.id);
  part("next").toggleAttribute("data-empty", !next);
  fill("next-number", next?.number ?? "–");
  fill("next-service", next ? data.services[next.service] ?? "" : say("waiting.next_none"));
  fill("next-why", next ? words(shown.next, since(next.issued_at)) : "");
}

/** Show the line of a counter as the API tells it. */
export function draw(desk) {
  shown = desk;
  fill("waiting-count", String(desk.waiting_count));
  groups.forEach(drawGroup);
  tick();
}

/** Waiting times go on by themselves. */
export function tick() {
  if (!shown) return;
  drawNext();
  for (const row of document.querySelectorAll(".chip")) fill("time", span(since(row.dataset.at)), row);
}
