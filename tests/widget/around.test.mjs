// The small parts around the store: asking for pages, telling what was read and typed, who answers, the form.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Area, arrives, conversation, message, sleep, widget } from "./helpers.mjs";

const { createStore } = await widget("chat/store.js");
const { createSync } = await widget("chat/sync.js");
const { createReader } = await widget("chat/reader.js");
const { createTyping } = await widget("chat/typing.js");
const { openBox } = await widget("chat/storage.js");
const { canCall, hoursLine, presence, progress } = await widget("chat/presence.js");
const { createWords } = await widget("chat/words.js");
const { default: en } = await widget("chat/texts/en.js");
const { pageOf } = await widget("chat/page.js");
const { problem } = await widget("chat/view/prechat.js");
const { initials } = await widget("chat/view/avatar.js");
const { unreadCount } = await widget("chat/state.js");

const words = createWords(en);

/** A hub with rows, asked through session.call(); every call is recorded. */
function hubWith(rows, { fail } = {}) {
  const calls = [];
  const top = () => Math.max(0, ...rows.map((row) => row.change));
  async function call(method, path, body) {
    calls.push(body ? [path, body] : path);
    if (fail?.error) throw fail.error;
    const query = new URL(path, "http://h").searchParams;
    const known = { conversation: conversation(top()), change: top() };
    if (query.has("since")) {
      const newer = rows
        .filter((row) => row.change > Number(query.get("since")))
        .sort((a, b) => a.change - b.change);
      return { ...known, messages: newer.slice(0, 100), hasMore: newer.length > 100 };
    }
    const end = query.has("before") ? rows.findIndex((row) => row.id === query.get("before")) : rows.length;
    const limit = Number(query.get("limit"));
    return { ...known, messages: rows.slice(Math.max(0, end - limit), end), hasMore: end > limit };
  }
  return { calls, session: { call, active: () => true } };
}

const storeFor = (onGap = () => {}) => createStore({ onChange: () => {}, onGap });
const many = (n) => Array.from({ length: n }, (_, i) => message(i + 1));

// ---- sync -------------------------------------------------------------------------------------------------

test("whoever has seen no page yet is caught up by the newest one", async () => {
  const { session, calls } = hubWith(many(70));
  const store = storeFor();
  await createSync({ session, store }).catchUp();
  assert.deepEqual(calls, ["/widget/messages?limit=30"]);
  assert.deepEqual([store.get().loaded, store.get().messages.length], [true, 30]);
});

test("history is read from the newest page up to the beginning", async () => {
  const { session, calls } = hubWith(many(70));
  const store = storeFor();
  const sync = createSync({ session, store });
  await sync.newest();
  assert.deepEqual([store.get().messages.length, store.get().hasOlder], [30, true]);
  await sync.older();
  await sync.older();
  assert.deepEqual(
    store.get().messages.map((row) => row.change),
    many(70).map((row) => row.change),
  );
  assert.equal(store.get().hasOlder, false);
  assert.match(calls[1], /before=msg_0041/);
});

test("two wishes for the same page are one request", async () => {
  const { session, calls } = hubWith(many(5));
  const sync = createSync({ session, store: storeFor() });
  await Promise.all([sync.newest(), sync.newest()]);
  assert.equal(calls.length, 1);
});

test("a catch-up goes on until everything is here", async () => {
  const rows = many(1);
  const { session, calls } = hubWith(rows);
  const store = storeFor();
  const sync = createSync({ session, store });
  await sync.newest();
  rows.push(...many(251).slice(1));
  await sync.catchUp();
  assert.equal(store.get().messages.length, 251);
  assert.equal(calls.length, 4);
});

test("a hub that claims more and more without giving any is not asked for ever", async () => {
  let asked = 0;
  const session = {
    call: async () => ({ messages: [], conversation: null, change: 0, hasMore: ++asked < 100 }),
  };
  const store = storeFor();
  store.dispatch({ type: "session", conversation: null, change: 0 });
  await createSync({ session, store }).catchUp();
  assert.equal(asked, 1);
});

test("a failed page can be asked for again", async () => {
  const fail = { error: { status: 0 } };
  const { session } = hubWith(many(2), { fail });
  const sync = createSync({ session, store: storeFor() });
  await assert.rejects(sync.newest());
  fail.error = null;
  await sync.newest();
});

// ---- store ------------------------------------------------------------------------------------------------

test("a gap that does not close by itself is reported, one that does is not", async () => {
  let gaps = 0;
  const store = storeFor(() => (gaps += 1));
  store.dispatch(arrives(message(2)));
  store.dispatch(arrives(message(1)));
  await sleep(450);
  assert.equal(gaps, 0);
  store.dispatch(arrives(message(9)));
  await sleep(450);
  assert.equal(gaps, 1);
});

// ---- reader -----------------------------------------------------------------------------------------------

function reading({ visible = true, fail } = {}) {
  const { session, calls } = hubWith([], { fail });
  const store = storeFor();
  const seen = { visible };
  return { store, calls, seen, reader: createReader({ session, store, visible: () => seen.visible }) };
}

test("what is on the screen is reported once, what is not is not", async () => {
  const { store, calls, seen, reader } = reading({ visible: false });
  store.dispatch(arrives(message(1)));
  reader.look();
  assert.deepEqual(calls, []);
  seen.visible = true;
  reader.look();
  reader.look();
  assert.deepEqual(calls, [["/widget/read", { upTo: "msg_0001" }]]);
  assert.equal(unreadCount(store.get()), 0);
});

test("what was read without a connection is reported when it is back", async () => {
  const fail = { error: { status: 0 } };
  const { store, calls, reader } = reading({ fail });
  store.dispatch(arrives(message(1)));
  reader.look();
  await sleep(1);
  fail.error = null;
  reader.again();
  reader.again();
  assert.equal(calls.length, 2);
});

// ---- typist -----------------------------------------------------------------------------------------------

function typing(t, { active = true } = {}) {
  t.mock.timers.enable({ apis: ["setTimeout", "Date"], now: 1e12 });
  const area = new Area();
  const calls = [];
  const session = { active: () => active, call: (method, path, { on }) => Promise.resolve(calls.push(on)) };
  const make = () => createTyping({ session, box: openBox("draft", () => area) });
  return { typist: make(), make, calls, area };
}

test("typing is told at most every four seconds and ends with a pause or an empty field", (t) => {
  const { typist, calls } = typing(t);
  for (let i = 0; i < 9; i += 1) {
    typist.input("text " + i);
    t.mock.timers.tick(1000);
  }
  assert.deepEqual(calls, [true, true]);
  t.mock.timers.tick(5000);
  assert.deepEqual(calls, [true, true, false]);
  typist.input("again");
  typist.input("");
  assert.deepEqual(calls.slice(3), [true, false]);
});

test("before the first message nothing of what is typed leaves the browser", (t) => {
  const { typist, calls } = typing(t, { active: false });
  typist.input("secret");
  t.mock.timers.tick(6000);
  assert.deepEqual(calls, []);
});

test("an unsent text waits for the next page, a sent one does not", (t) => {
  const { typist, make, area } = typing(t);
  typist.input("half a sen");
  t.mock.timers.tick(500);
  assert.equal(make().draft(), "half a sen");
  typist.sent();
  assert.equal(make().draft(), undefined);
  assert.deepEqual(Object.keys(area), []);
});

// ---- the page ---------------------------------------------------------------------------------------------

test("the hub is told the page, not a secret in its fragment, and never more than it takes", () => {
  const at = (hash, fields = {}) =>
    pageOf(
      { origin: "https://shop.example", pathname: "/a", search: "?b=c", hash, ...fields },
      { title: "T", referrer: "" },
    ).url;
  assert.equal(at(""), "https://shop.example/a?b=c");
  assert.equal(at("#access_token=secret"), "https://shop.example/a?b=c");
  assert.equal(at("#/cart"), "https://shop.example/a?b=c#/cart");
  assert.equal(at("", { search: "?" + "x".repeat(9000) }).length, 2000);
  const long = pageOf(
    { origin: "", pathname: "", search: "", hash: "" },
    { title: "т".repeat(900), referrer: "r".repeat(9000) },
  );
  assert.deepEqual([long.title.length, long.referrer.length], [500, 2000]);
});

// ---- who answers ------------------------------------------------------------------------------------------

const NOVA = { agent: { name: "Nova", isAi: true }, online: true, hours: null };
const statusOf = (talk, config = NOVA) => presence({ conversation: talk, pending: [] }, config, words).status;

test("the header says who answers: the AI, a called person, a person by name, or the team", () => {
  assert.equal(statusOf(null), "Nova, AI assistant");
  assert.equal(statusOf(conversation(1, { handoff: "requested", floor: "nobody" })), "Calling a person…");
  assert.equal(statusOf(conversation(1, { status: "escalated" })), "Calling a person…");
  assert.equal(
    statusOf(conversation(1, { floor: "operator", operator: { name: "Anna" } })),
    "Anna is with you",
  );
  assert.equal(statusOf(conversation(1, { floor: "operator" })), "Team is with you");
  assert.equal(statusOf(null, { agent: null, online: true }), "We are online");
  assert.equal(statusOf(null, { agent: null, online: false }), "We are away now");
});

test("a person can be called unless one is here or on the way", () => {
  const can = (talk) => canCall({ conversation: talk }, NOVA);
  assert.ok(can(null));
  assert.ok(can(conversation(1, { handoff: "released" })));
  assert.ok(can(conversation(1, { status: "resolved" })));
  assert.ok(!can(conversation(1, { handoff: "requested" })));
  assert.ok(!can(conversation(1, { floor: "operator" })));
});

test("the bar tells plainly what happens after a person was called, and when it is over", () => {
  const bar = (talk, config = NOVA, pending = []) => progress({ conversation: talk, pending }, config, words);
  assert.equal(bar(null), "");
  assert.match(bar(conversation(1, { handoff: "requested" })), /calling a person/);
  assert.match(
    bar(conversation(1, { handoff: "requested" }), { ...NOVA, online: false }),
    /No one is online/,
  );
  assert.match(bar(conversation(1, { status: "resolved" })), /finished/);
  assert.equal(
    bar(conversation(1, { status: "resolved" }), NOVA, [{}]),
    "",
    "the visitor has just continued it",
  );
});

test("the hours are told in words, with the zone only when it is another one", () => {
  const hours = { start: "09:00", end: "18:00", timezone: "Europe/Moscow" };
  const now = new Date(Date.UTC(2025, 2, 10));
  assert.equal(hoursLine({ online: true, hours }, words), "People are online now");
  assert.equal(
    hoursLine({ online: false, hours }, words, now, "Europe/Moscow"),
    "People are here 09:00–18:00",
  );
  assert.equal(
    hoursLine({ online: false, hours }, words, now, "Europe/London"),
    "People are here 09:00–18:00 (GMT+3)",
  );
  assert.match(hoursLine({ online: false, hours: null }, words), /No one is online/);
});

// ---- the form ---------------------------------------------------------------------------------------------

test("the form accepts what people write and names what is missing", () => {
  const wrong = (name, value, required = true) => problem({ name, required }, value);
  assert.equal(wrong("name", ""), "fillIn");
  assert.equal(wrong("phone", "", false), "");
  for (const good of ["a@b.ru", "имя@почта.рф", "a.b+c@d.e.co"]) assert.equal(wrong("email", good), "", good);
  for (const bad of ["a", "a@b", "a b@c.de", "@b.ru"]) assert.equal(wrong("email", bad), "badEmail", bad);
  for (const good of ["+7 (999) 123-45-67", "0301234567", "123456"])
    assert.equal(wrong("phone", good), "", good);
  for (const bad of ["12345", "call me"]) assert.equal(wrong("phone", bad), "badPhone", bad);
});

test("initials come from letters, not from quotes and emoji", () => {
  assert.deepEqual(["Анна Соколова", "Автопарк «Север»", "nova", "🚗 Cars & Co", "", null].map(initials), [
    "АС",
    "АС",
    "N",
    "CC",
    "",
    "",
  ]);
});
