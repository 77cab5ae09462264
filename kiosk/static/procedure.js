// One procedure in words, and its papers to mark. Written with text nodes only: the catalogue comes from outside.

import { fill, part, say, section } from "./page.js";

const LONG = 90; // letters; a longer name may end in "…" above and is told whole among the rest
const PIECE = 220; // letters; a longer text is told in pieces, so that each fits on a page

/** A text in pieces that end at a sentence or a word. */
export function pieces(text) {
  const found = [];
  for (let rest of text.split("\n")) {
    while (rest.length > PIECE) {
      const head = rest.slice(0, PIECE);
      const end = Math.max(head.lastIndexOf(". ") + 1, head.lastIndexOf("; ") + 1);
      const cut = end > PIECE / 3 ? end : head.lastIndexOf(" ") > 0 ? head.lastIndexOf(" ") : PIECE;
      found.push(rest.slice(0, cut).trim());
      rest = rest.slice(cut).trim();
    }
    if (rest.trim()) found.push(rest.trim());
  }
  return found;
}

function make(tag, classes, ...inside) {
  const element = document.createElement(tag);
  element.className = classes;
  element.append(...inside);
  return element;
}

/** The drawing of that name, from the page's own store of drawings. */
function drawing(name) {
  return document.querySelector(`template[data-icon="${name}"]`).content.firstElementChild.cloneNode(true);
}

const heading = (text) => make("h2", "", text);
const told = (text, classes = "") => pieces(text).map((piece) => make("p", classes, piece));

/** Elements whose words come from the catalogue: Vietnamese, whatever the page's language. */
function vietnamese(elements) {
  for (const one of elements) one.lang = "vi";
  return elements;
}
const silent = () => make("p", "soft silent", say("sheet.unknown"));

function paper(line, n) {
  const [first, ...more] = pieces(line.name);
  const number = make("b", "", line.remark ? "" : `${n}.`);
  const [text] = vietnamese([make("span", "", first)]);
  if (!more.length && line.told) text.append(make("span", "soft", ` (${line.told})`));
  const rest = more.map((piece, at) => make("p", "more", at === more.length - 1 && line.told ? `${piece} (${line.told})` : piece));
  return [make("p", line.remark ? "remark" : "paper", number, text), ...vietnamese(rest)];
}

function papers(lines) {
  if (!lines.length) return [silent()];
  let group = "";
  let n = 0;
  return lines.flatMap((line) => {
    const head = line.group && line.group !== group ? vietnamese([make("p", "group", line.group)]) : [];
    group = line.group;
    if (!line.remark) n += 1;
    return [...head, ...paper(line, n)];
  });
}

function fact(label, text, known) {
  return make("span", "fact", make("span", "soft", label), make("b", known ? "" : "silent", text));
}

function way(one) {
  const name = make("span", "name", ...one.channels.map(drawing), make("span", "", one.name));
  const [timeKnown, feeKnown] = one.known;
  const lines = [fact(say("sheet.time"), one.time, timeKnown), fact(say("sheet.fee"), one.fee, feeKnown)];
  const card = make("div", "way-card", name, ...lines);
  return [card, ...vietnamese([...told(one.exemption, "exemption"), ...told(one.note, "note")])];
}

function parts(sheet) {
  const caveats = sheet.caveats.flatMap((caveat) => told(caveat, "caveat"));
  return [
    ...(sheet.name.length > LONG ? vietnamese(told(sheet.name, "group")) : []),
    heading(say("sheet.papers")),
    ...papers(sheet.papers),
    heading(say("sheet.ways")),
    ...(sheet.ways.length ? sheet.ways.flatMap(way) : [silent()]),
    heading(say("sheet.result")),
    ...(sheet.result ? vietnamese(told(sheet.result)) : [silent()]),
    ...(caveats.length ? [heading(say("sheet.caveats")), ...caveats] : []),
  ];
}

function writeTake(name, sheet) {
  fill("sheet-take", say(sheet.service ? "sheet.take" : "sheet.take_guidance"), section(name));
}

/** One procedure: papers, time by channel, fee with who is exempt, result, what to be careful about, source and date. */
export function write(sheet) {
  fill("procedure-field", sheet.field);
  section("procedure").querySelector('[data-slot="procedure-field"]').lang = sheet.field_language;
  fill("procedure-name", sheet.name);
  const source = say("sheet.source", { source: sheet.source });
  fill("procedure-updated", [sheet.updated, source, say("sheet.code", { code: sheet.code })].join(" · "));
  part("procedure").replaceChildren(...parts(sheet));
  section("procedure").querySelector('[data-act="brought"]').hidden = !sheet.papers.some((line) => !line.remark);
  writeTake("procedure", sheet);
}

function check(line, n) {
  const button = make("button", "check", make("span", "box", drawing("open"), drawing("marked")));
  button.append(...vietnamese([make("span", "name cut", line.name)]), make("span", "soft", line.told));
  button.type = "button";
  button.dataset.act = "mark";
  button.dataset.paper = String(n);
  return button;
}

/** The papers as a list to mark. */
export function writePapers(sheet, marks) {
  let group = "";
  const entries = sheet.papers.flatMap((line, n) => {
    const head = line.group && line.group !== group ? vietnamese([make("p", "group", line.group)]) : [];
    group = line.group;
    return line.remark ? head : [...head, check(line, n)];
  });
  part("brought").replaceChildren(...entries);
  writeMarks(sheet, marks);
  writeTake("brought", sheet);
}

/** What is marked, and how many. */
export function writeMarks(sheet, marks) {
  for (const button of part("brought").querySelectorAll("[data-paper]")) {
    button.setAttribute("aria-pressed", String(marks.has(Number(button.dataset.paper))));
  }
  const of = sheet.papers.filter((line) => !line.remark).length;
  const n = marks.size;
  fill("brought-sum", n === 0 ? say("brought.none") : n < of ? say("brought.some", { n, of }) : say("brought.all", { of }));
  fill("brought-rest", say(n < of ? "brought.rest" : "brought.full"));
}
