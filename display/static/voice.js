// The calls' sounds, one after another. A clip that can't be had becomes a chime; a browser that blocks sound says so.

import { now } from "/static/js/clock.js";

const FRESH_MS = 30000; // an announcement older than this when it arrives is not played
const FETCH_MS = 5000;
const GAP_MS = 400;
const LATE_MS = 4000; // a player that is so much later than its clip is long has stuck
const CHIME_HZ = [880, 1174, 1568]; // DOMAIN 8.2
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function fetched(clip) {
  try {
    const answer = await fetch(`/sounds/${encodeURIComponent(clip)}`, { signal: AbortSignal.timeout(FETCH_MS) });
    return answer.ok ? URL.createObjectURL(await answer.blob()) : "";
  } catch {
    return "";
  }
}

/**
 * hint    the element that asks for a touch while the browser blocks sound
 * tell    called with what sounds now: "clip", "chime" or ""
 * Returns {announce(event)}.
 */
export function voice({ hint, tell }) {
  const queue = [];
  let speaking = false;
  let context = null;

  const stale = (job) => now() - job.at > FRESH_MS;

  /** Wait for the first touch or key, as long as `job` is worth it. */
  async function touched(job) {
    hint.hidden = false;
    const left = Math.max(0, FRESH_MS - (now() - job.at));
    const stop = new AbortController();
    const touch = new Promise((resolve) => {
      for (const kind of ["pointerdown", "keydown"]) {
        addEventListener(kind, () => resolve(true), { once: true, signal: stop.signal });
      }
    });
    const yes = await Promise.race([touch, pause(left).then(() => false)]);
    stop.abort();
    return yes;
  }

  async function played(url, job) {
    const audio = new Audio(url);
    const over = new Promise((resolve) => {
      audio.onended = () => resolve(true);
      audio.onerror = () => resolve(false);
    });
    try {
      await audio.play();
    } catch (fault) {
      if (fault.name !== "NotAllowedError") return false;
      return (await touched(job)) ? played(url, job) : true;
    }
    hint.hidden = true;
    tell("clip");
    const ended = await Promise.race([over, pause(job.seconds * 1000 + LATE_MS).then(() => true)]);
    audio.pause();
    return ended;
  }

  async function chime(job) {
    context ??= new AudioContext();
    if (context.state !== "running") await Promise.race([context.resume(), pause(300)]);
    if (context.state !== "running") {
      if (!(await touched(job))) return;
      await Promise.race([context.resume(), pause(1000)]);
    }
    hint.hidden = context.state === "running";
    tell("chime");
    CHIME_HZ.forEach((hz, n) => {
      const begins = context.currentTime + n * 0.28;
      const tone = new OscillatorNode(context, { frequency: hz });
      const fade = new GainNode(context, { gain: 0 });
      fade.gain.setValueAtTime(0, begins);
      fade.gain.linearRampToValueAtTime(0.5, begins + 0.02);
      fade.gain.exponentialRampToValueAtTime(0.001, begins + 0.9);
      tone.connect(fade).connect(context.destination);
      tone.start(begins);
      tone.stop(begins + 1);
    });
    await pause(1600);
  }

  async function sound(job) {
    const url = await job.url;
    try {
      if (!url || !(await played(url, job))) await chime(job);
    } catch {
      // no sound on this machine at all: the number is on the board
    } finally {
      if (url) URL.revokeObjectURL(url);
      tell("");
    }
  }

  async function run() {
    if (speaking) return;
    speaking = true;
    while (queue.length) {
      await sound(queue.shift());
      await pause(GAP_MS);
    }
    speaking = false;
  }

  return {
    /** A `ticket.announced` event: play it, or a chime when its clip can't be had. */
    announce(event) {
      const { clip, seconds, output } = event.data;
      const job = { at: Date.parse(event.at), seconds: Number(seconds) || 0 };
      if (output !== "board" || stale(job)) return;
      job.url = clip ? fetched(clip) : Promise.resolve("");
      queue.push(job);
      run();
    },
  };
}
