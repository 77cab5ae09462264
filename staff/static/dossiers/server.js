// What the register asks of the server. An act outlives a sign-in: when the person has signed in anew in another window,
// the new session's token is taken over and the same act sent once more with the same key.

import { ApiError, call, get, newKey } from "/static/js/api.js";

const BASE = "/api/v1";
const SLOW_MS = 10000;
const PICTURE_MS = 30000; // twelve megapixels over a hall's network

export const query = (params) =>
  new URLSearchParams(Object.entries(params).filter(([, value]) => value !== "" && value !== null && value !== undefined));

/** Ask for something; `params` without a value are left out. */
export const ask = (path, params = {}) => get(`${BASE}${path}?${query({ ...params, as: "person" })}`, { tries: 2, timeout: SLOW_MS });

export const of = (code, what = "") => `/dossiers/${encodeURIComponent(code)}${what && `/${what}`}`;

async function tokenRenewed() {
  try {
    const { csrf } = await ask("/session");
    document.querySelector('meta[name="csrf"]').content = csrf;
    return true;
  } catch {
    return false;
  }
}

/** Do something; `key` stays the same while the same thing is meant. */
export async function act(path, body, key, method = "POST") {
  const send = () => call(method, `${BASE}${path}`, body, { key, timeout: SLOW_MS });
  try {
    return await send();
  } catch (fault) {
    if (fault.status !== 401 && fault.key !== "error.csrf") throw fault;
    if (!(await tokenRenewed())) throw fault;
    return send();
  }
}

/** The key of what a person means to do: the same for the same body, a new one once it is answered or changed. */
export function intent() {
  let meant = "";
  let key = "";
  return {
    keyFor(body) {
      const text = JSON.stringify(body);
      if (text !== meant) [meant, key] = [text, newKey()];
      return key;
    },
    answered() {
      meant = "";
    },
  };
}

/** Whether nobody knows if the act was done: no answer came, or the server was just ending. */
export const unsure = (fault) => !fault.status || fault.status === 502 || fault.status === 503;

/** Send a picture as it is; the answer's JSON. Throws ApiError as `act` does. */
export async function picture(path, file) {
  const headers = { Accept: "application/json", "Content-Type": file.type, "X-CSRF-Token": document.querySelector('meta[name="csrf"]').content };
  const answer = await fetch(`${BASE}${path}`, { method: "POST", headers, body: file, signal: AbortSignal.timeout(PICTURE_MS) }).catch(() => {
    throw new ApiError("error.connection");
  });
  const told = await answer.json().catch(() => ({}));
  if (answer.ok) return told;
  throw new ApiError(told.key ?? "error.unexpected", told.detail, { status: answer.status, problem: told });
}
