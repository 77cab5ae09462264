// The page's parts by name, its data, and how text is written into it.

import { write } from "/static/js/words.js";

export const data = JSON.parse(document.getElementById("data").textContent);
export const part = (name) => document.querySelector(`[data-part="${name}"]`);

/** Write text into every slot of that name. */
export const fill = (name, text, within = document) => write(within, name, text);

/** Set a data attribute; nothing is touched when it is so already. */
export function mark(element, name, value) {
  if (element.dataset[name] !== value) element.dataset[name] = value;
}

/** Write a ticket number with a short dash (templates/display/number.html). */
export function number(element, text) {
  if (element.textContent === text) return;
  const parts = text.split("-");
  element.replaceChildren(
    ...parts.flatMap((one, n) => {
      if (n === 0) return [one];
      const dash = document.createElement("span");
      dash.className = "dash";
      dash.textContent = "-";
      return [dash, one];
    }),
  );
  if ("length" in element.dataset) element.dataset.length = String(text.length);
}
