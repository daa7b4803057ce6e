// What a visitor sees before the first word: a greeting, who will answer, and when people are here.
import { el, icon } from "../../shared/dom.js";
import { hoursLine } from "../presence.js";
import { ICONS } from "./icons.js";

export function createHero({ config, words, subtitle }) {
  const facts = el(
    "ul",
    { class: "facts" },
    config.agent && fact(ICONS.spark, words.say("aiPromise")),
    fact(ICONS.person, hoursLine(config, words), config.online),
  );
  return el(
    "div",
    { class: "hero" },
    el("h3", null, words.say("hello")),
    el("p", null, subtitle || words.say("subtitle")),
    facts,
  );
}

function fact(paths, text, live) {
  return el("li", { class: live ? "live" : null }, icon(paths), el("span", null, text));
}
