// The list as the visitor sees it: pure, from the state to rows with stable keys, grouped and dated.

import { dayNumber } from "./words.js";

const GROUP_MS = 5 * 60000;
const DONE = {
  received: "sent",
  queued: "sent",
  sent: "sent",
  delivered: "sent",
  read: "read",
  failed: "failed",
};

/** [{key, kind: "day"|"system"|"message"|"typing", …}], oldest first. `greeting` = text of the first,
 * local line. */
export function toRows(state, greeting, agent) {
  const lines = [
    ...intro(state, greeting, agent),
    ...stored(state),
    ...state.pending.map(echo),
    ...state.streams.map(live),
  ];
  return [...withDays(grouped(lines)), ...typing(state)];
}

/** The business's own greeting stands above the first message; it is not stored anywhere. */
function intro(state, greeting, agent) {
  if (!greeting || state.hasOlder || !state.loaded) return [];
  const role = agent ? "assistant" : "operator";
  return [
    {
      key: "greeting",
      kind: "message",
      role,
      name: agent ? agent.name : null,
      text: greeting,
      at: null,
      sources: [],
    },
  ];
}

function stored(state) {
  const used = new Set();
  return state.messages.map((message) => row(message, used));
}

function row(message, used) {
  const { id, role, name, text, createdAt } = message;
  const at = Date.parse(createdAt);
  if (role === "system") return { key: "m:" + id, kind: "system", event: message.event, name, text, at };
  return {
    key: keyOf(message, used),
    kind: "message",
    id,
    role,
    name,
    text,
    at,
    sources: message.sources || [],
    edited: Boolean(message.editedAt),
    status: role === "customer" ? DONE[message.status] || "sent" : null,
  };
}

/** The echo and the stored message, or the stream and its final text, are one row: the same key, the same
 * element. */
function keyOf({ id, role, clientId, turn }, used) {
  const wanted =
    role === "customer" && clientId
      ? "c:" + clientId
      : role === "assistant" && turn
        ? "t:" + turn
        : "m:" + id;
  const key = used.has(wanted) ? "m:" + id : wanted;
  used.add(key);
  return key;
}

function echo({ clientId, text, at, state, reason }) {
  return {
    key: "c:" + clientId,
    kind: "message",
    clientId,
    role: "customer",
    text,
    at,
    status: state,
    reason,
    sources: [],
  };
}

function live({ turn, text, name }) {
  return {
    key: "t:" + turn,
    kind: "message",
    role: "assistant",
    name,
    text,
    at: null,
    streaming: true,
    sources: [],
  };
}

function typing({ typing: now, streams }) {
  if (!now || (now.who === "ai" && streams.length)) return [];
  return [{ key: "typing", kind: "typing", who: now.who, name: now.name }];
}

const together = (one, other) =>
  one &&
  other &&
  one.kind === "message" &&
  other.kind === "message" &&
  one.role === other.role &&
  (one.name || "") === (other.name || "") &&
  (one.at === null || other.at === null || other.at - one.at < GROUP_MS) &&
  sameDay(one, other);

const sameDay = (one, other) =>
  one.at === null || other.at === null || dayNumber(new Date(one.at)) === dayNumber(new Date(other.at));

/** first/last in a run of one author; the last own message also tells its delivery. */
function grouped(lines) {
  const lastOwn = lines.map((line) => line.role).lastIndexOf("customer");
  return lines.map((line, i) => ({
    ...line,
    first: !together(lines[i - 1], line),
    last: !together(line, lines[i + 1]),
    tells: line.role === "customer" && (i === lastOwn || !["sent", "read"].includes(line.status)),
  }));
}

function withDays(lines) {
  let day = null;
  return lines.flatMap((line) => {
    const own = line.at === null ? day : dayNumber(new Date(line.at));
    const separator = own === day ? [] : [{ key: "d:" + own, kind: "day", at: line.at }];
    day = own;
    return [...separator, line];
  });
}
