// The live line: which rung, when again, from where on; with sockets, streams and clocks that the test
// drives.
import assert from "node:assert/strict";
import { test } from "node:test";
import { sleep, startHub, until, widget } from "./helpers.mjs";

const { createLive } = await widget("chat/live.js");
const { openSocket, socketUrl } = await widget("chat/socket.js");
const { createParser, openStream } = await widget("chat/stream.js");
const { openPoll } = await widget("chat/poll.js");

/** WebSockets that the test opens, feeds and closes; Sockets.made lists them. */
function socketKind(script = () => {}) {
  const made = [];
  class FakeSocket {
    constructor(url) {
      Object.assign(this, { url, sent: [], readyState: 0 });
      made.push(this);
      setTimeout(() => script(this, made.length));
    }

    send(frame) {
      this.sent.push(JSON.parse(frame));
    }

    close() {
      this.readyState = 3;
    }

    open() {
      this.readyState = 1;
      this.onopen?.();
    }

    say(event) {
      this.onmessage?.({ data: JSON.stringify(event) });
    }

    drop(code = 1006) {
      this.readyState = 3;
      this.onclose?.({ code });
    }
  }
  FakeSocket.made = made;
  return FakeSocket;
}

const READY = { type: "ready", change: 3, conversation: null };

function works(socket) {
  socket.open();
  socket.say(READY);
}

/** A live line with everything around it recorded. `random: 0` makes each pause its shortest. */
function line({
  WebSocket,
  fetch = () => Promise.reject(new TypeError("no")),
  catchUp = () => Promise.reject({ status: 0 }),
  tokens = ["t1"],
}) {
  const told = { events: [], states: [], expired: [] };
  const session = {
    token: () => (tokens.length ? Promise.resolve(tokens[0]) : Promise.reject({ status: 0 })),
    expire: (token) => told.expired.push(token) && tokens.shift(),
  };
  const live = createLive({
    ways: { hub: "https://hub.example", site: "s", WebSocket, fetch, catchUp, hidden: () => false },
    session,
    cursor: () => 41,
    onEvent: (event) => told.events.push(event),
    onState: (state) => told.states.at(-1) === state || told.states.push(state),
    random: () => 0,
  });
  return { live, ...told };
}

// A clock under our hands: promises still run between the ticks.
async function pass(t, ms, step = 100) {
  for (let gone = 0; gone < ms; gone += step) {
    t.mock.timers.tick(step);
    for (let i = 0; i < 12; i += 1) await Promise.resolve();
  }
}

const clocked = (name, job) =>
  test(name, async (t) => {
    t.mock.timers.enable({ apis: ["setTimeout", "setInterval"] });
    await job(t);
  });

test("the socket's address is the hub's, with ws for http", () => {
  assert.equal(socketUrl("https://hub.example:8443", "a b"), "wss://hub.example:8443/widget/live?site=a%20b");
  assert.equal(socketUrl("http://127.0.0.1:5000", "s"), "ws://127.0.0.1:5000/widget/live?site=s");
});

clocked(
  "it says hello with its token and the point to go on from, and is online when the hub is ready",
  async (t) => {
    const Sockets = socketKind(works);
    const { live, events, states } = line({ WebSocket: Sockets });
    live.start();
    live.start();
    await pass(t, 200);
    assert.equal(Sockets.made.length, 1, "started once");
    assert.deepEqual(Sockets.made[0].sent[0], { type: "hello", token: "t1", since: 41 });
    assert.deepEqual([events, states], [[READY], ["connecting", "online"]]);
  },
);

clocked("a broken line is taken up again, each time after a longer pause, and heals", async (t) => {
  const Sockets = socketKind((socket, n) => (n === 1 || n > 4 ? works(socket) : socket.drop()));
  const { live, states } = line({ WebSocket: Sockets });
  live.start();
  await pass(t, 200);
  Sockets.made[0].drop();
  await pass(t, 500);
  assert.equal(Sockets.made.length, 2);
  await pass(t, 6000);
  assert.equal(states.at(-1), "online");
  assert.equal(Sockets.made.length, 5);
});

clocked("a silent line is found out by ping and left", async (t) => {
  const Sockets = socketKind(works);
  const { live } = line({ WebSocket: Sockets });
  live.start();
  await pass(t, 25300);
  assert.deepEqual(Sockets.made[0].sent.at(-1), { type: "ping" });
  await pass(t, 9000);
  assert.equal(Sockets.made.length, 2, "no pong came");
});

clocked("a line that answers its pings is kept", async (t) => {
  const Sockets = socketKind((socket) => {
    socket.send = (frame) =>
      JSON.parse(frame).type === "ping" && setTimeout(() => socket.say({ type: "pong" }), 200);
    works(socket);
  });
  const { live } = line({ WebSocket: Sockets });
  live.start();
  await pass(t, 300000, 100);
  assert.equal(Sockets.made.length, 1);
});

clocked("a socket that never gets ready is given up after eight seconds", async (t) => {
  const Sockets = socketKind((socket) => socket.open());
  const { live } = line({ WebSocket: Sockets });
  live.start();
  await pass(t, 8800);
  assert.equal(Sockets.made.length, 2);
});

clocked("a refused token is reported and the next hello carries the new one", async (t) => {
  const Sockets = socketKind((socket, n) => (n === 1 ? (socket.open(), socket.drop(4401)) : works(socket)));
  const { live, expired } = line({ WebSocket: Sockets, tokens: ["old", "new"] });
  live.start();
  await pass(t, 1000);
  assert.deepEqual(expired, ["old"]);
  assert.equal(Sockets.made[1].sent[0].token, "new");
});

clocked("a refused origin ends it for good", async (t) => {
  const Sockets = socketKind((socket) => socket.drop(4403));
  const { live, states } = line({ WebSocket: Sockets });
  live.start();
  await pass(t, 60000, 1000);
  assert.equal(Sockets.made.length, 1);
  assert.equal(states.at(-1), "refused");
});

clocked("a crowded hub is left alone for half a minute", async (t) => {
  const Sockets = socketKind((socket, n) => (n === 1 ? socket.drop(4429) : works(socket)));
  const { live } = line({ WebSocket: Sockets });
  live.start();
  await pass(t, 29000, 500);
  assert.equal(Sockets.made.length, 1);
  await pass(t, 3000);
  assert.equal(Sockets.made.length, 2);
});

clocked("waking up tests the line and does not sit out a pause", async (t) => {
  const Sockets = socketKind((socket, n) => (n === 1 ? works(socket) : null));
  const { live } = line({ WebSocket: Sockets });
  live.start();
  await pass(t, 200);
  live.wake();
  assert.deepEqual(Sockets.made[0].sent.at(-1), { type: "ping" });
  await pass(t, 3100);
  await pass(t, 500);
  assert.equal(Sockets.made.length, 2, "no answer within three seconds");
  Sockets.made[1].drop();
  live.wake();
  await pass(t, 100);
  assert.equal(Sockets.made.length, 3, "at once");
});

clocked("stopped, it neither speaks nor comes back", async (t) => {
  const Sockets = socketKind(works);
  const { live, events } = line({ WebSocket: Sockets });
  live.start();
  await pass(t, 200);
  live.stop();
  Sockets.made[0].say({ type: "message.new" });
  Sockets.made[0].drop();
  await pass(t, 60000, 1000);
  assert.deepEqual([Sockets.made.length, events.length], [1, 1]);
  live.start();
  await pass(t, 200);
  assert.equal(Sockets.made.length, 2);
});

clocked(
  "where sockets never work it goes down to the stream, then to polling, and later tries the top again",
  async (t) => {
    const asked = [];
    let polls = 0;
    const Sockets = socketKind((socket) => socket.drop());
    const { live, states } = line({
      WebSocket: Sockets,
      fetch: (url) => asked.push(url) && Promise.reject(new TypeError("blocked")),
      catchUp: async () => void (polls += 1),
    });
    live.start();
    await pass(t, 4000);
    assert.equal(Sockets.made.length, 2);
    assert.deepEqual(asked, [
      "https://hub.example/widget/events?site=s&since=41",
      "https://hub.example/widget/events?site=s&since=41",
    ]);
    assert.equal(states.at(-1), "online");
    const before = polls;
    await pass(t, 8000);
    assert.equal(polls - before, 2, "every four seconds");
    await pass(t, 8000);
    assert.equal(Sockets.made.length, 3, "the top was tried again");
    await pass(t, 3000);
    assert.equal(states.at(-1), "online", "and polling went on");
    assert.equal(asked.length, 2, "without a try on the rung between");
  },
);

clocked("whoever was at the top again is brought back there as soon as at first", async (t) => {
  let blocked = true;
  const Sockets = socketKind((socket) => (blocked ? socket.drop() : works(socket)));
  const { live } = line({ WebSocket: Sockets, catchUp: async () => {} });
  live.start();
  await pass(t, 20000); // polling, and one climb that failed: the next one comes later
  blocked = false;
  await pass(t, 40000);
  const above = Sockets.made.length;
  blocked = true;
  Sockets.made.at(-1).drop();
  await pass(t, 20000); // five misses of a good rung, then down to polling
  const below = Sockets.made.length;
  assert.ok(below > above);
  await pass(t, 16000);
  assert.equal(Sockets.made.length, below + 1, "fifteen seconds later, not a minute");
});

clocked("a socket that worked here before gets more patience than one that never did", async (t) => {
  const Sockets = socketKind((socket, n) => (n === 1 || n === 5 ? works(socket) : socket.drop()));
  const asked = [];
  const { live } = line({
    WebSocket: Sockets,
    fetch: (url) => asked.push(url) && Promise.reject(new TypeError("no")),
  });
  live.start();
  await pass(t, 200);
  Sockets.made[0].drop();
  await pass(t, 10000);
  assert.equal(Sockets.made.length, 5);
  assert.deepEqual(asked, []);
});

clocked("without a token, because the hub is away, it waits for one and stays on its rung", async (t) => {
  const tokens = [];
  const Sockets = socketKind(works);
  const { live, states } = line({ WebSocket: Sockets, tokens });
  live.start();
  await pass(t, 5000);
  assert.deepEqual([Sockets.made.length, states], [0, ["connecting"]]);
  tokens.push("t1");
  await pass(t, 8000);
  assert.equal(states.at(-1), "online");
});

clocked("a thousand widgets do not come back in one instant", async (t) => {
  const { backoff } = await widget("chat/backoff.js");
  const pauses = Array.from({ length: 1000 }, () => backoff(3));
  assert.ok(Math.max(...pauses) - Math.min(...pauses) > 2500);
  t.diagnostic(`spread ${Math.min(...pauses)}..${Math.max(...pauses)} ms`);
});

test("events come out of a stream however it is cut, with comments and every line ending", () => {
  const plain = ': ok\n\nid: 7\ndata: {"type":"a","text":"é\\n"}\n\n:\n\n';
  const odd = 'event: x\r\ndata: {"type":\r\ndata: "b"}\r\n\r\ndata:{"type":"c"}\n\n';
  const raw = plain + odd;
  for (let size = 1; size < 30; size += 1) {
    const heard = [];
    const feed = createParser((event) => heard.push(event.type));
    for (let at = 0; at < raw.length; at += size) feed(raw.slice(at, at + size));
    assert.deepEqual(heard, ["a", "b", "c"], "cut every " + size);
  }
});

test("the stream carries the token in its header and reports its end", async () => {
  const hub = await startHub(({ path }, response) => {
    if (path.includes("since=9")) return { status: 401, json: { error: { code: "token_invalid" } } };
    response.writeHead(200, { "Content-Type": "text/event-stream" });
    response.write('data: {"type":"ready","change":1}\n\n');
    setTimeout(() => response.end('data: {"type":"message.new"}\n\n'), 30);
    return undefined;
  });
  const heard = [];
  const open = (since) =>
    openStream({
      hub: hub.url,
      site: "s",
      token: "t1",
      since,
      fetch,
      onUp: () => heard.push("up"),
      onEvent: (event) => heard.push(event.type),
      onDown: (why) => heard.push(why),
    });
  open(4);
  await until(() => heard.length === 4);
  assert.deepEqual(heard, ["up", "ready", "message.new", { code: 0 }]);
  assert.deepEqual([hub.seen[0].path, hub.seen[0].token], ["/widget/events?site=s&since=4", "Bearer t1"]);
  open(9);
  await until(() => heard.length === 5);
  assert.deepEqual(heard[4], { code: 4401 });
  open(4).close();
  await sleep(60);
  assert.equal(heard.length, 5, "closed by us, it says nothing more");
  await hub.stop();
});

clocked("polling is slower while the page is hidden and reports a failure once", async (t) => {
  let polls = 0;
  let fails = false;
  const told = [];
  const catchUp = async () => {
    polls += 1;
    if (fails) throw { status: 503 };
  };
  openPoll({ catchUp, hidden: () => true, onUp: () => told.push("up"), onDown: (why) => told.push(why) });
  await pass(t, 19000);
  assert.equal(polls, 1);
  await pass(t, 2000);
  assert.equal(polls, 2);
  fails = true;
  await pass(t, 60000, 1000);
  assert.deepEqual([polls, told], [3, ["up", { code: 4503 }]]);
});

clocked("frames before ready, the missed events, are passed on", async (t) => {
  const heard = [];
  const Sockets = socketKind((socket) => {
    socket.open();
    socket.say({ type: "message.new", seq: 2 });
    socket.say(READY);
  });
  openSocket({
    hub: "http://h",
    site: "s",
    token: "t",
    since: 1,
    WebSocket: Sockets,
    onUp: () => heard.push("up"),
    onEvent: (event) => heard.push(event.type),
    onDown: () => heard.push("down"),
  });
  await pass(t, 100);
  assert.deepEqual(heard, ["message.new", "ready", "up"]);
});
