// The keys that stand on the buttons. Letters are taken by their place on the keyboard: typing helps do not alter them.

const FIELDS = "input, select, textarea";
const CODES = {
  Space: "play",
  KeyK: "play",
  ArrowLeft: "back",
  ArrowRight: "on",
  Comma: "frame-back",
  Period: "frame-on",
  KeyN: "after",
  KeyP: "before",
  Minus: "slower",
  Equal: "faster",
  NumpadSubtract: "slower",
  NumpadAdd: "faster",
  KeyF: "full",
  KeyE: "export",
  KeyG: "hold",
  KeyV: "watch",
};

/** Call `acts[name]()` for a key. */
export function listen(acts) {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || document.querySelector("dialog[open]")) return;
    const act = CODES[event.code];
    if (!act || event.target.matches(FIELDS)) return;
    if (event.code === "Space" && event.target.matches("button, a") && !event.target.matches('[data-act="play"]')) return;
    event.preventDefault();
    if (!event.repeat || act.startsWith("frame") || act === "back" || act === "on") acts[act]();
  });
}
