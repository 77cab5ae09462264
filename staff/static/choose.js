// Choosing a counter: which are taken and by whom, live; then sitting down.

import { call, get, post } from "/static/js/api.js";
import { follow } from "/static/js/events.js";
import { gathered } from "/static/js/gather.js";
import * as calls from "./calls.js";
import { keep } from "./head.js";
import { data, fill, part, say, signedOut, told } from "./page.js";

const GATHER_MS = 200;
const TONES = { open: "now", paused: "wait", closed: "plain" };
let wanted = "";

function draw(queue) {
  for (const counter of queue.counters) {
    const seat = document.querySelector(`[data-counter="${counter.id}"]`);
    if (!seat) continue;
    const taken = counter.state !== "closed" && counter.person;
    seat.dataset.person = taken ? counter.person : "";
    seat.dataset.state = counter.state;
    seat.querySelector('[data-slot="state"]').className = `badge ${TONES[counter.state]}`;
    fill("state", say(`state.${counter.state}`), seat);
    fill("person", taken ? say("choose.taken", { person: counter.person }) : say("choose.free"), seat);
    fill("ticket", counter.ticket ? say("choose.serving", { number: counter.ticket.number }) : "", seat);
  }
}

function show(text) {
  fill("fault", text);
  part("fault").hidden = !text;
}

async function refresh() {
  try {
    draw(await get("/api/v1/queue?as=person", { tries: 1 }));
  } catch (fault) {
    signedOut(fault);
  }
}

const refreshSoon = gathered(refresh, GATHER_MS);

/** Sit down; `takeOver` an open counter in one's own name. */
async function sit(counter, takeOver = false) {
  try {
    await call("PUT", "/api/v1/session", { counter });
    if (takeOver) await post(`/api/v1/counters/${encodeURIComponent(counter)}/open`);
    location.assign("/staff/counter");
  } catch (fault) {
    if (!signedOut(fault)) show(told(fault));
  }
}

function choose(seat) {
  wanted = seat.dataset.counter;
  const { person } = seat.dataset;
  if (!person || person === document.querySelector(".me strong").textContent) {
    sit(wanted);
    return;
  }
  fill("taken-title", say("choose.taken_title", { counter: wanted, person }));
  part("taken").showModal();
}

for (const seat of document.querySelectorAll("[data-counter]")) seat.addEventListener("click", () => choose(seat));
part("taken-yes").addEventListener("click", () => {
  sit(wanted, document.querySelector(`[data-counter="${wanted}"]`).dataset.state === "open");
});
part("taken-no").addEventListener("click", () => part("taken").close());
document.querySelector(".seats").addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
  const seats = [...document.querySelectorAll("[data-counter]")];
  const at = seats.indexOf(document.activeElement);
  if (!step || at < 0) return;
  event.preventDefault();
  seats[(at + step + seats.length) % seats.length].focus();
});
draw(data.queue);
keep();
calls.keep();
document.querySelector('[data-act="help-known"]').addEventListener("click", calls.known);
follow({
  url: "/api/v1/events?as=person",
  since: data.queue.seq,
  lost: () => show(say("lost")),
  restored: () => {
    show("");
    refresh();
    calls.look();
  },
  on: (event) => {
    calls.hear(event);
    if (/^(counter|ticket)\./.test(event.kind)) refreshSoon();
  },
});
document.documentElement.dataset.ready = "";
