// Both languages say everything, count rightly, and tell days and times as their readers do.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { widget } from "./helpers.mjs";

const { createWords, zoneNote } = await widget("chat/words.js");
const { default: en } = await widget("chat/texts/en.js");
const { default: ru } = await widget("chat/texts/ru.js");
const [english, russian] = [createWords(en), createWords(ru)];

const flat = (node, path = "") =>
  typeof node === "string"
    ? [[path, node]]
    : Object.entries(node).flatMap(([key, value]) => flat(value, path ? path + "/" + key : key));
const withoutPlurals = (texts) =>
  flat(texts).map(([path, text]) => [path.replace(/\/(one|few|other)$/, ""), text]);
const placeholders = (text) => (text.match(/\{\w+\}/g) || []).sort();

test("both languages have the same texts with the same places to fill", () => {
  const shape = (texts) =>
    Object.fromEntries(withoutPlurals(texts).map(([path, text]) => [path, placeholders(text)]));
  assert.deepEqual(shape(ru), shape(en));
});

test("Russian texts are Russian and English ones English", () => {
  for (const [path, text] of flat(ru))
    if (!["locale", "dir"].includes(path)) assert.match(text, /[а-яё]/i, path);
  for (const [path, text] of flat(en)) assert.doesNotMatch(text, /[а-яё]/i, path);
});

test("every text that the chat asks for exists", () => {
  const folder = new URL("../../widget/chat/", import.meta.url);
  const sources = readdirSync(folder, { recursive: true }).filter(
    (name) => name.endsWith(".js") && !name.startsWith("texts"),
  );
  const asked = sources
    .flatMap((name) => [...readFileSync(new URL(name, folder), "utf8").matchAll(/say\(\s*"([\w./]+)"/g)])
    .map((found) => found[1]);
  assert.ok(asked.length > 25, "the pattern finds the calls");
  for (const key of asked) assert.ok(key.endsWith("/") || english.say(key, { n: 1 }), key);
});

test("every text is asked for somewhere, by name or by a computed key", () => {
  const folder = new URL("../../widget/chat/", import.meta.url);
  const sources = readdirSync(folder, { recursive: true }).filter(
    (name) => name.endsWith(".js") && !name.startsWith("texts"),
  );
  const code = sources.map((name) => readFileSync(new URL(name, folder), "utf8")).join("\n");
  for (const key of Object.keys(en)) assert.match(code, new RegExp(`\\b${key}\\b`), key);
});

test("Russian counts: one, few, many, also above twenty", () => {
  const say = (n) => russian.say("newMessages", { n });
  assert.deepEqual([1, 2, 5, 11, 14, 21, 22, 25, 111].map(say), [
    "1 новое сообщение",
    "2 новых сообщения",
    "5 новых сообщений",
    "11 новых сообщений",
    "14 новых сообщений",
    "21 новое сообщение",
    "22 новых сообщения",
    "25 новых сообщений",
    "111 новых сообщений",
  ]);
});

test("English counts: one and the rest", () => {
  assert.deepEqual(
    [0, 1, 2, 21].map((n) => english.say("newMessages", { n })),
    ["0 new messages", "1 new message", "2 new messages", "21 new messages"],
  );
});

test("a name is filled in as it is, also when it looks like a place to fill or a pattern", () => {
  assert.equal(english.say("typing", { name: "{n} $& $1" }), "{n} $& $1 is writing…");
});

test("an unknown key is empty, so an event of tomorrow falls back to the hub's own text", () => {
  for (const key of ["events/future.event", "nothing", "a/b/c"]) assert.equal(english.say(key), "");
});

test("days are today, yesterday, a date, a date with its year", () => {
  const now = new Date(2025, 2, 10, 0, 5);
  const day = (...at) => [russian, english].map((words) => words.day(new Date(...at), now));
  assert.deepEqual(day(2025, 2, 10, 0, 1), ["Сегодня", "Today"]);
  assert.deepEqual(day(2025, 2, 9, 23, 59), ["Вчера", "Yesterday"]);
  assert.deepEqual(day(2025, 1, 3), ["3 февраля", "February 3"]);
  assert.match(day(2024, 11, 31)[0], /31 декабря 2024/);
  assert.match(day(2024, 11, 31)[1], /December 31, 2024/);
});

test("the time is written as the language writes it", () => {
  assert.equal(russian.time(new Date(2025, 2, 10, 7, 5)), "07:05");
  assert.match(english.time(new Date(2025, 2, 10, 19, 5)), /^7:05\sPM$/);
});

test("the business's time zone is named only when it differs from the visitor's", () => {
  const now = new Date(Date.UTC(2025, 2, 10));
  assert.equal(zoneNote("Europe/Moscow", now, "Europe/Moscow"), "");
  assert.equal(zoneNote("Europe/Moscow", now, "Europe/Istanbul"), "", "the same clock under another name");
  assert.equal(zoneNote("Europe/Moscow", now, "Europe/Berlin"), " (GMT+3)");
  assert.equal(zoneNote("Nowhere/City", now, "Europe/Berlin"), "");
});
