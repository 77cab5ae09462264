// The papers that the catalogue lists for a dossier's procedure, and which of them were not handed in.

import { ask } from "./server.js";

const NATIONAL = 8; // of a local procedure code the first eight characters are the national one
const known = new Map();

async function posted(dossier) {
  const code = (dossier.procedure ?? "-").slice(0, NATIONAL);
  if (!known.has(code)) {
    const { papers } = await ask(`/procedures/${encodeURIComponent(code)}`);
    known.set(code, papers.filter((paper) => !paper.remark).map((paper) => paper.name));
  }
  return known.get(code);
}

/** Names of the papers that the catalogue lists and nobody has handed in; none for a dossier of no posted procedure. */
export async function lacking(dossier) {
  const inHand = dossier.papers.map((paper) => paper.name);
  try {
    return (await posted(dossier)).filter((name) => !inHand.includes(name));
  } catch {
    return [];
  }
}
