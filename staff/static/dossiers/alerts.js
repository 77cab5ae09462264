// The strip that tells a supervisor what is overdue or due today. Local figures: only what stands in this register.

import { gathered } from "/static/js/gather.js";
import { data, fill, part, say } from "../page.js";
import { ask } from "./server.js";

const GATHER_MS = 300;

function draw({ overdue = 0, today = 0 }) {
  part("alerts").hidden = overdue + today === 0;
  fill("alerts", overdue ? say("dossiers.alerts.overdue_n", { n: overdue }) : say("dossiers.alerts.no_overdue"));
  fill("alerts-more", today ? say("dossiers.alerts.today_n", { n: today }) : "");
  part("alerts").dataset.tone = overdue ? "fault" : "wait";
}

async function look() {
  try {
    const { counts } = await ask("/dossiers", { due: "overdue", limit: 1 });
    draw(counts ?? {});
  } catch {
    // the list tells; the strip keeps what it knew
  }
}

/** Ask for the figures, soon; nothing for those who are no supervisors. */
export const refresh = data.supervisor ? gathered(look, GATHER_MS) : () => {};
