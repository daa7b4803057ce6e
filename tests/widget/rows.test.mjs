// The list as the visitor sees it: grouped, dated, with keys that let an echo and a stream become the stored
// message.
import assert from "node:assert/strict";
import { test } from "node:test";
import { arrives, message, widget } from "./helpers.mjs";

const { initialState, reduce } = await widget("chat/state.js");
const { toRows } = await widget("chat/rows.js");

const AGENT = { name: "Nova", isAi: true };
const loaded = { ...initialState(), loaded: true };
const rowsOf = (...events) => toRows(events.reduce(reduce, loaded), "", AGENT);
const bubbles = (rows) => rows.filter((row) => row.kind === "message");

test("the greeting stands first and is not stored; it waits until the beginning is known", () => {
  assert.deepEqual(
    toRows(loaded, "Welcome", AGENT).map((row) => [row.key, row.role, row.name, row.text]),
    [["greeting", "assistant", "Nova", "Welcome"]],
  );
  assert.equal(toRows(loaded, "Welcome", null)[0].role, "operator");
  assert.deepEqual(toRows(initialState(), "Welcome", AGENT), []);
  assert.deepEqual(toRows({ ...loaded, hasOlder: true }, "Welcome", AGENT), []);
});

test("lines of one author within five minutes are one group", () => {
  const rows = bubbles(
    rowsOf(
      arrives(message(1)),
      arrives(message(2)),
      arrives(message(3, { name: "Boris" })),
      arrives(message(9, { name: "Boris" })),
    ),
  );
  assert.deepEqual(
    rows.map((row) => [row.first, row.last]),
    [
      [true, false],
      [false, true],
      [true, true],
      [true, true],
    ],
  );
});

test("a system line ends a group", () => {
  const rows = rowsOf(
    arrives(message(1)),
    arrives(message(2, { role: "system", event: "handoff.taken" })),
    arrives(message(3)),
  );
  assert.deepEqual(
    bubbles(rows).map((row) => row.last),
    [true, true],
  );
  assert.equal(rows.find((row) => row.kind === "system").event, "handoff.taken");
});

test("a new day gets a separator and starts a group", () => {
  const late = message(1, { createdAt: "2025-03-10T11:59:00.000Z" });
  const next = message(2, { createdAt: "2025-03-12T12:00:00.000Z" });
  const rows = rowsOf(arrives(late), arrives(next));
  assert.deepEqual(
    rows.map((row) => row.kind),
    ["day", "message", "day", "message"],
  );
  assert.ok(rows[3].first);
});

test("the echo and the stored message share a key, so the bubble stays the same element", () => {
  const echo = toRows(
    reduce(loaded, {
      type: "queue",
      items: [{ clientId: "c1", text: "hi", at: Date.now(), state: "sending" }],
    }),
    "",
    AGENT,
  );
  const stored = rowsOf(arrives(message(1, { role: "customer", clientId: "c1" })));
  assert.equal(bubbles(echo)[0].key, bubbles(stored)[0].key);
});

test("the stream and the final answer share a key; a second answer of the same turn gets its own", () => {
  const streaming = rowsOf({ type: "reply.delta", turn: "t1", text: "Hel", name: "Nova", at: 1 });
  const final = bubbles(
    rowsOf(
      arrives(message(1, { role: "assistant", turn: "t1" })),
      arrives(message(2, { role: "assistant", turn: "t1" })),
    ),
  );
  assert.equal(bubbles(streaming)[0].key, final[0].key);
  assert.ok(bubbles(streaming)[0].streaming);
  assert.notEqual(final[0].key, final[1].key);
});

test("keys are never given twice", () => {
  const rows = rowsOf(
    arrives(message(1, { role: "customer", clientId: "c1" })),
    arrives(message(2, { role: "customer", clientId: "c1" })),
    arrives(message(3, { role: "assistant", turn: "c1" })),
    { type: "typing", who: "operator", name: "A", on: true, at: 1 },
  );
  assert.equal(new Set(rows.map((row) => row.key)).size, rows.length);
});

test("only the last own message tells its delivery, and those that have not arrived", () => {
  const own = (n, status) => arrives(message(n, { role: "customer", clientId: "c" + n, status }));
  const items = [{ clientId: "p1", text: "later", at: Date.UTC(2025, 2, 10, 9, 50), state: "waiting" }];
  const rows = bubbles(
    rowsOf(own(1, "read"), own(2, "failed"), own(3, "received"), { type: "queue", items }),
  );
  assert.deepEqual(
    rows.map((row) => [row.status, row.tells]),
    [
      ["read", false],
      ["failed", true],
      ["sent", false],
      ["waiting", true],
    ],
  );
});

test("every status of the hub has a word for the visitor", () => {
  const shown = (status) => bubbles(rowsOf(arrives(message(1, { role: "customer", status }))))[0].status;
  assert.deepEqual(["received", "queued", "sent", "delivered", "read", "failed", "unknown"].map(shown), [
    "sent",
    "sent",
    "sent",
    "sent",
    "read",
    "failed",
    "sent",
  ]);
});

test("typing is shown last, and not beside the answer that the same AI is writing", () => {
  const typing = { type: "typing", who: "ai", name: "Nova", on: true, at: 1 };
  assert.equal(rowsOf(arrives(message(1, { role: "customer" })), typing).at(-1).kind, "typing");
  assert.ok(
    !rowsOf({ type: "reply.delta", turn: "t1", text: "He", name: "Nova", at: 1 }, typing).some(
      (row) => row.kind === "typing",
    ),
  );
});
