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
  KeyZ: "zoom",
};

// Once footage is open the space key plays and pauses wherever the focus stands: a click leaves it on the row clicked.
const open = () => document.querySelector('.scene[data-state="open"]');
const pressed = ({ code, target }) => code === "Space" && target.matches("button, a") && !(open() && target.closest(".scene"));

/** Call `acts[name]()` for a key. */
export function listen(acts) {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || document.querySelector("dialog[open]")) return;
    const act = CODES[event.code];
    if (!act || event.target.matches(FIELDS)) return;
    if (pressed(event)) return;
    event.preventDefault();
    if (!event.repeat || act.startsWith("frame") || act === "back" || act === "on") acts[act]();
  });
  document.addEventListener("keyup", (event) => {
    const plays = event.code === "Space" && event.target.matches("button") && event.target.closest(".scene");
    if (plays && open()) event.preventDefault(); // some browsers press the button only now
  });
}
