// Cameras in trouble. Their pictures are footage: that somebody looks is written down first, then they are fetched.

import { newKey } from "/static/js/api.js";
import { act } from "../dossiers/server.js";
import { keepAlone } from "../calls.js";
import { keep } from "../head.js";
import { show } from "../messages.js";
import { signedOut, told } from "../page.js";

const AROUND_MS = 1000;
const at = (ms) => new Date(ms).toISOString();

/** Write down that a picture of a row is looked at; the view that lets it be fetched. */
async function view(row, moment) {
  const range = { from: at(moment - AROUND_MS), to: at(moment + AROUND_MS) };
  const body = { cameras: [row.dataset.camera], ...range, reason: "quality" };
  return (await act("/footage/views", body, newKey())).view;
}

async function open(button) {
  const row = button.closest("tr");
  const pictures = document.querySelector(`tr[data-of="${row.dataset.seq}"]`);
  if (!pictures.hidden) {
    pictures.hidden = true;
    return;
  }
  try {
    for (const image of pictures.querySelectorAll("img")) {
      const id = await view(row, Number(image.dataset.moment));
      image.src = `/api/v1/footage/alarms/${row.dataset.seq}/${image.dataset.which}?view=${id}&as=person`;
    }
    pictures.hidden = false;
  } catch (fault) {
    if (!signedOut(fault)) show(told(fault), "fault");
  }
}

/** What the camera shows is right so: written down, then the page is taken anew. */
async function accept(button) {
  const { of, seq = of } = button.closest("tr").dataset; // below its pictures, or in the row itself where they are gone
  button.disabled = true;
  try {
    await act(`/footage/alarms/${seq}/acceptance`, {}, newKey());
    location.reload();
  } catch (fault) {
    button.disabled = false;
    if (!signedOut(fault)) show(told(fault), "fault");
  }
}

for (const button of document.querySelectorAll('[data-act="pictures"]')) {
  button.addEventListener("click", () => open(button));
}
for (const button of document.querySelectorAll('[data-act="accept"]')) {
  button.addEventListener("click", () => accept(button));
}
keep();
keepAlone();
document.documentElement.dataset.ready = "";
