// Keyboard: data-key="x" is pressed (or, a field, entered) by x, the page's own before that of the menu; j and k walk the
// links of data-key-list.
const FIELDS = "input, textarea, select, [contenteditable]";

// On a Cyrillic layout the key that says "j" on a Latin one says "о": then the position on the keyboard decides.
function letter({ key, code }) {
  if (code === "Slash") return { ".": "/", ",": "?" }[key] ?? key;
  const isOther = /^\p{L}$/u.test(key) && !/^[a-z]$/i.test(key);
  return isOther && code.startsWith("Key") ? code.slice(3).toLowerCase() : key;
}

function walk(list, step) {
  const links = [...list.querySelectorAll("a[data-row]")];
  const here = links.findIndex((link) => link === document.activeElement);
  const from = here < 0 ? links.findIndex((link) => link.hasAttribute("aria-current")) : here;
  links[Math.min(Math.max(from + step, 0), links.length - 1)]?.focus();
}

function press(element) {
  if (element.matches(FIELDS)) element.focus();
  else element.click();
}

export default function keys() {
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && event.target.matches(FIELDS)) event.target.blur();
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches(FIELDS)) return;
    if (event.defaultPrevented || document.querySelector("dialog[open]")) return;
    const list = document.querySelector("[data-key-list]");
    const key = letter(event);
    const step = { j: 1, k: -1 }[key];
    const element = [...document.querySelectorAll(`[data-key="${CSS.escape(key)}"]`)].at(-1);
    if (!element && !(list && step)) return;
    event.preventDefault();
    if (element) press(element);
    else walk(list, step);
  });
}
