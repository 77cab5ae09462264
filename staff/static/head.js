// The head of every signed-in page: clock, languages and the way out.

import { call } from "/static/js/api.js";
import { run } from "/static/js/clock.js";
import { forget } from "./calls.js";
import { button } from "./page.js";

const slot = (name) => document.querySelector(`[data-slot="${name}"]`);

/** End the sign-in and show the sign-in form. */
export async function signOut() {
  forget();
  try {
    await call("DELETE", "/api/v1/session", undefined, { tries: 1 });
  } catch {
    // gone already, or no line: the sign-in form tells
  }
  location.assign("/staff");
}

/** The same page in another language: with all that its address says. */
function speak({ currentTarget: link }) {
  const url = new URL(location.href);
  url.searchParams.set("lang", link.lang);
  link.href = url;
}

/** Keep the clock and the links to other languages; `leaving` may ask something before signing out. */
export function keep(leaving = signOut) {
  run({ time: slot("time"), date: slot("date"), language: document.documentElement.lang });
  button("sign-out").addEventListener("click", () => leaving());
  for (const link of document.querySelectorAll('a[href^="?lang="]')) link.addEventListener("click", speak);
}
