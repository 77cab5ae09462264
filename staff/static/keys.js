// The keys printed on the buttons. They follow the place on the keyboard, so Unikey and capitals do not matter; a key
// held down counts once; nothing fires while a field or a dialog has the keyboard.

const ACTS = {
  Space: "next",
  KeyO: "open",
  KeyS: "start",
  Enter: "finish",
  NumpadEnter: "finish",
  KeyR: "recall",
  Delete: "absent",
  KeyH: "hold",
  KeyT: "transfer",
  KeyG: "call",
  KeyP: "pause",
  KeyU: "undo",
  KeyD: "intake",
  KeyQ: "receipt",
};
const FIELDS = "input, select, textarea, [contenteditable]";
const PRESSABLE = "button, a[href], summary";
const PRESSES = new Set(["Space", "Enter", "NumpadEnter"]);

function actOf(event) {
  if (event.code === "KeyZ" && event.ctrlKey && !event.altKey && !event.shiftKey && !event.metaKey) return "undo";
  return event.ctrlKey || event.altKey || event.metaKey ? undefined : ACTS[event.code];
}

/** Call `run(act)` for each key of an act. */
export function listen(run) {
  document.addEventListener("keydown", (event) => {
    const at = event.target instanceof Element ? event.target : document.body;
    if (event.defaultPrevented) return;
    if (event.repeat && PRESSES.has(event.code) && !at.matches(FIELDS)) event.preventDefault();
    if (event.repeat || document.querySelector("dialog[open]") || at.matches(FIELDS)) return;
    const act = actOf(event);
    if (!act || (PRESSES.has(event.code) && at.closest(PRESSABLE))) return;
    event.preventDefault();
    run(act);
  });
}
