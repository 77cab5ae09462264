// "Nghe hướng dẫn": the screen's spoken help, and what to do when it can't be spoken.

import { fill, say, settings } from "./page.js";

const TOAST_MS = 6000;
let sound = null;
let toastTimer = 0;

const button = () => document.querySelector('[data-act="listen"]');

function mark(playing) {
  button().setAttribute("aria-pressed", String(playing));
  fill("listen", say(playing ? "tool.listen_stop" : "tool.listen"));
}

/** A short line in the place of the camera notice. */
export function toast(text) {
  const box = document.querySelector('[data-part="toast"]');
  fill("toast", text);
  box.hidden = false;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => (box.hidden = true), TOAST_MS);
}

export function hush() {
  sound?.pause();
  sound = null;
  mark(false);
}

/** Speak these texts (names below /kiosk/voice) one after another, or stop speaking. */
export function toggle(names) {
  if (sound) hush();
  else speak(names);
}

async function speak([name, ...rest]) {
  const mine = (sound = new Audio(`/kiosk/voice/${name}.wav?lang=${settings().language}`));
  mark(true);
  mine.onended = () => {
    if (sound !== mine) return;
    if (rest.length) speak(rest);
    else hush();
  };
  const failed = () => {
    if (sound !== mine) return;
    hush();
    toast(say("live.listen_failed"));
  };
  mine.onerror = failed;
  try {
    await mine.play();
  } catch {
    failed();
  }
}
