// What is held, and letting it go. The list is the server's: after a change it is taken anew from the page itself.

import { call } from "/static/js/api.js";
import { fill, part, say, signedOut, told } from "../page.js";

/** Draw anew what is held. */
export async function draw() {
  try {
    const answer = await fetch(location.href, { credentials: "same-origin", cache: "no-store" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector('[data-part="holds"]');
    if (fresh) part("holds").replaceWith(fresh);
  } catch {
    // the list is as old as the page; loading it anew tells
  }
}

function refuse(text) {
  const dialog = part("release");
  dialog.querySelector('[data-slot="refused"]').hidden = !text;
  fill("refused", text, dialog);
}

function ask({ dataset }) {
  const dialog = part("release");
  refuse("");
  dialog.dataset.hold = dataset.hold;
  fill("released", dataset.range, dialog);
  dialog.querySelector("form").reset();
  dialog.showModal();
}

async function release(then) {
  const dialog = part("release");
  const { reason } = dialog.querySelector("form").elements;
  reason.setAttribute("aria-invalid", String(!reason.value));
  if (!reason.value) {
    refuse(say("log.dialog.reason_missing"));
    reason.focus();
    return;
  }
  const submit = dialog.querySelector('[type="submit"]');
  submit.disabled = true;
  try {
    await call("DELETE", `/api/v1/footage/holds/${encodeURIComponent(dialog.dataset.hold)}`, { reason: reason.value });
    dialog.close();
    then(say("log.holds.released"));
    await draw();
  } catch (fault) {
    if (!signedOut(fault)) refuse(told(fault));
  } finally {
    submit.disabled = false;
  }
}

/** Let go when asked to; `then(text)` once it is done. */
export function listen(then) {
  document.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-act]");
    if (button?.dataset.act === "release") ask(button);
    if (button?.dataset.act === "keep") part("release").close();
  });
  part("release").addEventListener("submit", (event) => {
    event.preventDefault();
    release(then);
  });
}
