// One row of the list as an element. The text and the sources are redrawn only when they changed, so an
// opened quote stays open, a selection stays selected, and a streamed answer becomes the final one in place.
import { el, icon } from "../../shared/dom.js";
import { avatar } from "./avatar.js";
import { ICONS } from "./icons.js";
import { createReveal } from "./reveal.js";
import { drawSources } from "./sources.js";
import { drawText } from "./text.js";

const STATUS_ICON = { sending: "clock", waiting: "clock", sent: "check", read: "checks", failed: "alert" };

const KINDS = { day: dayRow, system: systemRow, typing: typingRow, message: messageRow };

/** {node, update(row)} for a row of rows.js. `ui` = {words, actions, still(), onGrow()}. */
export const createRow = (row, ui) => KINDS[row.kind](ui);

/** A person without a name is "the team". */
const nameOf = (name, words) => name || words.say("team");

/** What an event of the conversation says; one we do not know is shown in the server's words. */
export const eventText = ({ event, name, text }, words) =>
  words.say("events/" + event, { name: nameOf(name, words) }) || text;

function dayRow({ words }) {
  const node = el("div", { class: "day" });
  return { node, update: ({ at }) => (node.textContent = words.day(new Date(at), new Date())) };
}

function systemRow({ words }) {
  const node = el("div", { class: "system" });
  return { node, update: (row) => (node.textContent = eventText(row, words)) };
}

function typingRow({ words }) {
  const node = el("div", { class: "msg other typing" });
  const dots = el("div", { class: "bubble" }, el("i"), el("i"), el("i"));
  const update = ({ who, name }) =>
    node.replaceChildren(
      avatar(who === "ai", name),
      dots,
      el("small", null, words.say("typing", { name: nameOf(name, words) })),
    );
  return { node, update };
}

function messageRow(ui) {
  const [side, by, text, extra, meta] = ["side", "by", "text", "extra", "meta"].map((name) =>
    el("div", { class: name }),
  );
  const node = el(
    "div",
    null,
    side,
    el("div", { class: "stack" }, by, el("div", { class: "bubble" }, text, extra), meta),
  );
  const drawn = {};
  let own;
  const show = (shown) => text.replaceChildren(...drawText(shown, !own));
  const reveal = createReveal((shown) => {
    show(shown);
    ui.onGrow();
  }, ui.still);
  text.dir = "auto";

  function part(name, key, draw) {
    const sign = JSON.stringify(key);
    if (drawn[name] !== sign) draw();
    drawn[name] = sign;
  }

  function write(row) {
    if (row.streaming) return reveal.to(row.text);
    reveal.stop();
    return show(row.text);
  }

  function update(row) {
    own = row.role === "customer";
    node.className = [
      "msg",
      own ? "own" : "other",
      ...["first", "last", "streaming"].filter((flag) => row[flag]),
    ].join(" ");
    author(side, by, row, ui.words);
    part("text", [row.text, row.streaming], () => write(row));
    part("extra", row.sources, () => extra.replaceChildren(...sourcesOf(row, ui.words)));
    meta.replaceChildren(...notes(row, ui));
  }

  return { node, update };
}

function author(side, by, { role, name, first, last }, words) {
  const own = role === "customer";
  const isAi = role === "assistant";
  by.className = own || !first ? "by sr" : "by";
  by.replaceChildren(
    own ? words.say("you") : nameOf(name, words),
    ...(isAi ? [el("b", { class: "mark" }, words.say("ai"))] : []),
  );
  side.replaceChildren(...(last && !own ? [avatar(isAi, nameOf(name, words))] : []));
}

const sourcesOf = ({ sources }, words) => (sources.length ? [drawSources(sources, words)] : []);

/** Under the bubble: the time at the end of a group, "edited", and the state of an own message. */
function notes({ at, last, tells, edited, ...row }, ui) {
  const when = new Date(at);
  return [
    at && (last || tells) && el("time", { datetime: when.toISOString() }, ui.words.time(when)),
    edited && ui.words.say("edited"),
    tells && delivery(row, ui),
  ].filter(Boolean);
}

function delivery({ status, reason, clientId }, { words, actions }) {
  const act = (key) =>
    el("button", { type: "button", class: "link", onclick: () => actions[key](clientId) }, words.say(key));
  const why = words.say("reasons/" + reason);
  const acts = status === "failed" && clientId ? [act("retry"), act("discard")] : [];
  return el(
    "span",
    { class: "delivery " + status },
    icon(ICONS[STATUS_ICON[status]]),
    words.say(status) + (why && ": " + why),
    ...acts,
  );
}
