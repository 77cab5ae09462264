// Signing in: name and password to the API, its polite sentence when it refuses.

import { post } from "/static/js/api.js";
import { data, fill, part, say, told } from "./page.js";

const form = part("form");
let busy = false;

function show(text) {
  fill("fault", text);
  part("fault").hidden = !text;
}

function working(on) {
  busy = on;
  part("submit").setAttribute("aria-disabled", String(on));
  fill("submit", say(on ? "sign_in.busy" : "sign_in.submit"));
}

async function submit() {
  const name = form.elements.name.value.trim();
  const password = form.elements.password.value;
  if (busy) return;
  if (!name || !password) {
    show(say("sign_in.empty"));
    form.elements[name ? "password" : "name"].focus();
    return;
  }
  working(true);
  show("");
  try {
    await post("/api/v1/session", { name, password }, { tries: 1, timeout: 10000 });
    location.replace(data.to);
  } catch (fault) {
    show(told(fault));
    working(false);
    form.elements.password.select();
  }
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  submit();
});
for (const each of document.querySelectorAll("[data-fill]")) {
  each.addEventListener("click", () => {
    form.elements.name.value = each.dataset.fill;
    form.elements.password.value = each.dataset.password;
    show("");
    part("submit").focus();
  });
}
document.documentElement.dataset.ready = "";
