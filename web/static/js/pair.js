// Typing a pairing code on a screen that has no keyboard.

import { ApiError, post } from "./api.js";
import { filled } from "./words.js";

const DIGITS = 6;
const form = document.getElementById("pair");
const code = document.getElementById("code");
const told = document.getElementById("told");
const submit = form.querySelector('[type="submit"]');
let asking = false;

function tell(name, params = {}) {
  told.textContent = filled(name ? told.dataset[name] : "", params);
  told.classList.toggle("done", name === "done");
  code.setAttribute("aria-invalid", String(Boolean(name) && name !== "done"));
}

function write(text) {
  code.value = text.replace(/\D/g, "").slice(0, DIGITS);
  submit.disabled = asking || code.value.length !== DIGITS;
}

function explain(fault) {
  if (!(fault instanceof ApiError) || fault.status === 0) tell("offline");
  else if (fault.status === 401 || fault.status === 422) tell("wrong");
  else if (fault.status === 429) {
    const seconds = fault.retryAfter || Number(fault.problem.seconds) || 60;
    tell("throttled", { minutes: Math.max(1, Math.ceil(seconds / 60)) });
  } else tell("failed");
}

async function pair() {
  if (asking || code.value.length !== DIGITS) return;
  asking = true;
  write(code.value);
  try {
    await post("/pair", { kind: form.dataset.kind, code: code.value }, { tries: 1 }); // a code works once
    tell("done");
    location.reload();
  } catch (fault) {
    explain(fault);
    asking = false;
    write("");
    code.focus();
  }
}

form.addEventListener("click", (touch) => {
  const key = touch.target.closest("[data-key]")?.dataset.key;
  if (!key || asking) return;
  tell("");
  write(key === "erase" ? code.value.slice(0, -1) : code.value + key);
});
code.addEventListener("input", () => {
  tell("");
  write(code.value);
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  pair();
});
