// What every simulator's page does: follow its state each second, send what was turned, say when it has ended.

const EVERY_MS = 1000;
const now = document.querySelector("#now");
const dials = document.querySelector("#dials");

/** The line in the head: ready or not, in words. */
export function say(words, well) {
  now.textContent = words;
  now.dataset.well = String(well);
}

/**
 * Follow the simulator. `draw(state)` draws, `calm` are the dials when all is well, `gone` the words for a simulator
 * that has ended. Gives `send(path, body)`.
 */
export function follow({ draw, calm, gone }) {
  function show(state) {
    for (const input of dials.querySelectorAll("input")) {
      const dial = state.dials[input.name];
      input.checked = input.type === "radio" ? dial === input.value : Boolean(dial);
    }
    draw(state);
  }

  async function send(path, body) {
    try {
      const answer = await fetch(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
      if (answer.ok) show(await answer.json());
    } catch { say(gone, false); }
  }

  async function look() {
    try { show(await (await fetch("/state")).json()); } catch { say(gone, false); }
    setTimeout(look, EVERY_MS);
  }

  dials.addEventListener("change", ({ target: t }) => {
    const value = t.type === "radio" ? t.value : t.dataset.number ? (t.checked ? Number(t.dataset.number) : 0) : t.checked;
    send("/dials", { [t.name]: value });
  });
  for (const button of dials.querySelectorAll("[data-dial]")) {
    button.addEventListener("click", () => send("/dials", { [button.dataset.dial]: Number(button.dataset.number) }));
  }
  document.querySelector("#calm").addEventListener("click", () => send("/dials", calm));
  look();
  return send;
}
