// The checklist of a new dossier: the procedure's papers as the catalogue lists them, and those added by hand.

import { fill, part, say } from "../page.js";

const form = part("new");
const list = part("papers", form);
const more = part("more-paper", form);

function row({ name, kind, copies }, have = false) {
  const made = part("paper-row", form).content.firstElementChild.cloneNode(true);
  fill("name", name, made);
  made.dataset.name = name;
  part("have", made).checked = have;
  part("kind", made).value = kind ?? "";
  part("count", made).value = String(copies ?? 1);
  const named = (label) => `${label}: ${name}`;
  for (const each of [part("kind", made), part("count", made)]) each.setAttribute("aria-label", named(each.getAttribute("aria-label")));
  return made;
}

function remark(text) {
  const item = document.createElement("li");
  item.className = "remark soft";
  item.textContent = text;
  return item;
}

function* rows(papers) {
  let group = null;
  for (const paper of papers) {
    if (paper.group && paper.group !== group) yield remark(paper.group);
    group = paper.group ?? group;
    yield paper.remark ? remark(paper.name) : row(paper);
  }
}

function told() {
  const some = list.querySelector("[data-name]") !== null;
  part("no-papers", form).hidden = some;
  part("all-papers", form).hidden = !some;
}

/** Show the papers of a procedure; those added by hand stay. */
export function show(papers) {
  const own = [...list.querySelectorAll("[data-own]")];
  list.replaceChildren(...rows(papers), ...own);
  told();
}

/** Empty the checklist. */
export function clear() {
  list.replaceChildren();
  more.value = "";
  told();
}

/** Tick all, or none when all are. */
export function all() {
  const boxes = [...list.querySelectorAll('[data-part="have"]')];
  const on = !boxes.every((box) => box.checked);
  for (const box of boxes) box.checked = on;
}

/** Add what is written below the list, ticked. */
export function add() {
  const name = more.value.trim();
  if (!name) return;
  const made = row({ name }, true);
  made.dataset.own = "";
  list.append(made);
  more.value = "";
  told();
  made.scrollIntoView({ block: "nearest" });
}

/** What was handed in: [{name, kind, count}]. */
export function given() {
  add();
  return [...list.querySelectorAll("[data-name]")]
    .filter((item) => part("have", item).checked)
    .map((item) => ({
      name: item.dataset.name,
      kind: part("kind", item).value,
      count: Math.min(99, Math.max(1, Number(part("count", item).value) || 1)),
    }));
}

list.addEventListener("change", (event) => {
  if (!event.target.matches('[data-part="have"]')) part("have", event.target.closest("[data-name]")).checked = true;
});
more.addEventListener("keydown", (event) => {
  if (event.key !== "Enter") return;
  event.preventDefault();
  add();
});
more.setAttribute("aria-description", say("dossiers.form.more_paper_keys"));
