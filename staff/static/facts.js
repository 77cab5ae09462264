// Right column: what is known of the number at the counter, and the numbers on hold or absent that can come back.

import { hourMinute } from "/static/js/clock.js";
import { button, data, fill, part, say, span } from "./page.js";
import { keep } from "./steady.js";

const lists = [...document.querySelectorAll("[data-list]")];

function slip(ticket) {
  if (!data.rules.prints && !ticket.slip) return say("facts.slip_none");
  return say(`facts.slip_${ticket.slip ?? "waiting"}`);
}

function drawClass(ticket) {
  const claimed = Boolean(ticket?.priority);
  const open = claimed && !ticket.priority_verified;
  const name = claimed ? data.classes[ticket.priority] ?? ticket.priority : say("facts.ordinary");
  fill("fact-class", ticket ? (claimed && !open ? `${name} (${say("facts.confirmed")})` : name) : "");
  part("confirm").hidden = !open;
  part("check").toggleAttribute("data-open", open);
  for (const act of ["right", "wrong"]) button(act).disabled = !open;
}

function drawFacts(ticket) {
  part("facts").toggleAttribute("data-empty", !ticket);
  drawClass(ticket);
  part("reprint").hidden = !data.rules.prints;
  if (!ticket) return;
  fill("fact-taken", hourMinute(Date.parse(ticket.issued_at)));
  fill("fact-waited", say("facts.waited", { time: span(Date.parse(ticket.called_at) - Date.parse(ticket.issued_at)) }));
  fill("fact-calls", say("facts.calls_n", { n: ticket.calls, m: ticket.recalls }));
  fill("fact-slip", slip(ticket));
  fill("reprint", say(ticket.slip === "printed" ? "facts.reprint" : "facts.print"));
}

function row(ticket) {
  const made = part("row").content.firstElementChild.cloneNode(true);
  fill("number", ticket.number, made);
  const back = button("back", made);
  back.dataset.ticket = ticket.id;
  back.setAttribute("aria-label", `${back.textContent.trim()} ${ticket.number}`);
  return made;
}

function note(made, ticket) {
  const held = ticket.state === "held";
  const until = held ? hourMinute(Date.parse(ticket.hold_until)) : "";
  fill("note", held ? say("held.until", { time: until }) : say("absent.calls", { n: ticket.calls }), made);
}

/** Show the number at the counter and the lists beside it. */
export function draw(desk) {
  drawFacts(desk.current);
  for (const list of lists) {
    const tickets = desk[list.dataset.list];
    keep(part("rows", list), tickets, row, note);
    list.toggleAttribute("data-empty", tickets.length === 0);
    fill("count", tickets.length ? String(tickets.length) : "", list);
  }
}

/** The clerk's day so far, in figures. */
export function drawDay(day) {
  const words = [say("day.finished", { n: day.finished }), say("day.absent", { n: day.absent })];
  if (day.median_wait_s !== null) words.push(say("day.wait", { time: span(day.median_wait_s * 1000) }));
  if (day.median_service_s !== null) words.push(say("day.service", { time: span(day.median_service_s * 1000) }));
  fill("day", words.join(" · "));
}
