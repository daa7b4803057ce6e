// What the visitor sees must not depend on the order, the number or the road of the events.
import assert from "node:assert/strict";
import { test } from "node:test";
import { arrives, changes, conversation, message, seeded, widget } from "./helpers.mjs";

const { byCreation, hasGap, initialState, lastIncoming, reduce, unreadCount } = await widget("chat/state.js");

const after = (...events) => events.reduce(reduce, initialState());
const texts = (state) => state.messages.map((one) => one.text);
const page = (messages, change, fields = {}) => ({
  type: "page",
  messages,
  conversation: conversation(change),
  change,
  hasMore: false,
  ...fields,
});
const since = (messages, change, fields = {}) => ({ ...page(messages, change, fields), type: "since" });

test("a message that arrives twice, or by two roads, is one message", () => {
  const one = message(1);
  const state = after(arrives(one), arrives(one), since([one], 1), page([one], 1));
  assert.deepEqual(texts(state), ["text 1"]);
});

test("messages stand in the order in which the hub created them, whatever the order of arrival", () => {
  assert.deepEqual(texts(after(arrives(message(3)), arrives(message(1)), arrives(message(2)))), [
    "text 1",
    "text 2",
    "text 3",
  ]);
});

test("messages of the same millisecond stand in the order of their change", () => {
  const at = message(1).createdAt;
  const [called, taken] = [message(7, { createdAt: at, id: "b" }), message(8, { createdAt: at, id: "a" })];
  assert.deepEqual(texts(after(arrives(taken), arrives(called))), ["text 7", "text 8"]);
});

test("the newest change of a message wins, also when the older one comes later", () => {
  const first = message(1);
  const edited = { ...first, change: 5, text: "edited" };
  assert.deepEqual(texts(after(changes(edited), arrives(first))), ["edited"]);
});

test("the local echo gives way to the message that carries its clientId", () => {
  const items = [
    { clientId: "c1", text: "hi", at: 1, state: "sending" },
    { clientId: "c2", text: "there", at: 2, state: "waiting" },
  ];
  const stored = message(1, { role: "customer", clientId: "c1", text: "hi" });
  const state = after({ type: "queue", items }, arrives(stored));
  assert.deepEqual(
    state.pending.map((one) => one.clientId),
    ["c2"],
  );
  assert.deepEqual(
    reduce(state, { type: "queue", items }).pending.map((one) => one.clientId),
    ["c2"],
    "a late queue does not bring it back",
  );
});

test("the cursor moves over changes without a gap only", () => {
  let state = after(arrives(message(1)), arrives(message(3)));
  assert.equal(state.cursor, 1);
  assert.ok(hasGap(state), "2 is missing");
  state = reduce(state, arrives(message(2)));
  assert.equal(state.cursor, 3);
  assert.ok(!hasGap(state));
});

test("an event that the bus lost is found again by asking since the cursor", () => {
  const state = after(arrives(message(1)), arrives(message(3)), since([message(2), message(3)], 3));
  assert.deepEqual(texts(state), ["text 1", "text 2", "text 3"]);
  assert.equal(state.cursor, 3);
});

test("a catch-up with more to come moves the cursor to its own last change, not to the newest", () => {
  const state = after(since([message(1), message(2)], 9, { hasMore: true }));
  assert.equal(state.cursor, 2);
});

test("changes that a visitor never gets to see do not stay a gap after a catch-up", () => {
  const state = after(arrives(message(1)), arrives(message(4)), since([message(4)], 6));
  assert.equal(state.cursor, 6);
  assert.ok(!hasGap(state));
});

test("ready vouches for everything before it", () => {
  const state = after(arrives(message(1)), { type: "ready", change: 7, conversation: conversation(7) });
  assert.equal(state.cursor, 7);
  assert.equal(state.conversation.change, 7);
});

test("ready without a conversation does not take away a first message that was just stored", () => {
  const posted = {
    type: "posted",
    message: message(1, { role: "customer", clientId: "c1" }),
    conversation: conversation(1),
  };
  const state = after(posted, { type: "ready", change: 0, conversation: null });
  assert.equal(state.messages.length, 1);
  assert.equal(state.conversation.id, "cnv_1");
});

test("the first page sets the cursor; earlier pages do not", () => {
  const newest = page([message(8), message(9)], 12, { hasMore: true });
  let state = after({ type: "session", conversation: conversation(10), change: 10 }, newest);
  assert.equal(state.cursor, 12);
  state = reduce(state, page([message(6), message(7)], 20, { hasMore: true }));
  assert.equal(state.cursor, 12, "20 was not delivered by this page");
  assert.deepEqual(texts(state), ["text 6", "text 7", "text 8", "text 9"]);
  assert.ok(state.hasOlder);
});

test("a change above the loaded part leaves no hole, and is not lost when its page is loaded", () => {
  const newest = page([message(8), message(9)], 9, { hasMore: true });
  const edited = { ...message(3), change: 10, text: "edited" };
  let state = after(newest, changes(edited));
  assert.deepEqual(texts(state), ["text 8", "text 9"]);
  assert.equal(state.cursor, 10);
  state = reduce(state, page([message(5), message(6), message(7)], 9, { hasMore: true }));
  assert.deepEqual(texts(state).slice(0, 1), ["text 5"]);
  state = reduce(state, page([message(1), message(2), message(3), message(4)], 9));
  assert.deepEqual(texts(state).slice(0, 4), ["text 1", "text 2", "edited", "text 4"]);
});

test("another conversation starts an empty list but keeps what has not been sent", () => {
  const items = [{ clientId: "c9", text: "wait", at: 1, state: "waiting" }];
  const other = { type: "session", conversation: conversation(2, { id: "cnv_2" }), change: 2 };
  const state = after(page([message(1)], 1), { type: "queue", items }, other);
  assert.deepEqual(state.messages, []);
  assert.equal(state.pending.length, 1);
  assert.ok(!state.loaded, "its history is still to be read");
  assert.equal(state.cursor, 2);
});

test("a visitor whom the hub has forgotten starts afresh", () => {
  const state = after(page([message(1)], 1), { type: "session", conversation: null, change: 0 });
  assert.deepEqual([state.messages, state.conversation, state.loaded, state.cursor], [[], null, true, 0]);
});

test("a renewed session of the same conversation does not skip what was missed meanwhile", () => {
  const state = after(page([message(1)], 1), { type: "session", conversation: conversation(5), change: 5 });
  assert.equal(state.cursor, 1);
});

test("an older snapshot of the conversation does not undo a newer one", () => {
  const taken = conversation(6, { floor: "operator", handoff: "active" });
  const state = after(
    { type: "handoff.taken", seq: 6, conversation: taken },
    { type: "conversation.changed", seq: 5, conversation: conversation(5) },
  );
  assert.equal(state.conversation.floor, "operator");
});

// ---- streams and typing -----------------------------------------------------------------------------------

const delta = (text, turn = "t1", at = 1000) => ({ type: "reply.delta", turn, text, name: "Nova", at });

test("each delta is the whole text so far, so a late shorter one changes nothing", () => {
  const state = after(delta("Hello"), delta("Hello, wo"), delta("Hel"));
  assert.deepEqual(
    state.streams.map((one) => one.text),
    ["Hello, wo"],
  );
  assert.equal(reduce(state, delta("Hello, wo", "t1", 2000)), state, "nor does one that came before");
});

test("the final message takes the place of its stream, and a late delta does not bring it back", () => {
  const final = message(2, { role: "assistant", turn: "t1", text: "Hello, world" });
  const state = after(delta("Hello"), arrives(final), delta("Hello, w"));
  assert.deepEqual(state.streams, []);
  assert.deepEqual(texts(state), ["Hello, world"]);
});

test("a withdrawn answer disappears for good", () => {
  const state = after(delta("Hel"), { type: "reply.withdrawn", turn: "t1" }, delta("Hello"));
  assert.deepEqual(state.streams, []);
});

test("the visitor's own message that started a turn does not end its stream", () => {
  const state = after(delta("Hel"), arrives(message(1, { role: "customer", turn: "t1" })));
  assert.equal(state.streams.length, 1);
});

test("typing ends by itself after six seconds, by its message, or by its end", () => {
  const typing = { type: "typing", who: "operator", name: "Anna", on: true, at: 1000 };
  assert.equal(after(typing, { type: "tick", at: 6999 }).typing.name, "Anna");
  assert.equal(after(typing, { type: "tick", at: 7000 }).typing, null);
  assert.equal(after(typing, arrives(message(1))).typing, null);
  assert.equal(after(typing, { ...typing, on: false }).typing, null);
  assert.ok(after(typing, { ...typing, who: "ai", on: false }).typing, "someone else stopped");
  assert.equal(after({ ...typing, who: "customer" }).typing, null, "the visitor knows that they are typing");
});

test("a stream that went silent for a minute is dropped", () => {
  assert.equal(after(delta("Hel"), { type: "tick", at: 60000 }).streams.length, 1);
  assert.equal(after(delta("Hel"), { type: "tick", at: 61000 }).streams.length, 0);
});

// ---- unread -----------------------------------------------------------------------------------------------

test("unread is the hub's count plus what arrived after it", () => {
  const told = { type: "conversation.changed", seq: 5, conversation: conversation(5, { unread: 2 }) };
  const state = after(
    told,
    arrives(message(6)),
    arrives(message(7)),
    arrives(message(8, { role: "customer" })),
    arrives(message(9, { role: "system" })),
  );
  assert.equal(unreadCount(state), 4);
  assert.equal(
    unreadCount(
      reduce(state, { type: "conversation.changed", seq: 10, conversation: conversation(10, { unread: 4 }) }),
    ),
    4,
    "not twice",
  );
});

test("what was read here is not unread until something new comes", () => {
  let state = after({ type: "session", conversation: conversation(5, { unread: 3 }), change: 5 });
  assert.equal(unreadCount(state), 3);
  state = reduce(state, { type: "read" });
  assert.equal(unreadCount(state), 0);
  assert.equal(unreadCount(reduce(state, arrives(message(6)))), 1);
});

test("the message to report as read is the last one that is not the visitor's own", () => {
  assert.equal(lastIncoming(initialState()), null);
  assert.equal(
    lastIncoming(after(arrives(message(1)), arrives(message(2)), arrives(message(3, { role: "customer" })))),
    "msg_0002",
  );
});

test("an event of an unknown kind, also one named like an object's own method, changes nothing", () => {
  const state = after(arrives(message(1)));
  for (const type of ["future.event", "constructor", "__proto__", "toString", undefined])
    assert.equal(reduce(state, { type }), state);
});

test("the state that was given is never changed", () => {
  const frozen = (value) => {
    if (value && typeof value === "object") Object.values(Object.freeze(value)).forEach(frozen);
    return value;
  };
  const events = [
    page([message(1)], 1),
    arrives(message(2)),
    delta("x"),
    { type: "typing", who: "ai", name: "N", on: true },
    { type: "read" },
    { type: "tick", at: 1e12 },
  ];
  events.reduce((state, event) => reduce(frozen(state), event), frozen(initialState()));
});

// ---- the property: any order, repetition and loss, then one catch-up, lead to the same list ---------------

/** What happened at the hub: messages come, are edited and read; each change has its number. */
function story({ below, random }) {
  const rows = new Map();
  const events = [];
  for (let change = 1; change <= 40; change += 1) {
    const known = [...rows.values()];
    const fresh = !known.length || random() < 0.6;
    const row = fresh
      ? message(change, {
          role: ["customer", "assistant", "operator"][below(3)],
          clientId: "c" + change,
          turn: "t" + change,
        })
      : { ...known[below(known.length)], change, text: "edited at " + change };
    rows.set(row.id, row);
    events.push(fresh ? arrives(row) : changes(row));
  }
  return { events, rows: [...rows.values()].sort(byCreation) };
}

test("shuffled, repeated and lost events converge to what the hub has, 300 stories", () => {
  for (let seed = 1; seed <= 300; seed += 1) {
    const chance = seeded(seed);
    const { events, rows } = story(chance);
    const heard = chance
      .shuffle([...events, ...events.filter(() => chance.random() < 0.3)])
      .filter(() => chance.random() < 0.7);
    const live = heard.reduce(reduce, after({ type: "session", conversation: null, change: 0 }));
    const missed = rows.filter((row) => row.change > live.cursor).sort((a, b) => a.change - b.change);
    const state = reduce(live, {
      type: "since",
      messages: missed,
      conversation: conversation(40),
      change: 40,
      hasMore: false,
    });
    assert.deepEqual(state.messages, rows, "seed " + seed);
    assert.equal(state.cursor, 40);
    assert.ok(!hasGap(state));
  }
});

test("a growing text takes the place of the dots of whoever writes it, and of nobody else", () => {
  const dots = (who) => ({ type: "typing", who, name: "Aino", on: true, at: 1 });
  const delta = { type: "reply.delta", turn: "t1", text: "Yes", name: "Aino", at: 2 };
  assert.equal(after(dots("ai"), delta).typing, null);
  assert.equal(after(dots("operator"), delta).typing.who, "operator");
});

test("every one of the turns that ended lately stays ended", () => {
  const ends = ["t1", "t2", "t3"].map((turn) => ({ type: "reply.withdrawn", turn }));
  for (const turn of ["t1", "t2", "t3"])
    assert.deepEqual(after(...ends, { type: "reply.delta", turn, text: "late", name: "", at: 1 }).streams, []);
});
