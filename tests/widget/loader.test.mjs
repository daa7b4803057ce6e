// What the loader reads from its tag, and the public object that host pages use.
import assert from "node:assert/strict";
import { test } from "node:test";
import { widget } from "./helpers.mjs";

const { pickLocale, readTag } = await widget("loader/settings.js");
const { cleanIdentity, createApi, createEmitter } = await widget("loader/api.js");

const tag = (src, attributes = {}) => ({ src, getAttribute: (name) => attributes[name] ?? null });
const PAGE = "https://shop.example/deep/page?x=1";

test("it takes the hub from the address of its own script and the site from the tag", () => {
  const read = readTag(tag("https://hub.example:8443/widget.js", { "data-site": "abc" }), PAGE, ["de", "fr"]);
  assert.deepEqual(read, { hub: "https://hub.example:8443", site: "abc", locale: undefined, theme: null });
});

test("a tag manager that drops data attributes may put the site into the address", () => {
  assert.equal(readTag(tag("/widget.js?site=abc"), PAGE, []).site, "abc");
  assert.equal(readTag(tag("/widget.js?site=abc"), PAGE, []).hub, "https://shop.example");
});

test("it says what is missing when there is no site", () => {
  assert.throws(() => readTag(tag("https://hub.example/widget.js"), PAGE, []), /no data-site/);
});

test("the language is the tag's, then the page's, then the browser's", () => {
  const src = "https://hub.example/widget.js?site=a";
  assert.equal(readTag(tag(src, { "data-locale": "en" }), PAGE, ["ru", "ru-RU"]).locale, "en");
  assert.equal(readTag(tag(src), PAGE, ["ru-RU", "en-US"]).locale, "ru");
  assert.equal(readTag(tag(src), PAGE, ["", "EN-us"]).locale, "en");
  assert.equal(pickLocale([null, undefined, "", "uk", "kk-KZ"]), undefined);
});

test("calls queued before the script loaded run in their order, and push keeps working", () => {
  const done = [];
  const emitter = createEmitter();
  const api = createApi(
    [["open"], ["identify", { id: 7, name: "Ann" }]],
    (verb, argument) => done.push([verb, argument]),
    emitter,
  );
  api.push(["close"], ["toggle"]);
  assert.deepEqual(
    done.map(([verb]) => verb),
    ["open", "identify", "close", "toggle"],
  );
  assert.equal(done[1][1].id, "7");
});

test("an unknown or recursive queued call is ignored", () => {
  const done = [];
  createApi([["nonsense"], ["push", ["open"]], ["open"]], (verb) => done.push(verb), createEmitter());
  assert.deepEqual(done, ["open"]);
});

test("identify keeps the documented fields only, and nothing means that the person has left", () => {
  assert.deepEqual(cleanIdentity({ id: "u1", email: "a@b.c", name: "Ann", hash: "h", admin: true }), {
    id: "u1",
    email: "a@b.c",
    name: "Ann",
    hash: "h",
  });
  assert.equal(cleanIdentity({ id: 7, name: 8 }).name, "8", "the hub takes text");
  for (const gone of [null, undefined, {}, { id: "" }]) assert.equal(cleanIdentity(gone), null);
});

test("listeners get their event, can be removed, and one that throws does not stop the next", (t) => {
  const tasks = [];
  t.mock.method(globalThis, "setTimeout", (run, ms, detail) => tasks.push(() => run(detail)));
  const heard = [];
  const emitter = createEmitter();
  const gone = () => heard.push("gone");
  emitter.on("unread", () => {
    throw new Error("the page's own mistake");
  });
  emitter.on("unread", gone);
  emitter.on("unread", (n) => heard.push(n));
  emitter.on("open", () => heard.push("other"));
  emitter.off("unread", gone);
  emitter.emit("unread", 3);
  assert.deepEqual(heard, [], "not inside our own work");
  assert.throws(tasks[0], /own mistake/);
  tasks.slice(1).forEach((task) => task());
  assert.deepEqual(heard, [3]);
});
