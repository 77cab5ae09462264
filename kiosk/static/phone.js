// One ticket on a phone: asks again and again, gently; slower when unanswered or nearly so, not at all when unseen.

import { hourMinute } from "/static/js/clock.js";

const EVERY_MS = 5000;
const NEAR_MS = 2500;
const LONGEST_MS = 60000;
const TIMEOUT_MS = 8000;

const root = document.getElementById("phone");
const slot = (name) => root.querySelector(`[data-slot="${name}"]`);
const part = (name) => root.querySelector(`[data-part="${name}"]`);
let etag = "";
let failures = 0;
let timer = 0;

function draw(view) {
  const before = root.dataset.state;
  root.dataset.state = view.state;
  root.dataset.over = String(view.over);
  for (const name of ["number", "service", "headline", "what", "ahead", "counting", "wait"]) {
    if (slot(name).textContent !== view[name]) slot(name).textContent = view[name];
  }
  part("line").hidden = !view.ahead;
  if (view.state === "called" && before !== "called") navigator.vibrate?.([400, 200, 400]);
}

function wait() {
  if (failures) return Math.min(EVERY_MS * 2 ** failures, LONGEST_MS);
  return root.dataset.state === "next" || root.dataset.state === "called" ? NEAR_MS : EVERY_MS;
}

async function ask() {
  const headers = etag ? { "If-None-Match": etag } : {};
  const answer = await fetch(root.dataset.live, { headers, cache: "no-store", signal: AbortSignal.timeout(TIMEOUT_MS) });
  if (answer.status === 404) {
    location.reload(); // the number is no longer known: the page says so itself
    return;
  }
  if (answer.status !== 304) {
    if (!answer.ok) throw new Error(String(answer.status));
    etag = answer.headers.get("ETag") ?? "";
    draw(await answer.json());
  }
  slot("updated").textContent = slot("updated").dataset.words.replace("{time}", hourMinute());
}

async function round() {
  clearTimeout(timer);
  try {
    await ask();
    failures = 0;
  } catch {
    failures += 1;
  }
  part("stale").hidden = failures < 2;
  if (root.dataset.over !== "true" && !document.hidden) timer = setTimeout(round, wait());
}

document.addEventListener("visibilitychange", () => {
  if (!document.hidden && root.dataset.over !== "true") round();
  else clearTimeout(timer);
});
timer = setTimeout(round, EVERY_MS);
document.documentElement.dataset.ready = "";
