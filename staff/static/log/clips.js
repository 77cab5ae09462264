// A stretch of one camera as a playable file in memory. Time in it is linear: moment = begins of the file + its seconds.

import { ApiError } from "/static/js/api.js";
import { query } from "../dossiers/server.js";
import { data } from "../page.js";
import { rfc } from "./moments.js";

const BASE = "/api/v1/footage";

const moment = (answer, name, otherwise) => Date.parse(answer.headers.get(name) ?? "") || otherwise;

function gapsOf(answer) {
  try {
    return JSON.parse(answer.headers.get("Footage-Gaps") ?? "[]").map(([from, to]) => [Date.parse(from), Date.parse(to)]);
  } catch {
    return [];
  }
}

const RETRY_MS = [300, 800, 2000]; // the recorder's store may be busy for a moment

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const passing = (fault) => fault.status === 0 || fault.status === 502 || fault.status === 503;

/**
 * The clip of `camera` from `begins` to `ends`: {begins, ends, from, to, gaps, url}. `url` is "" when there is nothing of
 * it. Asked for again while the server is busy. Throws ApiError when it cannot be told.
 */
export async function clip(camera, begins, ends, signal) {
  for (let n = 0; ; n += 1) {
    try {
      return await once(camera, begins, ends, signal);
    } catch (fault) {
      if (signal.aborted || n >= RETRY_MS.length || !passing(fault)) throw fault;
      await pause(RETRY_MS[n]);
    }
  }
}

async function once(camera, begins, ends, signal) {
  const url = `${BASE}/clip?${query({ camera, from: rfc(begins), to: rfc(ends), view: data.view, as: "person" })}`;
  let answer;
  try {
    answer = await fetch(url, { credentials: "same-origin", signal });
    if (answer.ok) {
      const file = URL.createObjectURL(await answer.blob());
      const [from, to] = [moment(answer, "Footage-From", begins), moment(answer, "Footage-To", ends)];
      return { begins, ends, from, to, gaps: gapsOf(answer), url: file };
    }
  } catch (fault) {
    throw new ApiError("error.connection", String(fault?.message ?? fault));
  }
  const problem = await answer.json().catch(() => ({}));
  if (problem.key === "error.no_footage") return { begins, ends, from: begins, to: begins, gaps: [], url: "" };
  throw new ApiError(problem.key ?? "error.unexpected", problem.detail, { status: answer.status, problem });
}

/** Give the file back. */
export function drop(one) {
  if (one?.url) URL.revokeObjectURL(one.url);
}

/** Address of a small picture of `camera` at `ms`. */
export const thumbnail = (camera, ms) => `${BASE}/thumbnail?${query({ camera, at: rfc(ms), view: data.view, as: "person" })}`;
