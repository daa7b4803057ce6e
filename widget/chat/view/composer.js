// Where the visitor writes: grows with the text, Enter sends, Shift+Enter breaks the line, input methods are
// left alone.
import { el, icon } from "../../shared/dom.js";
import { ICONS } from "./icons.js";

const TELL_FROM = 0.9; // of the allowed length: from here the rest is counted

/** {root, focus(), refresh(), render(progress, canCall)}; actions: send(text), call(), input(text). */
export function createComposer({ words, limit, draft, actions }) {
  const area = el("textarea", {
    rows: "1",
    placeholder: words.say("write"),
    "aria-label": words.say("write"),
    enterkeyhint: "send",
    autocomplete: "off",
    dir: "auto",
  });
  const count = el("span", { class: "count", role: "status" });
  const send = el(
    "button",
    { class: "round send", type: "submit", "aria-label": words.say("send") },
    icon(ICONS.send),
  );
  const call = el(
    "button",
    { class: "call", type: "button", onclick: actions.call },
    icon(ICONS.person),
    words.say("person"),
  );
  const bar = el("p", { class: "bar", role: "status" });
  const box = el(
    "div",
    { class: "box", onclick: ({ target }) => target === box && area.focus() },
    area,
    el("div", { class: "tools" }, call, count, send),
  );
  const root = el("form", { class: "composer", novalidate: true, onsubmit: submit }, bar, box);

  function refresh() {
    const { length } = area.value;
    const over = length > limit;
    area.style.setProperty("height", "auto");
    area.style.setProperty("height", area.scrollHeight + "px");
    send.disabled = over || !area.value.trim();
    count.textContent =
      length < limit * TELL_FROM ? "" : words.say(over ? "over" : "left", { n: Math.abs(limit - length) });
    box.classList.toggle("over", over);
  }

  function submit(event) {
    event.preventDefault();
    refresh();
    if (send.disabled) return;
    actions.send(area.value.trim());
    area.value = "";
    refresh();
    area.focus();
  }

  // An input method confirms a word with Enter too: isComposing, and keyCode 229 in Safari.
  area.addEventListener("keydown", (event) => {
    const composing = event.isComposing || event.keyCode === 229;
    if (event.key === "Enter" && !event.shiftKey && !event.ctrlKey && !event.altKey && !composing)
      submit(event);
  });
  area.addEventListener("input", () => {
    refresh();
    actions.input(area.value);
  });
  area.value = draft || "";

  function render(progress, canCall) {
    bar.hidden = !progress;
    if (bar.textContent !== progress) bar.textContent = progress;
    call.hidden = !canCall;
    refresh();
  }

  return { root, render, refresh, focus: () => area.focus({ preventScroll: true }) };
}
