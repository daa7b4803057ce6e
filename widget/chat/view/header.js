// The top of the dialog: the business, who answers now, and the button that closes it.
import { el, icon } from "../../shared/dom.js";
import { presence } from "../presence.js";
import { avatar } from "./avatar.js";
import { ICONS } from "./icons.js";

/** {root, render(state)}; re-drawn only when who answers has changed. */
export function createHeader({ config, words, title, actions }) {
  const holder = el("div", { class: "holder" });
  const status = el("p", { class: "status" });
  const close = el(
    "button",
    { class: "round close", type: "button", "aria-label": words.say("close"), onclick: actions.close },
    icon(ICONS.close),
  );
  const root = el(
    "header",
    { class: "head" },
    holder,
    el("div", { class: "who" }, el("h2", { id: "title" }, title), status),
    close,
  );
  let drawn = "";

  function render(state) {
    const now = presence(state, config, words);
    const key = now.who + now.name;
    if (key === drawn) return;
    drawn = key;
    root.setAttribute("data-who", now.who);
    holder.replaceChildren(
      avatar(now.who === "ai", now.who === "operator" ? now.name : config.name),
      el("i", { class: "dot" }),
    );
    status.textContent = now.status;
  }

  return { root, render };
}
