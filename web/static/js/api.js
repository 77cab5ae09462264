// Calls to the JSON API: idempotent, timed out, retried with the same key, errors as the office words them.

const RETRY_MS = [300, 900, 2000];

/**
 * What went wrong, as the server's problem+json tells it: `title` is the sentence for the reader, `detail` English for
 * a log, `key` stable for the program; "error.connection" and an empty title when no answer came.
 */
export class ApiError extends Error {
  constructor(key, detail, { status = 0, retryAfter = 0, problem = {} } = {}) {
    super(detail || key);
    this.name = "ApiError";
    this.key = key;
    this.title = problem.title ?? "";
    this.detail = detail || "";
    this.status = status;
    this.retryAfter = retryAfter;
    this.problem = problem;
  }
}

/** A fresh Idempotency-Key: make one for each thing the person means to do, and keep it while retrying. */
export function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16)); // randomUUID is missing on plain http
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const csrf = () => document.querySelector('meta[name="csrf"]')?.content ?? "";

function headersFor(method, body, key) {
  const headers = { Accept: "application/json" };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (method !== "GET" && csrf()) headers["X-CSRF-Token"] = csrf();
  if (key) headers["Idempotency-Key"] = key;
  return headers;
}

async function once(method, path, body, key, timeout) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), timeout);
  try {
    const answer = await fetch(path, {
      method,
      headers: headersFor(method, body, key),
      body: body === undefined ? undefined : JSON.stringify(body),
      credentials: "same-origin",
      cache: "no-store",
      signal: stop.signal,
    });
    const text = answer.status === 204 ? "" : await answer.text();
    return { answer, text };
  } catch (fault) {
    throw new ApiError("error.connection", String(fault?.message ?? fault));
  } finally {
    clearTimeout(timer);
  }
}

function read({ answer, text }) {
  let data = null;
  try {
    data = text ? JSON.parse(text) : null;
  } catch {
    data = null;
  }
  if (answer.ok) return data;
  throw new ApiError(data?.key ?? "error.unexpected", data?.detail, {
    status: answer.status,
    retryAfter: Number(answer.headers.get("Retry-After")) || 0,
    problem: data ?? {},
  });
}

const passing = (fault) => fault.status === 0 || fault.status === 502 || fault.status === 503;

/**
 * Call the API and return its JSON (null for 204). Throws ApiError.
 * A POST always carries an Idempotency-Key, so a retry after a lost answer can't act twice.
 * Only a lost connection or 503 is retried, `tries` times in all.
 */
export async function call(method, path, body, { key, timeout = 5000, tries = 3 } = {}) {
  const used = method === "GET" ? undefined : key ?? newKey();
  for (let n = 1; ; n += 1) {
    try {
      return read(await once(method, path, body, used, timeout));
    } catch (fault) {
      if (n >= tries || !passing(fault)) throw fault;
      await pause(RETRY_MS[Math.min(n - 1, RETRY_MS.length - 1)]);
    }
  }
}

export const get = (path, options) => call("GET", path, undefined, options);
export const post = (path, body = {}, options = {}) => call("POST", path, body, options);
