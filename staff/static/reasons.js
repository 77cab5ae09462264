// Why a number is next or was called, in words with their figures.

import { data, say, span } from "./page.js";

const figure = (value) => String(Math.round((value ?? 0) * 10) / 10);

/** The sentence for `why` (a call's, or a counter's `next`) of a number that has waited `waitedMs`. */
export function words(why, waitedMs) {
  if (!why?.rule) return "";
  return say(`why.${why.rule}`, {
    waited: span(waitedMs),
    forward: figure(why.moved_forward_min),
    overtook: why.overtook ?? 0,
    run: data.rules.max_priority_run,
    step: figure(data.rules.preference_min),
    reason: why.reason ?? "",
  });
}
