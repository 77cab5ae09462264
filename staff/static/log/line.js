// The line of time: events as marks, a lane a camera with what there is of it; what is missing is hatched and told.

import { data, part, say } from "../page.js";
import * as coverage from "./coverage.js";
import { clock, lasting, precise } from "./moments.js";

const root = part("line");
const WORDY = 9; // percent: gaps as wide have room for a word
const FULL = [data.begins, data.ends];
let shown = data.focus ?? FULL;
let head = null;

const share = (ms) => (100 * (ms - shown[0])) / Math.max(1, shown[1] - shown[0]);
const touches = ([from, to]) => from < shown[1] && to > shown[0];
const far = ([from, to]) => Math.max(0, from - data.at, data.at - to);

function piece(className, from, to, title) {
  const [left, right] = [Math.max(0, share(from)), Math.min(100, share(to))];
  const node = document.createElement("span");
  node.className = className;
  node.style.left = `${left}%`;
  node.style.width = `${Math.max(0.15, right - left)}%`;
  node.title = title;
  if (className === "gap" && right - left > WORDY) node.textContent = say("log.none.short");
  return node;
}

function lane(camera) {
  const node = document.createElement("div");
  node.className = "lane";
  const name = document.createElement("span");
  name.className = "name";
  name.textContent = camera.title;
  const bar = document.createElement("div");
  bar.className = "bar";
  const known = coverage.of(camera.name);
  for (const [from, to] of known?.ranges.filter(touches) ?? []) bar.append(piece("there", from, to, `${clock(from)}–${clock(to)}`));
  for (const [from, to] of known?.gaps.filter(touches) ?? []) bar.append(piece("gap", from, to, gapSaid(camera, [from, to])));
  node.append(name, bar);
  return node;
}

const gapSaid = ({ name, title }, [from, to]) =>
  say("log.scene.gap", { camera: title, from: clock(from), to: clock(to), n: lasting(to - from), why: coverage.why(name, from) });

/** Every gap of what is shown in words, the nearest to the service first; what several cameras lack alike is said once. */
function gapsSaid() {
  const told = new Map();
  for (const camera of data.cameras) {
    for (const gap of coverage.of(camera.name)?.gaps.filter(touches) ?? []) {
      const rest = gapSaid({ name: camera.name, title: "" }, gap);
      told.set(rest, { gap, name: camera.name, titles: [...(told.get(rest)?.titles ?? []), camera.title] });
    }
  }
  const inOrder = [...told.values()].sort((one, other) => far(one.gap) - far(other.gap) || one.gap[0] - other.gap[0]);
  return inOrder.map(({ gap, name, titles }) => gapSaid({ name, title: titles.join(", ") }, gap));
}

function marks() {
  const node = document.createElement("div");
  node.className = "lane marks";
  const bar = document.createElement("div");
  bar.className = "bar";
  const name = document.createElement("span");
  name.className = "name soft";
  name.textContent = `${clock(shown[0])}–${clock(shown[1])}`;
  for (const event of data.events.filter(({ at }) => touches([at, at + 1]))) bar.append(piece("mark", event.at, event.at, `${event.time} ${event.what}`));
  node.append(name, bar);
  return node;
}

/** Draw the lanes and tell the gaps in words. */
export function draw() {
  head = document.createElement("span");
  head.className = "head-line";
  const track = document.createElement("div");
  track.className = "track";
  track.append(head);
  root.replaceChildren(marks(), ...data.cameras.map(lane), track);
  part("gaps").replaceChildren(
    ...gapsSaid().map((text) => {
      const item = document.createElement("li");
      item.textContent = text;
      return item;
    }),
  );
  root.setAttribute("aria-valuemin", String(shown[0]));
  root.setAttribute("aria-valuemax", String(shown[1]));
}

/** Whether the whole visit is shown, not the time at counters alone. */
export const whole = () => shown === FULL;

/** Show the whole visit, or the time at counters alone. */
export function zoom(all) {
  shown = all ? FULL : data.focus ?? FULL;
  draw();
}

/** Put the head at `at`; what lies outside of what is shown makes it show all. */
export function move(at) {
  if (!whole() && head && (at < shown[0] || at > shown[1])) zoom(true);
  if (head) head.style.left = `${share(at)}%`;
  root.setAttribute("aria-valuenow", String(Math.round(at)));
  root.setAttribute("aria-valuetext", precise(at));
}

/** Call `go(ms)` when somebody points at a place of the line. */
export function listen(go) {
  root.addEventListener("click", (event) => {
    const { left, width } = root.querySelector(".track").getBoundingClientRect();
    if (event.clientX >= left) go(shown[0] + ((event.clientX - left) / width) * (shown[1] - shown[0]));
  });
}
