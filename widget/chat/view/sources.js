// The sources of an AI answer: one pill each, the quote opens under them, the address is a link inside.
import { el, icon } from "../../shared/dom.js";
import { safeUrl } from "../rich.js";
import { ICONS } from "./icons.js";
import { anchor } from "./text.js";

let count = 0;

/** Sources: [{title, url|null, quote}] -> one element. */
export function drawSources(sources, words) {
  const quotes = el("div", { class: "quotes" });
  const pills = sources.map((source, i) => pill(source, i, quotes, words));
  return el(
    "div",
    { class: "sources" },
    el("span", { class: "label" }, words.say("sources")),
    el("div", { class: "pills" }, ...pills),
    quotes,
  );
}

function pill(source, i, quotes, words) {
  const id = "source-" + ++count;
  const quote = drawQuote(source, id, words);
  const button = el(
    "button",
    { type: "button", class: "source", "aria-expanded": "false", "aria-controls": id, title: source.title },
    icon(ICONS.page),
    el("span", null, `${i + 1}. ${source.title}`),
  );
  button.addEventListener("click", () => toggle(button, quote, quotes));
  quotes.append(quote);
  return button;
}

function drawQuote({ title, url, quote }, id, words) {
  const address = url && safeUrl(url);
  return el(
    "figure",
    { id, hidden: true },
    el("figcaption", null, title),
    quote && el("blockquote", { dir: "auto" }, quote),
    address && anchor(address, words.say("openSource"), icon(ICONS.out)),
  );
}

/** One quote at a time, so the answer above stays in sight. */
function toggle(button, quote, quotes) {
  const opening = quote.hidden;
  for (const other of quotes.children) other.hidden = true;
  for (const other of button.parentNode.children) other.setAttribute("aria-expanded", "false");
  quote.hidden = !opening;
  button.setAttribute("aria-expanded", String(opening));
  if (opening) quote.scrollIntoView({ block: "nearest" }); // under the last answer there is no room yet
}
