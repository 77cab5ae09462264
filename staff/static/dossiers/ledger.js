// The ledger of a time: to print, as PDF, or as a spreadsheet.

import { data, fill, part, say } from "../page.js";
import { day, isoDay } from "./dates.js";
import { query } from "./server.js";

const dialog = part("ledger");
const { elements } = dialog.querySelector("form");

function fault(text) {
  fill("fault", text, dialog);
  part("fault", dialog).hidden = !text;
}

/** Ask for which days; from the first of this month to today unless told otherwise. */
export function open() {
  fault("");
  elements.to.value = day();
  elements.from.value = `01${day().slice(2)}`;
  dialog.showModal();
  elements.from.select();
}

function show(button) {
  const [from, to] = [isoDay(elements.from.value), isoDay(elements.to.value)];
  if (!from || !to || from > to) {
    fault(say("dossiers.ledger.wrong"));
    return;
  }
  const { format } = button.dataset;
  const url = format === "html" ? data.ledger_url : data.ledger_file_url;
  window.open(`${url}?${query({ from, to, format: format === "html" ? "" : format })}`, "_blank");
  dialog.close();
}

dialog.querySelector("form").addEventListener("submit", (event) => event.preventDefault());
export const answers = { "ledger-as": show };
