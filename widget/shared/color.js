// Brand colour arithmetic: readable ink on any brand, and the brand readable on any surface.
// Contrast as in WCAG 2.2, https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio. Colours are "#rrggbb".

const LIGHT_INK = "#ffffff";
const DARK_INK = "#10131a";
export const READABLE = 4.5;
// A brand this close to readable under white is darkened a little; lighter ones (yellow, lime) get dark ink
// instead.
const WORTH_DARKENING = 3;

export const isColor = (value) => /^#[0-9a-f]{6}$/i.test(value);

const channels = (hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));

const linear = (value) => (value <= 10 ? value / 3294.6 : ((value / 255 + 0.055) / 1.055) ** 2.4);

export function luminance(hex) {
  const [red, green, blue] = channels(hex).map(linear);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

export function contrast(one, other) {
  const [a, b] = [luminance(one), luminance(other)];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

/** White where it reaches `ratio` on `fill`, else a near black. */
export const inkOn = (fill, ratio) => (1.05 / (luminance(fill) + 0.05) >= ratio ? LIGHT_INK : DARK_INK);

/** `share` (0..1) of `over` laid on `base`. */
export function mix(base, over, share) {
  const top = channels(over);
  const blended = channels(base).map((value, i) => Math.round(value + (top[i] - value) * share));
  return "#" + blended.map((value) => value.toString(16).padStart(2, "0")).join("");
}

/** The colour nearest to `color` that reaches `ratio` against `surface`. */
export function ensure(color, surface, ratio) {
  const end = luminance(surface) > 0.18 ? "#000000" : "#ffffff";
  let best = color;
  for (let share = 0; share <= 1 && contrast(best, surface) < ratio; share += 0.04)
    best = mix(color, end, share);
  return best;
}

/** What is painted with the brand and what is written on it, for a surface: {fill, ink}, contrast at least
 * 4.5. */
export function brandOn(surface, brand) {
  const seen = ensure(brand, surface, 1.25);
  const ink = inkOn(seen, WORTH_DARKENING);
  return { fill: ensure(seen, ink, READABLE), ink };
}
