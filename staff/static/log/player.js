// Every camera at the same second: one clock, which all tiles follow; it stands while one of them is not ready.

import { data } from "../page.js";

const TICK_MS = 100;
const FIRST_MS = 4000; // short, so that the first picture comes at once; the next stretch is fetched meanwhile
const PATIENCE_MS = 4000;
const START_MS = 800;
const NEAR_MS = 5000; // cameras send a whole picture every one to four seconds

const within = (work, ms) => Promise.race([work, new Promise((resolve) => setTimeout(resolve, ms))]);

/** The latest moment from which one tile can be shown at once, and the others are near it. */
function soonest(begins, at) {
  const near = begins.filter((one) => one !== null && one > at - NEAR_MS);
  return near.length ? Math.max(...near) : at;
}

export class Player {
  /** `draw(player)` is called whenever something changed. */
  constructor(tiles, draw) {
    this.tiles = tiles;
    this.draw = draw;
    this.rate = 1;
    this.playing = false;
    this.busy = false; // on its way to a moment
    this.held = 0; // since when it waits for a tile
    this.starting = false; // the tiles are set going; until they move, time stands
    this.turn = 0;
    this.anchor = { wall: 0, at: data.at };
    this.timer = 0;
  }

  /** The moment shown now. */
  get at() {
    if (!this.playing || this.held || this.starting) return this.anchor.at;
    return Math.min(data.ends, this.anchor.at + (performance.now() - this.anchor.wall) * this.rate);
  }

  get seen() {
    return this.tiles.filter((tile) => !tile.node.hidden);
  }

  /**
   * Go to `at`; plays on if it did, or as `play` says. `nearly`: or up to some seconds before, where the pictures are at
   * hand at once. Resolves when the picture stands (and moves, if playing).
   */
  async seek(at, play = this.playing, nearly = false) {
    const turn = (this.turn += 1);
    performance.mark("seek");
    this.busy = true;
    this.#stand(Math.min(Math.max(at, data.begins), data.ends));
    this.#choose();
    this.draw(this);
    const begins = await within(Promise.all(this.seen.map((tile) => tile.have(this.anchor.at, FIRST_MS))), PATIENCE_MS);
    if (turn !== this.turn) return;
    if (nearly) this.anchor.at = soonest(begins ?? [], this.anchor.at);
    if (!(await this.#show())) return;
    performance.measure("first picture", "seek");
    if (play) await this.play();
  }

  async play() {
    if (this.at >= data.ends) return;
    this.playing = true;
    const going = this.#go();
    this.draw(this); // the button tells at once that the key was heard
    if (!(await going)) return;
    clearInterval(this.timer);
    this.timer = setInterval(() => this.#tick(), TICK_MS);
    this.draw(this);
  }

  /** Stand where it is and fetch nothing. */
  stop() {
    this.turn += 1;
    this.busy = false;
    this.#stand(this.at);
    this.draw(this);
  }

  /** Stand, each picture at just this moment. */
  async pause() {
    this.stop();
    this.busy = true;
    this.draw(this);
    await this.#show();
  }

  async setRate(rate) {
    this.anchor = { wall: performance.now(), at: this.at };
    this.rate = rate;
    this.draw(this);
  }

  /** One picture on (1) or back (-1). */
  frame(by) {
    const step = this.seen.find((tile) => tile.moment !== null)?.frameMs ?? 1000 / 15;
    return this.seek(this.at + by * step, false);
  }

  /** Show each picture of the moment it stands at; false when something else was asked meanwhile. */
  async #show() {
    const { turn } = this;
    await within(Promise.all(this.seen.map((tile) => tile.show(this.anchor.at))), PATIENCE_MS);
    if (turn !== this.turn) return false;
    this.busy = false;
    this.draw(this);
    return true;
  }

  #stand(at) {
    this.playing = false;
    this.starting = false;
    this.held = 0;
    clearInterval(this.timer);
    for (const tile of this.tiles) tile.pause();
    this.anchor = { wall: performance.now(), at };
  }

  /** Show the tiles whose cameras saw this moment. */
  #choose() {
    const { at } = this;
    for (const tile of this.tiles) {
      const hidden = !tile.at(at);
      if (hidden && !tile.node.hidden) tile.clear();
      tile.node.hidden = hidden;
    }
  }

  /** Start all tiles together; the clock is the first one's that moves. False when something else was asked meanwhile. */
  async #go() {
    const { turn, anchor } = this;
    this.starting = true;
    this.held = 0;
    await within(Promise.all(this.seen.map((tile) => tile.play(this.rate))), START_MS);
    if (turn !== this.turn) return false;
    const near = (moment) => moment !== null && Math.abs(moment - anchor.at) < 2000;
    this.anchor = { wall: performance.now(), at: this.seen.map((tile) => tile.moment).find(near) ?? anchor.at };
    this.starting = false;
    return true;
  }

  #tick() {
    if (this.starting) return;
    this.#choose();
    const { at } = this;
    if (at >= data.ends) {
      this.pause();
      return;
    }
    for (const tile of this.seen) tile.follow(at, this.rate, this.held);
    this.#wait(at);
    this.draw(this);
  }

  /** Hold the clock while a tile loads, but not for ever. */
  #wait(at) {
    const loading = this.seen.some((tile) => tile.loading);
    if (loading && !this.held) {
      this.anchor = { wall: performance.now(), at };
      this.held = performance.now();
      for (const tile of this.seen) tile.pause();
    } else if (this.held && (!loading || performance.now() - this.held > PATIENCE_MS)) {
      for (const tile of this.seen) tile.late = tile.loading;
      this.#go();
    }
  }
}
