// A screen reader hears each sentence of a streamed answer once, whole, and nothing twice.
import assert from "node:assert/strict";
import { test } from "node:test";
import { seeded, widget } from "./helpers.mjs";

const { sentences } = await widget("chat/speech.js");

test("an unfinished sentence waits", () => {
  assert.deepEqual(sentences("Yes, we are op", 0, false), { spoken: "", at: 0 });
  assert.deepEqual(sentences("Yes. We are op", 0, false), { spoken: "Yes.", at: 4 });
});

test("the rest is spoken when the answer is finished", () => {
  assert.deepEqual(sentences("Yes. We are open", 4, true), { spoken: "We are open", at: 16 });
  assert.deepEqual(sentences("Yes.", 4, true), { spoken: "", at: 4 });
});

test("a point inside a number or an address does not end a sentence", () => {
  assert.equal(sentences("It costs 1.5 at www.a.example now", 0, false).spoken, "");
});

test("a line, a question and a quoted end are ends", () => {
  for (const text of ["First line\nsecond", "Really? Then", "He said “yes.” Then", "Да… Или"])
    assert.notEqual(sentences(text, 0, false).spoken, "", text);
});

test("however the text is cut, all of it is heard once and in order", () => {
  const whole =
    "Yes, you can. The desk is open day and night!\n- passport\n- licence\nMore: https://a.example/x.y. See you";
  for (let seed = 1; seed <= 50; seed += 1) {
    const { below } = seeded(seed);
    const heard = [];
    let at = 0;
    for (let end = 0; end < whole.length; end += 1 + below(9)) {
      const part = sentences(whole.slice(0, end), at, false);
      if (part.spoken) heard.push(part.spoken);
      at = part.at;
    }
    heard.push(sentences(whole, at, true).spoken);
    assert.equal(
      heard.join(" ").replace(/\s+/g, " ").trim(),
      whole.replace(/\s+/g, " ").trim(),
      "seed " + seed,
    );
  }
});
