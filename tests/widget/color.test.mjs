// Any brand colour must stay readable: in the launcher, in bubbles, in links, in both themes.
import assert from "node:assert/strict";
import { test } from "node:test";
import { widget } from "./helpers.mjs";

const { brandOn, contrast, ensure, inkOn, isColor, mix } = await widget("shared/color.js");
const { tokens } = await widget("chat/view/theme.js");

const BRANDS = [
  "#000000",
  "#ffffff",
  "#2f5bea",
  "#3b82f6",
  "#ef4444",
  "#f97316",
  "#facc15",
  "#84cc16",
  "#22c55e",
  "#10b981",
  "#06b6d4",
  "#8b5cf6",
  "#d946ef",
  "#ec4899",
  "#111827",
  "#6b7280",
  "#9ca3af",
  "#e5e7eb",
  "#7f1d1d",
  "#ffe4e6",
  "#808080",
  "#767676",
];

test("contrast agrees with the WCAG examples", () => {
  assert.equal(contrast("#000000", "#ffffff"), 21);
  assert.equal(contrast("#777777", "#777777"), 1);
  assert.equal(contrast("#767676", "#ffffff").toFixed(2), "4.54");
});

test("mix lays one colour on another by share", () => {
  assert.equal(mix("#000000", "#ffffff", 0), "#000000");
  assert.equal(mix("#000000", "#ffffff", 1), "#ffffff");
  assert.equal(mix("#000000", "#0a6414", 0.5), "#05320a");
});

test("ensure leaves a readable colour alone and moves another one just far enough", () => {
  assert.equal(ensure("#1d4ed8", "#ffffff", 4.5), "#1d4ed8");
  assert.ok(contrast(ensure("#facc15", "#ffffff", 4.5), "#ffffff") >= 4.5);
  assert.ok(contrast(ensure("#111827", "#16181d", 4.5), "#16181d") >= 4.5);
});

test("an icon on the launcher reaches 3:1 on every brand", () => {
  for (const brand of BRANDS) assert.ok(contrast(inkOn(brand, 3), brand) >= 3, brand);
});

for (const theme of ["light", "dark"]) {
  test(`text on the brand and links in the brand reach 4.5:1, ${theme}`, () => {
    const [panel, soft] = theme === "dark" ? ["#16181d", "#23262e"] : ["#ffffff", "#f2f4f7"];
    for (const brand of BRANDS) {
      const { fill, ink, link, tint } = tokens(theme, brand);
      assert.ok(contrast(ink, fill) >= 4.5, `${brand}: ink ${ink} on fill ${fill}`);
      for (const ground of [panel, soft, tint])
        assert.ok(contrast(link, ground) >= 4.5, `${brand}: link ${link} on ${ground}`);
      assert.ok(contrast(fill, panel) >= 1.25, `${brand}: a bubble that cannot be seen`);
    }
  });
}

test("a brand that is readable as it is stays exactly itself", () => {
  assert.deepEqual(brandOn("#ffffff", "#1d4ed8"), { fill: "#1d4ed8", ink: "#ffffff" });
  assert.deepEqual(brandOn("#ffffff", "#facc15"), { fill: "#facc15", ink: "#10131a" });
});

test("only #rrggbb is a colour, so a config cannot smuggle in CSS", () => {
  assert.ok(isColor("#A1b2C3"));
  for (const bad of ["red", "#fff", "#12345", "#1234567", "#12345g", "#123456;}*{}", undefined, null, 7])
    assert.ok(!isColor(bad), String(bad));
});
