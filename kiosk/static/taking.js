// From a touched tile to a number: one intention, one Idempotency-Key, one ticket, however often it is pressed.

import { newKey, post } from "/static/js/api.js";
import { counted, fill, part, say, section, settings, show } from "./page.js";
import { hall, refresh, tile } from "./hall.js";
import * as slip from "./slip.js";

const SLOW_MS = 300;
const MANY = 100; // a longer line is counted in part only (office/waits.py)
const ANSWERED = [400, 404, 409, 422]; // refusals that the server remembers under the key: nothing was given
const fresh = () => ({ service: "", more: {}, straight: false, wish: null, ticket: null, trouble: null });
let flow = fresh();
let busy = false;
let offered = ""; // the class that a card's age gives
let unlock = 0;

export const ticket = () => flow.ticket;
export const taking = () => busy;

/** Which class a card's age gives; empty: none. */
export const offer = (klass) => (offered = klass);
export const offers = () => offered;

export function forget() {
  flow = fresh();
  offered = "";
  clearTimeout(unlock);
  slip.forget();
}

/** First touch: the service. */
export const chooseService = (id) => choose(id, { claim: true });

/** A number for a service: `more` goes along with the wish, `claim` asks for a priority class first. */
export function choose(id, { more = {}, claim = false } = {}) {
  if (busy || !tile(id)) return;
  flow = { ...fresh(), service: id, more, straight: !claim };
  const { state } = tile(id);
  if (state === "open") goOn();
  else stop(state);
}

/** The service has no open counter, and the citizen wants a number all the same. */
export const takeAnyway = () => goOn();

function goOn() {
  if (settings().asks_class && !flow.straight) stop("class");
  else chooseClass("");
}

/** Second touch: the class; the number follows. */
export function chooseClass(id) {
  if (busy || !flow.service || flow.ticket) return;
  flow.wish = wish(id);
  send();
}

/** What is asked for and its key, frozen together: whatever the screen's language is when it is sent again. */
function wish(klass) {
  const body = { ...flow.more, service: flow.service, language: settings().language };
  if (klass) body.priority = klass;
  return { key: newKey(), klass, body };
}

/**
 * Once more, as the same wish: a number already given is that same number. A new wish only after a refusal that the
 * server would repeat; never when it knows the key from another request, for that one may have been given a number.
 */
export function retry() {
  if (busy || !flow.service || flow.ticket) return;
  const { status, key } = flow.trouble ?? {};
  if (ANSWERED.includes(status) && key !== "error.key_reused") flow.wish = wish(flow.wish.klass);
  send();
}

async function send() {
  busy = true;
  const late = setTimeout(() => document.documentElement.setAttribute("data-taking", ""), SLOW_MS);
  const { body, key } = flow.wish;
  try {
    flow.ticket = await post("/api/v1/tickets", body, { key });
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
    stop(fault.key === "error.service_closed" ? "closed" : "nocounter");
    return;
  }
  flow.trouble = { key: fault.key, status: fault.status, seconds: fault.retryAfter };
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
  if (name === "class") writeOffered();
  if (name === "closed") writeClosed(chosen, service);
  if (name === "nocounter") fill("nocounter-title", say("nocounter.title", { service }));
  if (name === "trouble" && flow.trouble) fill("trouble", troubleText(flow.trouble));
  if (name === "number" && flow.ticket) writeNumber();
}

/** The class of the card's age is the large button, in place of "no priority"; the citizen still chooses. */
function writeOffered() {
  const byCard = part("class-by-card");
  byCard.hidden = !offered;
  if (offered) byCard.dataset.class = offered;
  else delete byCard.dataset.class;
  fill("class-by-card", offered ? say("class.by_card", { class: settings().classes[offered] }) : "");
  part("class-none").classList.toggle("primary", !offered);
  for (const claim of section("class").querySelectorAll(".claim")) claim.hidden = claim.dataset.class === offered;
  fill("class-claim", say(offered ? "class.claim_other" : "class.claim"));
}

function writeClosed(chosen, service) {
  const all = !chosen || hall().closed;
  fill("closed-title", all ? say("closed.all") : say("closed.title", { service }));
  fill("opens", all ? hall().opens : chosen.opens);
  fill("closed-what", say(all ? "closed.what_all" : "closed.what"));
  part("closed-choices").hidden = all;
  part("closed-ways").hidden = !all;
}

/** What is read aloud on a screen: the number itself comes before what to do with it. */
export function spoken(name) {
  if (name === "number" && flow.ticket) return [`number/${token()}`, name];
  return [name === "closed" && part("closed-choices").hidden ? "closed_all" : name.replace("-", "_")];
}

const token = () => new URL(flow.ticket.url, location.href).pathname.split("/").pop();

function writeNumber() {
  const { number, ahead, wait } = flow.ticket;
  section("number").classList.toggle("long", number.length > 5);
  fill("number", number);
  fill("ahead", ahead > MANY ? say("live.ahead_many", { n: MANY }) : counted("live.ahead", ahead));
  fill("ahead-what", ahead ? say("live.ahead_what") : "");
  fill("wait", waitText(wait));
  const code = part("code");
  if (code) code.src = `/t/${token()}/qr.svg`;
  slip.write();
}
