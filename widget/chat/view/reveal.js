// Streamed text arrives in bursts; it is shown at an even pace, quicker the further it is behind.

const SHARE = 10; // of what is missing, per frame
const HIGH_SURROGATE = /[\ud800-\udbff]$/;

/** {to(text), stop()}: calls draw(prefix) until the whole text is shown. `still` = no motion, show it at
 * once. */
export function createReveal(draw, still) {
  let target = "";
  let shown = 0;
  let frame = 0;

  function step() {
    frame = 0;
    shown = Math.min(target.length, shown + Math.max(1, Math.ceil((target.length - shown) / SHARE)));
    if (HIGH_SURROGATE.test(target.slice(0, shown))) shown += 1; // never half an emoji
    draw(target.slice(0, shown));
    if (shown < target.length) frame = requestAnimationFrame(step);
  }

  function to(text) {
    target = text;
    shown = Math.min(shown, text.length);
    if (still()) shown = text.length;
    if (!frame) step();
  }

  return { to, stop: () => cancelAnimationFrame(frame) };
}
