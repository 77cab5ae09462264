// Set-up: screens with their pairing codes, people, keys, and what the devices tell.

import { call, get, post } from "/static/js/api.js";
import { hourMinute } from "/static/js/clock.js";
import { keepAlone } from "./calls.js";
import { keep } from "./head.js";
import { clear, show } from "./messages.js";
import { data, fill, part, say, signedOut, told } from "./page.js";

const LOOK_MS = 5000;
const TONES = { ok: "done", trouble: "fault", fault: "fault", off: "plain" };
let removing = null; // what is asked about: its path, and what to do once it is gone

const LABELS = { name: "setup.name", kind: "setup.kind", role: "setup.role", password: "setup.password" };

/** Say what was refused, and which fields of `form` are to be looked at again. */
function refused(fault, form) {
  if (signedOut(fault)) return;
  const { field, errors = [] } = fault.problem ?? {};
  const wrong = [field, ...errors.map((error) => error.field)].filter((name) => name in LABELS);
  mark(form, wrong);
  const names = wrong.map((name) => say(LABELS[name])).join(", ");
  show(wrong.length ? say("setup.check", { fields: names }) : told(fault), "wait");
}

function mark(form, wrong) {
  for (const each of form?.elements ?? []) each.setAttribute("aria-invalid", String(wrong.includes(each.name)));
  if (wrong.length) form?.elements[wrong[0]]?.focus();
}

function copy(name) {
  return part(name).content.firstElementChild.cloneNode(true);
}

// screens

function screenRow(screen) {
  const row = copy("screen-row");
  fill("name", screen.name, row);
  fill("kind", say(`setup.${screen.kind}`), row);
  part("paired", row).textContent = say(screen.paired ? "setup.paired" : "setup.unpaired");
  part("paired", row).classList.add(screen.paired ? "done" : "wait");
  for (const each of row.querySelectorAll("button")) {
    each.setAttribute("aria-label", `${each.textContent.trim()} ${screen.name}`);
    each.addEventListener("click", () => (each.dataset.act === "renew" ? addScreen(screen.name, screen.kind) : ask("screens", screen.name)));
  }
  return row;
}

async function drawScreens() {
  const { screens } = await get("/api/v1/screens?as=person", { tries: 1 });
  part("screens").replaceChildren(...screens.map(screenRow));
  part("no-screens").hidden = screens.length > 0;
}

async function addScreen(name, kind) {
  clear();
  try {
    const made = await post("/api/v1/screens", { name, kind }, { tries: 1 });
    fill("code-title", say("setup.code_title", { name: made.name }));
    fill("code", `${made.code.slice(0, 3)} ${made.code.slice(3)}`);
    fill("code-what", say("setup.code_what", { path: `${location.origin}/${made.kind}`, minutes: made.minutes }));
    part("screen-form").reset();
    mark(part("screen-form"), []);
    part("code").showModal();
    await drawScreens();
  } catch (fault) {
    refused(fault, part("screen-form"));
  }
}

const REMOVAL = {
  screens: { title: "setup.remove_title", what: "setup.remove_what", gone: "setup.removed", draw: drawScreens },
  people: { title: "setup.remove_person_title", what: "setup.remove_person_what", gone: "setup.removed_person", draw: drawPeople },
  keys: { title: "setup.remove_key_title", what: "setup.remove_key_what", gone: "setup.removed_key", draw: drawKeys },
};

function ask(list, name) {
  const { title, what, gone, draw } = REMOVAL[list];
  removing = { path: `/api/v1/${list}/${encodeURIComponent(name)}`, gone: say(gone, { name }), draw };
  fill("remove-title", say(title, { name }));
  fill("remove-what", say(what));
  part("removing").showModal();
}

async function remove() {
  part("removing").close();
  clear();
  try {
    await call("DELETE", removing.path);
    show(removing.gone, "done");
    await removing.draw();
  } catch (fault) {
    refused(fault);
  }
}

// people

function personRow(person) {
  const row = copy("person-row");
  fill("name", person.name, row);
  fill("role", say(`role.${person.role}`), row);
  const [renew, gone] = row.querySelectorAll("button");
  for (const each of [renew, gone]) each.setAttribute("aria-label", `${each.textContent.trim()} ${person.name}`);
  const above = person.role === "leader" && data.role !== "leader"; // only leaders see to leaders
  gone.hidden = above || person.name === data.me; // nobody removes themselves
  renew.hidden = above;
  gone.addEventListener("click", () => ask("people", person.name));
  renew.addEventListener("click", () => {
    const { name, role, password } = part("person-form").elements;
    name.value = person.name;
    role.value = person.role;
    password.focus();
  });
  return row;
}

async function drawPeople() {
  const { people } = await get("/api/v1/people?as=person", { tries: 1 });
  part("people").replaceChildren(...people.map(personRow));
}

async function addPerson(form) {
  const { name, role, password } = form.elements;
  clear();
  try {
    const body = { name: name.value.trim().toLowerCase(), role: role.value, password: password.value };
    const saved = await post("/api/v1/people", body, { tries: 1, timeout: 10000 });
    show(say("setup.person_saved", { name: saved.name }), "done");
    form.reset();
    mark(form, []);
    await drawPeople();
  } catch (fault) {
    refused(fault, form);
  }
}

// keys

function keyRow(key) {
  const row = copy("key-row");
  fill("name", key.name, row);
  fill("scopes", key.scopes.join(", "), row);
  const gone = row.querySelector("button");
  gone.setAttribute("aria-label", `${gone.textContent.trim()} ${key.name}`);
  gone.addEventListener("click", () => ask("keys", key.name));
  return row;
}

async function drawKeys() {
  const { keys } = await get("/api/v1/keys?as=person", { tries: 1 });
  part("keys").replaceChildren(...keys.map(keyRow));
  part("no-keys").hidden = keys.length > 0;
}

// devices and journal

function whatToDo(name, device) {
  if (name === "printer") return say(`printer.todo_${device.reason}`) || say("printer.todo_unknown");
  if (name.startsWith("camera ")) return say(`camera.${device.reason}`) || say("camera.unknown");
  if (name.startsWith("picture ")) return say(`trouble.${device.reason}`);
  if (name === "disk") return say(`disk.${device.reason}`);
  if (name === "file") return say(`setup.todo_file_${device.reason}`);
  return say(`setup.todo_${name.split(" ")[0]}`);
}

/** A device's name; one of several of a kind, "scanner kiosk-1", has its own behind it. */
function deviceName(name) {
  const [kind, own = ""] = name.split(" ");
  const title = kind === "camera" || kind === "picture" ? (data.cameras[own] ?? own) : own;
  return [say(`setup.device_${kind}`) || kind, title].join(" ").trim();
}

/** What a camera's health tells in figures, as far as it is known. */
function cameraFacts({ recording, kbit_s: kbit, last_piece_age_s: age, clock_offset_s: ahead }) {
  const number = (value) => (Math.round(10 * value) / 10 || 0).toLocaleString(data.language); // no -0
  const offset = ahead == null ? "?" : number(ahead);
  if (recording && age != null) return say("setup.camera_facts", { kbit: number(kbit), age: number(age), offset });
  return ahead == null ? "" : say("setup.camera_clock", { offset });
}

function diskFacts({ share, free_mb: free, kept_days: days }) {
  const number = (value) => value.toLocaleString(data.language, { maximumFractionDigits: 0 });
  return say("setup.disk_facts", { share: number(share * 100), free: number(free / 1000), days: number(days) });
}

function reasonOf(name, device, trouble) {
  if (name === "disk") return diskFacts(device);
  if (name === "file" || name.startsWith("picture ")) return ""; // what to do names it
  if (name.startsWith("camera ")) return cameraFacts(device);
  if (trouble) return say(`fault.${device.reason}`);
  return device.paper === "near_end" ? say("printer.near_end") : "";
}

function deviceRow([name, device]) {
  const row = copy("device-row");
  const known = device.state in TONES;
  const trouble = TONES[device.state] === "fault";
  fill("name", deviceName(name), row);
  part("state", row).textContent = say(`setup.state_${known ? device.state.replace("fault", "trouble") : "unknown"}`);
  part("state", row).classList.add(TONES[device.state] ?? "plain");
  fill("reason", reasonOf(name, device, trouble), row);
  fill("todo", trouble ? whatToDo(name, device) : "", row);
  part("holds", row).hidden = name !== "disk" || !trouble;
  return row;
}

async function drawDevices() {
  try {
    const { devices, clock, journal, streams } = await get("/healthz", { tries: 1 });
    const rows = Object.entries(clock.state === "ok" ? devices : { clock, ...devices });
    part("devices").replaceChildren(...rows.map(deviceRow));
    part("no-devices").hidden = rows.length > 0;
    fill("journal", journal ? `#${journal}` : say("setup.journal_none"));
    fill("streams", String(streams));
    fill("seen", say("setup.seen", { time: hourMinute() }));
  } catch {
    show(say("lost"), "fault");
  }
}

part("screen-form").addEventListener("submit", (event) => {
  event.preventDefault();
  const { name, kind } = event.target.elements;
  addScreen(name.value.trim(), kind.value);
});
part("person-form").addEventListener("submit", (event) => {
  event.preventDefault();
  addPerson(event.target);
});
for (const each of document.querySelectorAll('[data-act="dismiss"]')) {
  each.addEventListener("click", () => each.closest("dialog").close());
}
document.querySelector('[data-act="remove-yes"]').addEventListener("click", remove);
keep();
keepAlone();
setInterval(drawDevices, LOOK_MS);
await Promise.all([drawScreens(), drawPeople(), drawKeys(), drawDevices()]).catch((fault) => refused(fault));
document.documentElement.dataset.ready = "";
