// The log's list: choices send the form by themselves, keys move between rows, days and the search.

import { keepAlone } from "../calls.js";
import { keep } from "../head.js";
import { part } from "../page.js";

const FIELDS = "input, select, textarea";
const form = part("sieve");
const links = () => [...document.querySelectorAll('[data-part="open"]')];

/** Leave what is empty out of the address, so that it stays short enough to pass on. */
function send() {
  for (const field of form.elements) if (!field.value) field.disabled = true;
  form.submit();
}

function step(by) {
  const all = links();
  const at = all.indexOf(document.activeElement);
  const next = all[at < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(all.length - 1, Math.max(0, at + by))];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
}

const KEYS = {
  ArrowDown: () => step(1),
  ArrowUp: () => step(-1),
  "/": () => form.elements.q.focus(),
  "[": () => part("before").click(),
  "]": () => part("after").click(),
};

form.addEventListener("change", ({ target }) => {
  if (target.matches('select, [type="checkbox"], [type="date"]') && target.value) send();
  else if (target.matches("select")) send();
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  send();
});
window.addEventListener("pageshow", () => {
  for (const field of form.elements) field.disabled = false;
});
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.target.matches(FIELDS) || !(event.key in KEYS)) return;
  event.preventDefault();
  KEYS[event.key]();
});
keep();
keepAlone();
document.documentElement.dataset.ready = "";
