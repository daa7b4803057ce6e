// hx-swap="merge": each part of the response replaces the element with its id, or joins the list named by data-into.
// So one response may carry new lines, changed lines, a header and a toast, and what it does not carry stays.
// What somebody is typing into (data-keep) is left alone.
const callbacks = { beforeNodeMorphed: (node) => !(node instanceof Element && node.hasAttribute("data-keep")) };

// A line that came late stands where it was said: before the first one with a greater position. Looked for from the end,
// where nearly all belong.
function following(list, position) {
  let next = null;
  for (let other = list.lastElementChild; Number(other?.dataset.position) > position; other = other.previousElementSibling)
    next = other;
  return next;
}

function merge(part) {
  const known = part.id && document.getElementById(part.id);
  if (known) {
    window.Idiomorph.morph(known, part, { morphStyle: "outerHTML", callbacks });
    return document.getElementById(part.id);
  }
  const list = document.getElementById(part.dataset.into);
  list?.insertBefore(part, following(list, Number(part.dataset.position)));
  return list && part;
}

// A row alone would be parsed outside of any table, where forms lose what is in them: it comes in one.
const unwrapped = (part) => (part.matches("table[data-rows]") ? [...part.rows] : part);

window.htmx.defineExtension("merge", {
  isInlineSwap: (style) => style === "merge",
  handleSwap(style, target, fragment) {
    if (style !== "merge") return false;
    // A response for a conversation that was left meanwhile must not flow into the next one.
    return target.isConnected ? [...fragment.children].flatMap(unwrapped).map(merge).filter(Boolean) : [];
  },
});
