// The shared worker of all pages of one browser that follow the same stream: one connection for all of them, because a
// browser opens six to a server and no more. Its name is "version url session".

import { connect } from "./line.js";

const KEPT = 2000; // events a page that comes later may still be handed from here
const url = self.name.split(" ")[1];
const ports = new Map(); // port → how many connections had been opened when it came
let line = null;
let state = "opening";
let kept = [];
let floor; // `kept` is whole after this seq

function tell(what) {
  for (const port of ports.keys()) port.postMessage(what);
}

function heard(event) {
  kept.push(event);
  if (kept.length > KEPT) floor = kept.shift().seq;
  tell({ event });
}

/** The head is news only to pages that were here before the server read it: a later page may know of more. */
function up(head) {
  state = "up";
  if (head !== undefined && (floor === undefined || head < (kept.at(-1)?.seq ?? floor))) {
    kept = [];
    floor = head;
  }
  for (const [port, came] of ports) port.postMessage({ state, head: came < line.opened() ? head : undefined });
}

function lost() {
  state = "lost";
  tell({ state });
}

function begin(since) {
  kept = [];
  floor = since;
}

function join(port, since) {
  ports.set(port, line?.opened() ?? 0);
  if (!line) {
    begin(since);
    line = connect({ url, since, heard, up, lost });
  } else if (since < floor) {
    begin(since);
    line.rewind(since);
  } else {
    for (const event of kept) if (event.seq > since) port.postMessage({ event });
    line.hurry();
  }
  port.postMessage({ state });
}

function leave(port) {
  ports.delete(port);
  port.close();
  if (ports.size || !line) return;
  line.close();
  line = null;
  state = "opening";
}

self.onconnect = ({ ports: [port] }) => {
  port.onmessage = ({ data }) => (data.leave ? leave(port) : join(port, data.since));
};
