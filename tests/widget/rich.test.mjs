// Text becomes tokens, never markup; only http(s) becomes a link.
import assert from "node:assert/strict";
import { test } from "node:test";
import { widget } from "./helpers.mjs";

const { blocks, inline, safeUrl } = await widget("chat/rich.js");

const plain = (text) =>
  blocks(text, false)[0]
    .textLines.map((parts) => parts.map((part) => part.text).join(""))
    .join("\n");
const links = (text) =>
  inline(text)
    .filter((part) => part.kind === "link")
    .map((part) => [part.text, part.url]);

test("only http and https are addresses", () => {
  assert.equal(safeUrl("https://a.example/x?y=1#z"), "https://a.example/x?y=1#z");
  assert.equal(safeUrl("www.a.example"), "https://www.a.example/");
  for (const bad of [
    "javascript:alert(1)",
    "JAVASCRIPT:alert(1)",
    " javascript:alert(1)",
    "java\nscript:alert(1)",
    "data:text/html,x",
    "vbscript:x",
    "file:///etc/passwd",
    "blob:https://a/b",
    "//a.example",
    "a.example",
    "",
    undefined,
    null,
  ]) {
    assert.equal(safeUrl(bad), null, String(bad));
  }
});

test("addresses in a text are links, the punctuation after them is not", () => {
  assert.deepEqual(links("See https://a.example/x, or www.b.example!"), [
    ["https://a.example/x", "https://a.example/x"],
    ["www.b.example", "https://www.b.example/"],
  ]);
  assert.deepEqual(links("(https://a.example/wiki/A_(b))"), [
    ["https://a.example/wiki/A_(b)", "https://a.example/wiki/A_(b)"],
  ]);
  assert.deepEqual(links("«https://a.example/путь»."), [
    ["https://a.example/путь", "https://a.example/%D0%BF%D1%83%D1%82%D1%8C"],
  ]);
  assert.deepEqual(links("nothttps://a.example"), []);
});

test("a quote or a tag ends an address", () => {
  assert.deepEqual(links('https://a.example/"><img src=x>')[0], ["https://a.example/", "https://a.example/"]);
  assert.deepEqual(links("<https://a.example>")[0][1], "https://a.example/");
});

test("a named link shows its name, unless the name pretends to be another address", () => {
  assert.deepEqual(links("[the price](https://a.example/p)"), [["the price", "https://a.example/p"]]);
  assert.deepEqual(links("[https://bank.example](https://evil.example)"), [
    ["https://evil.example", "https://evil.example/"],
  ]);
  assert.deepEqual(links("[www.bank.example/login](https://evil.example)")[0][0], "https://evil.example");
});

test("a named link to anything but http stays the text that it is", () => {
  assert.deepEqual(inline("[x](javascript:alert(1))"), [{ kind: "text", text: "[x](javascript:alert(1))" }]);
});

test("a visitor's own text keeps every character", () => {
  for (const text of ["**not bold** `x` # no\n- no list", "a\n\n\nb", "<b>{{7*7}}</b> ${x}", "  indented\t"])
    assert.equal(plain(text), text);
});

test("bold, code, lists and headings of an answer are structure", () => {
  const [heading, bullets, numbers, last] = blocks(
    "# Price\n\n- **one**\n- `two`\n3. three\n4. four\n\nlast\nline",
    true,
  );
  assert.deepEqual(heading.textLines[0][0], { kind: "bold", parts: [{ kind: "text", text: "Price" }] });
  assert.deepEqual([bullets.kind, bullets.start, bullets.items.length], ["list", null, 2]);
  assert.deepEqual(bullets.items[1], [{ kind: "code", text: "two" }]);
  assert.deepEqual([numbers.start, numbers.items.length], ["3", 2]);
  assert.equal(last.textLines.length, 2);
});

test("a half-written mark in a streamed text is shown as typed", () => {
  assert.deepEqual(inline("the **pri"), [{ kind: "text", text: "the **pri" }]);
  assert.deepEqual(inline("see [the"), [{ kind: "text", text: "see [the" }]);
});

test("a minus in a sentence or a price is not a list", () => {
  assert.deepEqual(blocks("-5 degrees", true)[0].kind, "paragraph");
  assert.deepEqual(blocks("1.5 litres", true)[0].kind, "paragraph");
});

test("hostile input is read in linear time", () => {
  const started = performance.now();
  for (const text of [
    "*".repeat(20000),
    "[".repeat(20000),
    "`".repeat(20000),
    "**a".repeat(7000),
    "https://".repeat(3000),
    "- ".repeat(10000),
    "www.".repeat(5000) + ")".repeat(5000),
    "[a](".repeat(5000),
  ]) {
    blocks(text, true);
    blocks(text, false);
  }
  assert.ok(performance.now() - started < 1500, `${performance.now() - started} ms`);
});
