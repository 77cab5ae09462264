// From a touched tile to a number: one intention, one Idempotency-Key, one ticket, however often it is pressed.

import { newKey, post } from "/static/js/api.js";
import { counted, fill, part, say, section, settings, show } from "./page.js";
import { hall, refresh, tile } from "./hall.js";
import * as slip from "./slip.js";

const SLOW_MS = 300;
const fresh = () => ({ service: "", klass: "", key: "", ticket: null, trouble: null });
let flow = fresh();
let busy = false;
let unlock = 0;

export const ticket = () => flow.ticket;
export const taking = () => busy;

export function forget() {
  flow = fresh();
  clearTimeout(unlock);
  slip.forget();
}

/** First touch: the service. */
export function chooseService(id) {
  if (busy || !tile(id)) return;
  flow = { ...fresh(), service: id };
  const { state } = tile(id);
  if (state === "open") askClass();
  else stop(state);
}

/** The service has no open counter, and the citizen wants a number all the same. */
export const takeAnyway = () => askClass();

function askClass() {
  if (settings().asks_class) stop("class");
  else chooseClass("");
}

/** Second touch: the class; the number follows. */
export function chooseClass(id) {
  if (busy || !flow.service || flow.ticket) return;
  flow.klass = id;
  flow.key = newKey();
  send();
}

/**
 * Once more. Where the answer was lost or the server failed, with the same key: a number already given is that same
 * number. After a plain refusal nothing was given, and the same key would only be refused again.
 */
export function retry() {
  if (busy || !flow.service || flow.ticket) return;
  const { status } = flow.trouble ?? { status: 0 };
  if (!flow.key || (status >= 400 && status < 500)) flow.key = newKey();
  send();
}

async function send() {
  busy = true;
  const late = setTimeout(() => document.documentElement.setAttribute("data-taking", ""), SLOW_MS);
  const body = { service: flow.service, language: settings().language };
  if (flow.klass) body.priority = flow.klass;
  try {
    flow.ticket = await post("/api/v1/tickets", body, { key: flow.key });
    flow.trouble = null;
    slip.watch(flow.ticket.id);
    stop("number");
  } catch (fault) {
    await refused(fault);
  } finally {
    clearTimeout(late);
    document.documentElement.removeAttribute("data-taking");
    busy = false;
  }
}

async function refused(fault) {
  if (fault.key === "error.service_closed" || fault.key === "error.no_counter") {
    await refresh();
    flow.key = "";
    stop(fault.key === "error.service_closed" ? "closed" : "nocounter");
    return;
  }
  flow.trouble = { status: fault.status, seconds: fault.retryAfter };
  stop("trouble");
  const button = section("trouble").querySelector('[data-act="retry"]');
  button.disabled = fault.status === 429;
  if (button.disabled) unlock = setTimeout(() => (button.disabled = false), (fault.retryAfter || 10) * 1000);
}

function stop(name) {
  write(name);
  show(name);
}

function troubleText({ status, seconds }) {
  if (status === 429) return say("live.error_busy", { n: seconds || 10 });
  if (status === 401 || status === 403) return say("live.error_unpaired");
  return say(status === 0 || status === 503 ? "live.error_connection" : "live.error_other");
}

function waitText(wait) {
  if (!wait) return say("live.wait_unknown");
  const low = Math.floor(wait.p50_s / 60);
  const high = Math.max(1, Math.ceil(wait.p90_s / 60), low + 1);
  return low < 1 ? say("live.wait_short", { high }) : say("live.wait", { low, high });
}

/** Write the texts of a screen from what is known; also after the language has changed. */
export function write(name) {
  const chosen = tile(flow.service);
  const service = chosen?.name ?? "";
  fill("service", service, section(name));
  if (name === "closed") writeClosed(chosen, service);
  if (name === "nocounter") fill("nocounter-title", say("nocounter.title", { service }));
  if (name === "trouble" && flow.trouble) fill("trouble", troubleText(flow.trouble));
  if (name === "number" && flow.ticket) writeNumber();
}

function writeClosed(chosen, service) {
  const all = !chosen || hall().closed;
  fill("closed-title", all ? say("closed.all") : say("closed.title", { service }));
  fill("opens", all ? hall().opens : chosen.opens);
  fill("closed-what", say(all ? "closed.what_all" : "closed.what"));
  part("closed-choices").hidden = all;
}

function writeNumber() {
  const { number, ahead, wait, url } = flow.ticket;
  section("number").classList.toggle("long", number.length > 5);
  fill("number", number);
  fill("ahead", counted("live.ahead", ahead));
  fill("wait", waitText(wait));
  const code = part("code");
  if (code && url) code.src = `${new URL(url, location.href).pathname}/qr.svg`;
  slip.write();
}
