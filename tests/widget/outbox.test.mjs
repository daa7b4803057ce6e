// Nothing that the visitor wrote is lost, doubled or reordered, whatever the line, the hub and the other tabs
// do.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Area, sleep, until, widget } from "./helpers.mjs";

const { createOutbox } = await widget("chat/outbox.js");
const { openRecords } = await widget("chat/storage.js");
const { Refusal } = await widget("chat/http.js");
const { backoff, uuid } = await widget("chat/backoff.js");

/** One lock manager for all tabs of a test, as the browser has one for all tabs of an origin. */
function lockManager() {
  let last = Promise.resolve();
  return { request: (name, options, job) => (last = last.then(job, job)) };
}

/** The same call, and then a look. */
const after =
  (call, look) =>
  (...args) => {
    call(...args);
    look();
  };

/** A tab with an outbox, which tells of every change that is not another tab's; `plan` holds what the hub does with each try: undefined = stores it, an error =
 * fails. */
function tab({ area, locks = lockManager(), hub, plan = [], now } = {}) {
  const limits = [];
  const tries = [];
  const isAlone = !(area && hub);
  area ??= new Area();
  hub ??= [];
  const send = async ({ clientId, text }) => {
    tries.push(text);
    const fate = plan.shift();
    if (fate instanceof Error && !fate.stored) throw fate;
    if (!hub.some((one) => one.clientId === clientId)) hub.push({ clientId, text });
    if (fate) throw fate;
  };
  const outbox = createOutbox({
    records: openRecords("out.", () => area),
    send,
    locks,
    now,
    onChange: () => (told = outbox.items()),
    onLimited: (n) => limits.push(n),
  });
  let told = outbox.items();
  const allTold = () => isAlone && assert.deepEqual(told, outbox.items(), "a change that nobody was told of");
  for (const name of ["add", "retry", "discard", "clear"]) outbox[name] = after(outbox[name], allTold);
  const { drain } = outbox;
  outbox.drain = () => drain().then(allTold);
  return { outbox, area, locks, hub, tries, limits, texts: () => hub.map((one) => one.text) };
}

const down = () => new Refusal(0, "network");
const lostAnswer = () => Object.assign(new Refusal(0, "network"), { stored: true });

test("lines are sent one after the other in the order written", async () => {
  const one = tab();
  for (const text of ["a", "b", "c"]) one.outbox.add(text);
  await until(() => one.hub.length === 3);
  assert.deepEqual(one.texts(), ["a", "b", "c"]);
  assert.deepEqual(one.outbox.items(), []);
});

test("without a connection they wait, in order, and go when it is back", async () => {
  const one = tab({ plan: [down()] });
  for (const text of ["a", "b"]) one.outbox.add(text);
  await until(() => one.tries.length === 1);
  await sleep(10);
  assert.deepEqual(
    one.outbox.items().map((item) => [item.text, item.state]),
    [
      ["a", "waiting"],
      ["b", "waiting"],
    ],
  );
  one.outbox.drain();
  await until(() => one.hub.length === 2);
  assert.deepEqual(one.texts(), ["a", "b"]);
});

test("the next page sends what this one could not", async () => {
  const first = tab({ plan: [down(), down(), down()] });
  for (const text of ["a", "b"]) first.outbox.add(text);
  await until(() => first.tries.length === 1);
  const next = tab({ area: first.area, hub: first.hub });
  assert.deepEqual(
    next.outbox.items().map((item) => item.text),
    ["a", "b"],
  );
  next.outbox.drain();
  await until(() => next.hub.length === 2);
  assert.deepEqual(Object.keys(first.area), []);
});

test("an answer that was lost after the hub stored the line does not double it", async () => {
  const one = tab({ plan: [lostAnswer()] });
  one.outbox.add("a");
  await until(() => one.tries.length === 1);
  await sleep(5);
  one.outbox.drain();
  await until(() => !one.outbox.items().length);
  assert.deepEqual([one.texts(), one.tries], [["a"], ["a", "a"]]);
});

test("two tabs send every line once", async () => {
  const locks = lockManager();
  const one = tab({ locks });
  const other = tab({ area: one.area, locks, hub: one.hub });
  for (let i = 0; i < 10; i += 1) {
    one.outbox.add("one " + i);
    other.outbox.add("other " + i);
  }
  await until(() => one.hub.length === 20);
  await sleep(20);
  assert.equal(one.tries.length + other.tries.length, 20, "the lock spares the repetition");
  assert.deepEqual(
    one.texts().filter((text) => text.startsWith("one")),
    Array.from({ length: 10 }, (_, i) => "one " + i),
  );
});

test("without locks two tabs may both try, and the hub still has each line once", async () => {
  const one = tab({ locks: null });
  const other = tab({ area: one.area, locks: null, hub: one.hub });
  one.outbox.add("a");
  other.outbox.drain();
  await until(() => !one.outbox.items().length && !other.outbox.items().length);
  assert.deepEqual(one.texts(), ["a"]);
});

test("a line that the hub refuses is marked and does not hold up the next one", async () => {
  const one = tab({ plan: [new Refusal(400, "text_invalid")] });
  one.outbox.add("bad");
  one.outbox.add("good");
  await until(() => one.hub.length === 1);
  assert.deepEqual(one.texts(), ["good"]);
  assert.deepEqual(
    one.outbox.items().map((item) => [item.text, item.state, item.reason]),
    [["bad", "failed", "text_invalid"]],
  );
});

test("a failed line can be tried again with the same clientId, or thrown away", async () => {
  const one = tab({ plan: [new Refusal(400, "x"), new Refusal(400, "x")] });
  one.outbox.add("again");
  one.outbox.add("away");
  await until(() => one.outbox.items().every((item) => item.state === "failed"));
  const [again, away] = one.outbox.items();
  one.outbox.retry(again.clientId);
  one.outbox.discard(away.clientId);
  await until(() => one.hub.length === 1);
  assert.deepEqual(one.hub, [{ clientId: again.clientId, text: "again" }]);
  assert.deepEqual(one.outbox.items(), []);
});

test("a line that is tried again goes to the end: it must not slip in above what was written since", async () => {
  const one = tab({ plan: [new Refusal(400, "x"), down(), down(), down()] });
  one.outbox.add("again");
  one.outbox.add("next");
  await until(() => one.tries.length === 2);
  const [again] = one.outbox.items();
  assert.deepEqual([again.text, again.state], ["again", "failed"]);
  one.outbox.retry(again.clientId);
  assert.deepEqual(
    one.outbox.items().map((item) => item.text),
    ["next", "again"],
  );
  one.outbox.clear();
});

test("a hub that took too long to read a line gets it again", async () => {
  const one = tab({ plan: [new Refusal(408, "timeout")] });
  one.outbox.add("a");
  await until(() => one.tries.length === 1);
  await sleep(5);
  assert.equal(one.outbox.items()[0].state, "waiting");
  one.outbox.drain();
  await until(() => one.hub.length === 1);
});

test("a hub that is away for long gets the line when it is back", async () => {
  const one = tab({ plan: [502, 503, 504, 408, 503, 503, 502].map((status) => new Refusal(status, "down")) });
  one.outbox.add("a");
  await until(() => (one.outbox.drain(), one.hub.length === 1)); // sparing the pauses
});

for (const [what, first] of [
  ["was stored", [500, 500, 500, 500, null]],
  ["was given up", [500, 500, 500, 500, 500]],
])
  test("the next line has all its tries after one that " + what, async () => {
    const fates = [...first, 500, 500, 500, 500, null];
    const one = tab({ plan: fates.map((status) => status && new Refusal(status, "internal")) });
    one.outbox.add("first");
    one.outbox.add("second");
    for (let i = 0; i < fates.length; i += 1) {
      await until(() => one.tries.length >= i + 1);
      await sleep(5);
      one.outbox.drain();
    }
    await until(() => one.texts().includes("second"));
    assert.equal(one.tries.filter((text) => text === "second").length, 5);
  });

test("told to slow down, it waits as long as it was told and says so", async () => {
  let clock = 1000000;
  const one = tab({ plan: [new Refusal(429, "rate_limited", 7)], now: () => clock });
  one.outbox.add("a");
  await until(() => one.limits.length === 1);
  assert.deepEqual(one.limits, [7]);
  await sleep(5);
  clock += 6000;
  await one.outbox.drain();
  assert.equal(one.tries.length, 1, "too early");
  clock += 1001;
  one.outbox.drain();
  await until(() => one.hub.length === 1);
});

test("a line on which the hub breaks five times gives way to the next", async () => {
  const one = tab({ plan: Array.from({ length: 5 }, () => new Refusal(500, "internal")) });
  one.outbox.add("poison");
  one.outbox.add("fine");
  for (let i = 0; i < 5; i += 1) {
    await until(() => one.tries.length >= i + 1);
    await sleep(5);
    one.outbox.drain();
  }
  await until(() => one.hub.length === 1);
  assert.deepEqual(one.texts(), ["fine"]);
  assert.equal(one.outbox.items()[0].state, "failed");
});

test("no connection never turns a line into a failed one", async () => {
  const one = tab({ plan: Array.from({ length: 20 }, down) });
  one.outbox.add("a");
  for (let i = 0; i < 20; i += 1) {
    await until(() => one.tries.length >= i + 1);
    await sleep(2);
    one.outbox.drain();
  }
  await until(() => one.hub.length === 1);
});

test("a line older than a day is not sent behind the visitor's back", async () => {
  let clock = Date.UTC(2025, 0, 1);
  const first = tab({ plan: [down()], now: () => clock });
  first.outbox.add("old");
  await until(() => first.tries.length === 1);
  clock += 86400001;
  const next = tab({ area: first.area, now: () => clock });
  next.outbox.drain();
  await until(() => next.outbox.items()[0].state === "failed");
  assert.equal(next.outbox.items()[0].reason, "stale");
  assert.deepEqual(next.hub, []);
});

test("lines written in one millisecond keep their order", async () => {
  const one = tab({ now: () => 5 });
  for (const text of ["a", "b", "c", "d"]) one.outbox.add(text);
  await until(() => one.hub.length === 4);
  assert.deepEqual(one.texts(), ["a", "b", "c", "d"]);
});

test("sign-out takes the unsent lines along", () => {
  const one = tab({ plan: [down()] });
  one.outbox.add("private");
  one.outbox.clear();
  assert.deepEqual(one.outbox.items(), []);
  assert.deepEqual(Object.keys(one.area), []);
});

test("a mistake of our own is reported, not taken for a bad line", async () => {
  const one = tab({ plan: [new TypeError("our mistake")] });
  openRecords("out.", () => one.area).put("c1", { text: "a", at: Date.now() });
  await assert.rejects(one.outbox.drain(), /our mistake/);
  assert.equal(one.outbox.items()[0].state, "waiting");
});

test("the pause grows, is never zero, never above thirty seconds, and differs between widgets", () => {
  for (let tries = 0; tries < 40; tries += 1) {
    assert.ok(backoff(tries, () => 0) >= 400);
    assert.ok(backoff(tries, () => 1) <= 30000);
    assert.ok(backoff(tries + 1, () => 0) >= backoff(tries, () => 0));
  }
  assert.notEqual(
    backoff(3, () => 0.1),
    backoff(3, () => 0.9),
  );
});

test("a clientId is a version 4 UUID, and no two are the same", () => {
  const made = new Set(Array.from({ length: 1000 }, uuid));
  assert.equal(made.size, 1000);
  for (const one of made)
    assert.match(one, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});
