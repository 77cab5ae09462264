// One camera: two video elements, one that shows and one that has the next stretch ready.

import { button, data, fill, part, say } from "../page.js";
import { clip, drop } from "./clips.js";
import * as coverage from "./coverage.js";
import { clock } from "./moments.js";

const DRIFT_S = 0.08; // more is nudged
const JUMP_S = 0.4; // more is sought
const SAME_S = 0.004; // less than any frame's length
const PAINT_MS = 150;
const SHORT_MS = 500; // a clip that ends so much too early, and tells no gap, ends where the camera was set otherwise
const LEAD_MS = 12000;
const PIECE_MS = 20000;
const PIECE_MAX_MS = 60000;
const EDGE_MS = 1000; // the last moment has a picture too; beyond that nothing is asked that the reason does not name

const covers = (load, at) => load && load.begins <= at && at < load.ends;

/** Wait until `video` can show the place it was set to. */
const ready = (video) =>
  new Promise((resolve) => {
    const done = () => {
      if (video.readyState >= 2 && !video.seeking) {
        for (const name of ["loadeddata", "canplay", "seeked", "error"]) video.removeEventListener(name, done);
        resolve();
      }
    };
    for (const name of ["loadeddata", "canplay", "seeked"]) video.addEventListener(name, done);
    video.addEventListener("error", resolve, { once: true });
    done();
  });

/** Wait until the picture of `place` (seconds) is on the screen; for a video that nobody sees, a moment. */
const painted = (video, place) =>
  new Promise((resolve) => {
    setTimeout(resolve, PAINT_MS);
    const seen = (_, { mediaTime }) => {
      if (mediaTime <= place + SAME_S && place - mediaTime < JUMP_S) resolve();
      else video.requestVideoFrameCallback(seen);
    };
    video.requestVideoFrameCallback?.(seen);
  });

export class Tile {
  constructor(camera, onFault) {
    this.camera = camera;
    this.node = part("tile-form").content.firstElementChild.cloneNode(true);
    this.free = [...this.node.querySelectorAll("video")];
    this.now = null;
    this.next = null;
    this.frameMs = 1000 / 15;
    this.late = false;
    this.onFault = onFault;
    this.node.dataset.camera = camera.name;
    fill("title", camera.title, this.node);
    for (const video of this.free) this.#learnFrames(video);
  }

  /** Whether it is to be seen at `at`. */
  at(at) {
    return this.camera.spans.some(([from, to]) => from <= at && at <= to);
  }

  /** Whether the others have to wait for it; `late` says that they have waited long enough. */
  get loading() {
    return this.node.dataset.state === "loading" && !this.late;
  }

  /**
   * Have what is needed for `at`, `length` ms of it when it is not at hand. Resolves to the moment at or before it from
   * which it can be shown without decoding what lies before; null when it cannot be shown.
   */
  async have(at, length) {
    if (!covers(this.now, at)) {
      if (covers(this.next, at)) this.#swap();
      else this.#begin(at, at + length, false);
    }
    const load = this.now;
    await load.fetched;
    if (!load.clip?.url || load.clip.from > at) return null;
    return load.video.src ? at : load.clip.from;
  }

  /** Show the picture of `at`, which is at hand or on its way, standing; resolves once it stands. */
  async show(at) {
    const load = this.now;
    await load?.fetched;
    if (!load || load !== this.now) return;
    await this.#prepare(load, at);
    if (load === this.now) this.#draw(at);
  }

  /** Keep to `at` while time runs at `rate`, or stands because another tile is not ready (`held`). */
  follow(at, rate, held) {
    if (!covers(this.now, at)) {
      if (covers(this.next, at)) this.#swap();
      else this.#begin(at, at + PIECE_MS, true);
      if (this.now.settled) this.#place(this.now, at);
    }
    if (this.now.settled && !this.next && this.now.ends < data.ends && at > this.now.ends - LEAD_MS * rate) {
      this.next = this.#load(this.now.ends, this.now.ends + Math.min(PIECE_MAX_MS, PIECE_MS * Math.max(1, rate)), true);
    }
    this.#draw(at);
    if (!held && this.now.settled && this.node.dataset.state === "showing") this.#keepStep(this.now, at, rate);
  }

  /** Let time run; resolves when the picture moves, or at once when there is none. */
  async play(rate) {
    const { video, clip: own } = this.now ?? {};
    if (!own?.url || this.node.dataset.state !== "showing") return;
    video.playbackRate = rate;
    await video.play().catch(() => {});
  }

  pause() {
    this.now?.video.pause();
  }

  /** The moment its picture is of; null when it has none. */
  get moment() {
    const { clip: own, video } = this.now ?? {};
    return own?.url && this.node.dataset.state === "showing" ? own.from + video.currentTime * 1000 : null;
  }

  clear() {
    for (const load of [this.now, this.next]) this.#end(load);
    this.now = this.next = null;
  }

  #keepStep(load, at, rate) {
    const { video } = load;
    if (video.paused && !video.ended) video.play().catch(() => {});
    const drift = video.currentTime - (at - load.clip.from) / 1000;
    if (Math.abs(drift) > JUMP_S) this.#place(load, at);
    else if (Math.abs(drift) > DRIFT_S) video.playbackRate = rate * (drift > 0 ? 0.9 : 1.1);
    else if (Math.abs(drift) < DRIFT_S / 2 && video.playbackRate !== rate) video.playbackRate = rate;
  }

  #begin(begins, ends, prepared) {
    this.clear();
    this.node.dataset.state = "loading";
    this.late = false;
    this.now = this.#load(begins, ends, prepared);
    this.#front();
  }

  #swap() {
    this.#end(this.now);
    [this.now, this.next] = [this.next, null];
    this.#front();
  }

  #front() {
    for (const video of this.node.querySelectorAll("video")) video.toggleAttribute("data-front", video === this.now.video);
  }

  /** Fetch a stretch; `prepared`: its first picture is made ready too. */
  #load(begins, ends, prepared) {
    const load = { begins, ends, video: this.free.pop(), stop: new AbortController(), clip: null, settled: false };
    load.fetched = this.#fetch(load);
    if (prepared) load.fetched.then(() => this.#prepare(load, begins));
    return load;
  }

  /** Put the picture of `at` into the load's video. */
  async #prepare(load, at) {
    const { clip: own, video } = load;
    if (own?.url) {
      video.pause();
      if (!video.src) video.src = own.url;
      const moved = this.#place(load, at);
      const drawn = moved && painted(video, video.currentTime);
      await ready(video);
      await drawn;
    }
    load.settled = true;
  }

  async #fetch(load) {
    try {
      const [from, to] = [Math.max(load.begins, data.begins), Math.min(load.ends, data.ends + EDGE_MS)];
      const own = await clip(this.camera.name, from, to, load.stop.signal);
      if (load.stop.signal.aborted) {
        drop(own);
        return null;
      }
      load.clip = own;
      load.begins = Math.min(load.begins, own.from);
      if (own.url && own.to < load.ends - SHORT_MS && !own.gaps.some(([, to]) => to > load.ends - 2)) load.ends = own.to;
      this.onFault(null);
    } catch (fault) {
      if (!load.stop.signal.aborted) this.onFault(fault, this);
    }
    return null;
  }

  #end(load) {
    if (!load) return;
    load.stop.abort();
    load.video.pause();
    load.video.removeAttribute("src");
    load.video.load();
    drop(load.clip);
    this.free.push(load.video);
  }

  /** Set its place; one that it has already is not sought again, which would decode it twice. */
  #place(load, at) {
    const place = load.clip?.url ? Math.max(0, (at - load.clip.from) / 1000) : 0;
    if (!load.clip?.url || Math.abs(load.video.currentTime - place) <= SAME_S) return false;
    load.video.currentTime = place;
    return true;
  }

  #draw(at) {
    fill("clock", clock(at), this.node);
    const said = coverage.clockSaid(this.camera.name, at);
    if (said !== this.said) fill("offset", (this.said = said), this.node); // not with every frame
    fill("bad", coverage.trouble(this.camera.name, at), this.node);
    if (!this.now?.settled) {
      this.node.dataset.state = "loading";
      return;
    }
    const own = this.now.clip;
    const none = !own?.url || at >= own.to + this.frameMs || own.gaps.some(([from, to]) => from <= at && at < to);
    this.node.dataset.state = none ? "none" : "showing";
    if (none) button("footage", this.node).hidden = coverage.nearest(this.camera.name, at) === null;
    if (none) fill("why", own ? coverage.why(this.camera.name, at) : say("log.none.unknown"), this.node);
  }

  #learnFrames(video) {
    if (!video.requestVideoFrameCallback) return;
    let last = 0;
    const seen = (_, { mediaTime }) => {
      const step = (mediaTime - last) * 1000;
      if (!video.paused && step > 15 && step < 250) this.frameMs = step;
      last = mediaTime;
      video.requestVideoFrameCallback(seen);
    };
    video.requestVideoFrameCallback(seen);
  }
}
