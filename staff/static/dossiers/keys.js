// The keys printed on the buttons. F keys work everywhere on the page, letters only beside fields and dialogs, and only
// while the dossier that they are about is shown: else what is typed is meant for the field that reads codes. A letter
// with which codes begin is none of them, so that a scanner may type at any time.

const PLACES = { F2: "scan", F3: "find", F4: "new", F8: "counter", F9: "save" };
const ACTS = {
  KeyP: "print",
  KeyC: "move",
  KeyB: "supplement",
  KeyD: "supplement-done",
  KeyX: "ready",
  KeyT: "hand-back",
  KeyL: "reschedule",
  KeyK: "refuse",
  KeyN: "stop",
  KeyS: "status",
  KeyV: "link",
  KeyE: "correct",
};
const FIELDS = "input, select, textarea, [contenteditable]";
let mine = false;

const plain = (event) => !event.ctrlKey && !event.altKey && !event.metaKey && !event.shiftKey;
const typing = () => document.activeElement?.matches(FIELDS) ?? false;

/** Whether the key just pressed may be a scanner's: it is none of the page's own, and no dialog is open. */
export const strays = () => !mine && !document.querySelector("dialog[open]");

/** Call `doings[name]()` for a key of a place and, while `doings.shown()`, `doings.act(name)` for one of a dossier's acts. */
export function listen(doings) {
  // first of all listeners, so that the wedge field does not take the letter
  window.addEventListener(
    "keydown",
    (event) => {
      mine = false;
      if (event.defaultPrevented || !plain(event)) return;
      const place = PLACES[event.code];
      mine = event.code in ACTS && !typing() && doings.shown();
      if (document.querySelector("dialog[open]") || (!place && !mine)) return;
      event.preventDefault();
      if (event.repeat) return;
      if (place) doings[place]();
      else doings.act(ACTS[event.code]);
    },
    true,
  );
}
