// What the widget's tests share: messages as the hub sends them, a storage area, seeded chance, a hub over
// real HTTP.
import { createServer } from "node:http";

const WIDGET = new URL("../../widget/", import.meta.url);

/** A module of the widget by its path below widget/. */
export const widget = (path) => import(new URL(path, WIDGET));

/** Text at a minute of one fixed day; ids and changes count up unless given. */
export function message(n, fields = {}) {
  const createdAt = new Date(Date.UTC(2025, 2, 10, 9, n)).toISOString();
  return {
    id: "msg_" + String(n).padStart(4, "0"),
    clientId: null,
    change: n,
    role: "operator",
    name: "Anna",
    text: "text " + n,
    sources: [],
    attachments: [],
    replyTo: null,
    status: "sent",
    turn: null,
    event: null,
    createdAt,
    editedAt: null,
    ...fields,
  };
}

export const conversation = (change, fields = {}) => ({
  id: "cnv_1",
  status: "active",
  floor: "ai",
  operator: null,
  handoff: "none",
  unread: 0,
  change,
  ...fields,
});

export const arrives = (sent) => ({ type: "message.new", seq: sent.change, message: sent });
export const changes = (sent) => ({ type: "message.changed", seq: sent.change, message: sent });

/** localStorage as browsers have it: keys are own properties, methods are not, and the order of the keys is no
 * promise: here they are sorted. */
export class Area {
  getItem(key) {
    return Object.hasOwn(this, key) ? this[key] : null;
  }

  setItem(key, value) {
    const kept = { ...this, [key]: String(value) };
    Object.keys(this).forEach((one) => delete this[one]);
    Object.keys(kept)
      .sort()
      .forEach((one) => (this[one] = kept[one]));
  }

  removeItem(key) {
    delete this[key];
  }
}

/** Repeatable chance (mulberry32): random(), shuffle(list), below(n). */
export function seeded(seed) {
  const random = () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  const below = (n) => Math.floor(random() * n);
  const shuffle = (list) =>
    list
      .map((one) => [random(), one])
      .sort((a, b) => a[0] - b[0])
      .map(([, one]) => one);
  return { random, below, shuffle };
}

/** A hub over real HTTP: `answer(request, body)` returns {status?, headers?, json?} or null to drop the
 * line. */
export async function startHub(answer) {
  const seen = [];
  const server = createServer(async (request, response) => {
    let raw = "";
    for await (const chunk of request) raw += chunk;
    const body = raw ? JSON.parse(raw) : null;
    const asked = { method: request.method, path: request.url, token: request.headers.authorization, body };
    seen.push(asked);
    const given = await answer(asked, response);
    if (given === null) return request.socket.destroy();
    if (given === undefined) return undefined; // the test writes the response itself
    const { status = 200, headers = {}, json } = given;
    response.writeHead(status, { "Content-Type": "application/json", ...headers });
    return response.end(json === undefined ? "" : JSON.stringify(json));
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  const stop = () => {
    server.closeAllConnections();
    return new Promise((closed) => server.close(closed));
  };
  return { url: "http://127.0.0.1:" + server.address().port, seen, stop };
}

export const sleep = (ms) => new Promise((then) => setTimeout(then, ms));

/** Waits until `check()` is true, a minute at most: a limit for being stuck, never a promise. */
export async function until(check, what = "condition") {
  for (const end = Date.now() + 60000; Date.now() < end; await sleep(5)) if (check()) return;
  throw new Error("never: " + what);
}
