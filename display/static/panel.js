// The small panel over one counter.

import { follow } from "/static/js/events.js";
import { data, fill, mark, number, part } from "./page.js";
import { refresher } from "./refresh.js";

const LOST_MS = 1500;
const panel = part("panel");
let lostTimer = 0;
let latest = 0;

function pulse() {
  panel.classList.remove("pulse");
  void panel.offsetWidth; // begins the three beats anew
  panel.classList.add("pulse");
}

function draw(desk) {
  mark(panel, "state", desk.state);
  fill("word", desk.word);
  fill("under", desk.under);
  number(part("number"), desk.number);
}

const fresh = refresher({
  url: `/board/${encodeURIComponent(data.desk)}/desk.json`,
  edition: data.edition,
  least: () => latest,
  apply: draw,
});

follow({
  url: "/api/v1/events?as=screen",
  since: data.seq,
  lost() {
    lostTimer = setTimeout(() => (part("lost").hidden = false), LOST_MS);
    fresh.soon(); // finds out whether this screen is still paired
  },
  restored() {
    clearTimeout(lostTimer);
    part("lost").hidden = true;
    fresh.now();
  },
  on(event) {
    if (event.counter !== data.desk) return;
    latest = event.seq;
    if (/^ticket\.(called|recalled)$/.test(event.kind)) {
      draw({ ...data.calling, state: "calling", number: event.ticket.number }); // at once, before anything is fetched
      pulse();
    }
    fresh.soon();
  },
});
