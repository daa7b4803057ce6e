// What is kept survives the page, other tabs, full and forbidden storage, and what strangers wrote there.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Area, widget } from "./helpers.mjs";

const { openBox, openRecords } = await widget("chat/storage.js");

const forbidden = () => {
  throw new DOMException("no", "SecurityError");
};

class FullArea extends Area {
  setItem() {
    throw new DOMException("full", "QuotaExceededError");
  }
}

test("a record survives the page", () => {
  const area = new Area();
  openBox("k", () => area).write({ token: "t" });
  assert.deepEqual(openBox("k", () => area).read(), { token: "t" });
});

test("a box that was cleared is empty and leaves nothing behind", () => {
  const area = new Area();
  const box = openBox("k", () => area);
  box.write({ token: "t" });
  box.clear();
  assert.deepEqual(box.read(), {});
  assert.deepEqual(Object.keys(area), []);
});

for (const [name, area] of [
  ["forbidden", forbidden],
  ["full", () => new FullArea()],
]) {
  test(`with ${name} storage the page's own memory serves`, () => {
    const box = openBox("k", area);
    box.write({ token: "t" });
    assert.deepEqual(box.read(), { token: "t" });
    box.clear();
    assert.deepEqual(box.read(), {});
    const records = openRecords("out.", area);
    records.put("a", { text: "kept" });
    assert.deepEqual(records.all(), [["a", { text: "kept" }]]);
  });
}

test("a later write that fits replaces the one that was only in memory", () => {
  const area = new FullArea();
  const box = openBox("k", () => area);
  box.write({ n: 1 });
  area.setItem = Area.prototype.setItem;
  Object.defineProperty(area, "setItem", { enumerable: false });
  box.write({ n: 2 });
  assert.deepEqual(openBox("k", () => area).read(), { n: 2 });
});

test("what is not a record of ours counts as nothing", () => {
  const area = new Area();
  for (const raw of ["", "null", "7", "[1]", '"text"', "{broken", "undefined"]) {
    area.setItem("k", raw);
    assert.deepEqual(openBox("k", () => area).read(), {}, raw);
  }
});

test("two tabs that put at the same time do not lose each other's lines", () => {
  const area = new Area();
  const [one, other] = [openRecords("out.", () => area), openRecords("out.", () => area)];
  for (let i = 0; i < 20; i += 1) {
    one.put("a" + i, { text: "one" });
    other.put("b" + i, { text: "other" });
  }
  assert.equal(one.all().length, 40);
  assert.deepEqual(one.all(), other.all());
});

test("records are those of their own prefix only, and what another tab dropped is gone", () => {
  const area = new Area();
  area.setItem("me", '{"text":"no"}');
  const [one, other] = [openRecords("out.", () => area), openRecords("out.", () => area)];
  one.put("a", { text: "x" });
  other.drop("a");
  assert.deepEqual(one.all(), []);
  assert.deepEqual(Object.keys(area), ["me"]);
});
