// Draws the tokens of rich.js: elements and text nodes, nothing else.
import { el } from "../../shared/dom.js";
import { blocks } from "../rich.js";

export const anchor = (url, ...children) =>
  el("a", { href: url, target: "_blank", rel: "noopener noreferrer nofollow ugc" }, ...children);

const DRAW = {
  text: ({ text }) => text,
  code: ({ text }) => el("code", null, text),
  bold: ({ parts }) => el("strong", null, ...parts.map(draw)),
  link: ({ url, text }) => anchor(url, text),
  paragraph: ({ textLines }) => el("p", null, ...textLines.flatMap((parts, i) => [i && "\n", ...parts.map(draw)])),
  list: ({ start, items }) =>
    el(start ? "ol" : "ul", { start }, ...items.map((parts) => el("li", null, ...parts.map(draw)))),
};

const draw = (token) => DRAW[token.kind](token);

/** `marked` = written by the assistant or an operator; a visitor's own text is shown exactly as typed. */
export const drawText = (text, marked) => blocks(text, marked).map(draw);
