// The hall board: what each event changes.

import { run } from "/static/js/clock.js";
import { follow } from "/static/js/events.js";
import { presenter } from "./calls.js";
import { data, fill, mark, number, part } from "./page.js";
import { refresher } from "./refresh.js";
import { pages, turn } from "./strip.js";
import { voice } from "./voice.js";

const LOST_MS = 1500; // a shorter gap is mended before anybody needs to know
const board = document.getElementById("board");
const now = part("now");
let hall = data.hall;
let latest = 0;

const layLines = pages(part("lines"), data.notice_s);

const deskOf = (id) => hall.desks.find((desk) => desk.id === id);

/** Whether a call is still being waited for at its counter. */
const isCalling = (call) => {
  const desk = deskOf(call.counter);
  return desk?.state === "calling" && desk.number === call.number;
};

function state(call, fresh) {
  if (hall.phase.name === "closed" && !fresh) return "closed";
  if (!call) return "empty";
  return fresh || isCalling(call) ? "calling" : "past";
}

function drawNow(call, fresh) {
  const how = state(call, fresh);
  mark(now, "state", how);
  if (!call) return;
  const key = how !== "calling" ? "past" : call.recall ? "recall" : "call";
  fill("said", data.words[key]);
  fill("said-under", data.words[`${key}_under`]);
  number(part("number"), call.number);
  number(part("desk"), call.counter);
  const direction = deskOf(call.counter)?.direction ?? "straight";
  mark(part("way"), "direction", direction);
  fill("way", data.words[direction]);
}

function drawLast(calls) {
  [...part("last").children].forEach((row, n) => {
    const call = calls[n + 1];
    row.classList.toggle("unused", !call);
    row.classList.toggle("is-calling", Boolean(call) && isCalling(call));
    number(row.querySelector(".number"), call?.number ?? "");
    fill("desk", call?.counter ?? "", row);
  });
}

function pulse() {
  now.classList.remove("pulse");
  void now.offsetWidth; // begins the three beats anew
  now.classList.add("pulse");
}

function draw(calls, fresh) {
  drawNow(calls[0], Boolean(fresh) || shown?.holding());
  drawLast(calls);
  if (fresh) pulse();
}

let shown = null;
shown = presenter({ list: hall.calls, most: data.last + 1, draw });

function drawDesk(desk) {
  const box = part("desks").querySelector(`[data-desk="${CSS.escape(desk.id)}"]`);
  mark(box, "state", desk.state);
  fill("what", desk.number || desk.word, box);
}

/** What a call makes of its counter, before anything is fetched; a counter taken out of the configuration has no cell. */
function callAt(id, text) {
  const desk = deskOf(id);
  if (!desk) return;
  Object.assign(desk, { state: "calling", number: text });
  drawDesk(desk);
}

function drawHall() {
  mark(board, "phase", hall.phase.name);
  part("phase").hidden = !hall.phase.badge;
  fill("badge", hall.phase.badge);
  fill("opens", hall.phase.opens);
  fill("hours", hall.phase.hours);
  hall.desks.forEach(drawDesk);
  for (const line of hall.lines) {
    const box = part("lines").querySelector(`[data-service="${CSS.escape(line.id)}"]`);
    mark(box, "waiting", line.waiting ? "some" : "none");
    fill("waiting", String(line.waiting), box);
  }
  layLines();
}

const look = refresher({
  url: "/board/hall.json",
  edition: data.edition,
  least: () => latest, // an answer from before the last call would take its cell back
  apply(answer) {
    hall = answer;
    drawHall();
    shown.settle(hall.calls, stream.seq());
  },
});

const speech = voice({ hint: part("sound"), tell: (what) => mark(now, "sound", what) });
let lostTimer = 0;

const stream = follow({
  url: "/api/v1/events?as=screen",
  since: hall.seq,
  lost() {
    lostTimer = setTimeout(() => {
      board.classList.add("is-lost");
      part("lost").hidden = false;
    }, LOST_MS);
    look.soon(); // finds out whether this screen is still paired
  },
  restored() {
    clearTimeout(lostTimer);
    board.classList.remove("is-lost");
    part("lost").hidden = true;
    look.now();
  },
  on(event) {
    if (event.kind === "ticket.called" || event.kind === "ticket.recalled") {
      const { seq, at, counter, ticket } = event;
      latest = seq;
      if (seq > hall.seq) callAt(counter, ticket.number); // else told again after a lost line, and known to be over
      shown.receive({ seq, at, ticket: ticket.id, number: ticket.number, counter, recall: event.kind === "ticket.recalled" });
    }
    if (event.kind === "ticket.announced" && data.sound && (event.data.clip || shown.justCalled(event.ticket.id))) {
      speech.announce(event); // without a clip: a chime, unless nobody waits for that call any more
    }
    if (event.kind === "hall.announced" && data.sound && event.data.clip) speech.announce(event);
    if (/^(ticket|counter)\.|^hall\.closed/.test(event.kind)) look.soon();
  },
});

run({ time: document.querySelector('[data-slot="time"]'), date: document.querySelector('[data-slot="date"]') });
turn(data.strip, data.notice_s);
