// The line below the buttons: what just happened or why something was not done. Its place is always kept.

import { fill, part } from "./page.js";

const SHOWN_MS = 8000;
let timer = 0;

/** Show a sentence for some seconds; `tone` is plain, done, wait or fault. */
export function show(text, tone = "plain") {
  clearTimeout(timer);
  const line = part("message");
  line.className = `banner ${tone}`;
  line.hidden = !text;
  fill("message", text);
  timer = setTimeout(clear, SHOWN_MS);
}

/** Take the sentence away. */
export function clear() {
  part("message").hidden = true;
  fill("message", "");
}
