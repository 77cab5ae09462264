// A barcode scanner that types like a keyboard. What it types passes through the computer's input method: with Unikey on,
// letters are changed after they were typed, some keydowns never come and Enter may come twice. So the value of a field
// is read, never the keys; only plain ASCII is believed, and anything else is told rather than guessed.

const QUIET_MS = 1000; // a scanner is through by then: it sends no Enter, or Enter was lost
const AGAIN_MS = 2500; // the same text within it is the second Enter or the second pull of one trigger
const SHORTEST = 4; // less without Enter is a hand on a keyboard
const CARD = /^\d{12}\|/; // a citizen card's names may be garbled: nobody needs them (office/scans.py)
const PLAIN = /^[\x20-\x7e]*$/;

const editable = (element) => element?.matches?.("input, textarea, select, [contenteditable]") ?? false;

/** Whether a key may be the first of a scan: one letter, or what an input method hides. */
const types = (key) => !key.ctrlKey && !key.altKey && !key.metaKey && ([...key.key].length === 1 || key.keyCode === 229);

/** A text as a scanner sent it: without what stands around it. */
export const tidied = (value) => value.replace(/[\u0000-\u001f\u007f\u200b-\u200d\ufeff]/g, "").trim();

/** Whether a text came through the input method unharmed, as far as that can be seen. */
export const unharmed = (text) => PLAIN.test(text) || CARD.test(text);

/**
 * Listen to a scanner that types into `input`: the page's own field, whether it is seen or not.
 *
 * read     called with each text that came through unharmed
 * garbled  called when one did not: the input method is to be turned off
 * awake    tells whether the page listens now; while it does, letters typed anywhere but in another field go to `input`
 * Returns {focus(), detach()}: `focus` puts the caret there (an input method may type without any keydown).
 */
export function attachWedge(input, { read, garbled = () => {}, awake = () => true }) {
  let quiet = 0;
  let last = "";
  let lastAt = -Infinity;

  function finish() {
    clearTimeout(quiet);
    const text = tidied(input.value.normalize("NFC"));
    input.value = "";
    if (!text || !awake()) return;
    const now = performance.now();
    if (text === last && now - lastAt < AGAIN_MS) return;
    last = text;
    lastAt = now;
    if (unharmed(text)) read(text);
    else garbled();
  }

  function fell() {
    if (tidied(input.value).length >= SHORTEST) finish();
    else input.value = "";
  }

  function typed() {
    clearTimeout(quiet);
    if (input.dataset.wedge === "scanned") quiet = setTimeout(fell, QUIET_MS);
  }

  function ended(key) {
    if (key.key === "Enter" || (key.key === "Tab" && input.value)) {
      key.preventDefault(); // an empty Enter is the second one: it must press nothing
      finish();
    }
  }

  /** Letters typed beside the field belong into it; the key's own letter then lands there too. */
  function strayed(key) {
    if (!awake() || key.isComposing || editable(document.activeElement) || !types(key)) return;
    if (key.key === " " && document.activeElement?.matches("button, a, summary")) return;
    input.focus({ preventScroll: true });
  }

  input.addEventListener("input", typed);
  input.addEventListener("keydown", ended);
  document.addEventListener("keydown", strayed, true);
  return {
    focus: () => input.focus({ preventScroll: true }),
    detach() {
      clearTimeout(quiet);
      input.removeEventListener("input", typed);
      input.removeEventListener("keydown", ended);
      document.removeEventListener("keydown", strayed, true);
    },
  };
}
