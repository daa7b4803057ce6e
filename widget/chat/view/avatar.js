// A round avatar: a spark for the AI, initials for a person, so nobody takes one for the other.
import { el, icon } from "../../shared/dom.js";
import { ICONS } from "./icons.js";

/** "Анна Иванова" -> "АИ"; one letter for one word. */
export function initials(name) {
  const words = (name || "").match(/[\p{L}\p{N}]+/gu) || [];
  return words
    .slice(0, 2)
    .map((word) => [...word][0].toUpperCase())
    .join("");
}

export function avatar(isAi, name) {
  return el(
    "span",
    { class: isAi ? "avatar ai" : "avatar", "aria-hidden": "true" },
    isAi ? icon(ICONS.spark) : initials(name) || icon(ICONS.person),
  );
}
