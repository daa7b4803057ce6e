// What the chat knows, as one value; reduce(state, event) is pure. Events may come in any order, twice, or
// with gaps (over the socket, the stream, polling, history, responses to our own calls) and still lead to the
// same list, because a message is kept by id with its highest `change`, and the list is sorted by when the
// server created it.

const TYPING_MS = 6000;
const STREAM_MS = 60000;

export const initialState = () => ({
  conversation: null, // the server's Conversation with the highest change
  messages: [], // loaded ones, oldest first, without holes
  outside: [], // changes to messages older than the loaded ones; used when that page is loaded
  hasOlder: false,
  loaded: false, // the newest page is here (or there is no conversation yet)
  cursor: 0, // every change up to here has been seen
  ahead: [], // changes seen beyond a gap, ascending
  pending: [], // own messages that the server has not confirmed: {clientId, text, at, state, reason}
  fresh: {}, // id -> change of incoming messages that arrived live, for the unread count
  readAt: 0, // the change up to which the visitor has read here
  streams: [], // AI answers being written: {turn, text, name, at}
  ended: [], // turns that are finished or withdrawn; late deltas are ignored
  typing: null, // {who, name, until}
});

// ---- messages ---------------------------------------------------------------------------------------------

const stamp = (message) => Date.parse(message.createdAt);

/** Order of creation; within a millisecond the order of change, which only an edit could turn round. */
export const byCreation = (one, other) => stamp(one) - stamp(other) || one.change - other.change;

function merge(list, message) {
  const known = list.findIndex((one) => one.id === message.id);
  if (known < 0) return [...list, message].sort(byCreation);
  if (list[known].change >= message.change) return list;
  return [...list.slice(0, known), message, ...list.slice(known + 1)].sort(byCreation);
}

/** A change to a message above the loaded part is kept aside: shown now, it would leave a gap under it. */
function put(state, message) {
  const [oldest] = state.messages;
  const above = state.hasOlder && oldest && byCreation(message, oldest) < 0;
  const list = above ? "outside" : "messages";
  const next = { ...state, [list]: merge(state[list], message) };
  return settle(next, message);
}

/** What a stored message makes obsolete: its local echo, its stream, the typing of its author. */
function settle(state, message) {
  const turn = message.role === "assistant" ? message.turn : null;
  const over = state.typing?.who === (message.role === "assistant" ? "ai" : message.role);
  return {
    ...state,
    pending: without(state.pending, "clientId", message.clientId),
    streams: without(state.streams, "turn", turn),
    ended: turn ? addOnce(state.ended, turn) : state.ended,
    typing: over ? null : state.typing,
  };
}

const addOnce = (list, value) => (list.includes(value) ? list : [...list, value].slice(-50));

function without(list, key, value) {
  return list.some((one) => one[key] === value) ? list.filter((one) => one[key] !== value) : list;
}

// ---- the cursor -------------------------------------------------------------------------------------------

/** One change was seen. The cursor moves only over changes without a gap, so since=cursor never skips
 * anything. */
function seen(state, change) {
  if (!(change > state.cursor) || state.ahead.includes(change)) return state;
  return advance({ ...state, ahead: [...state.ahead, change].sort((a, b) => a - b) }, state.cursor);
}

/** The server says that everything up to `change` has been delivered. */
function advance(state, change) {
  let cursor = Math.max(state.cursor, change);
  const ahead = state.ahead.filter((one) => {
    if (one === cursor + 1) cursor = one;
    return one > cursor;
  });
  return { ...state, cursor, ahead };
}

/** True while a change is missing that a later one has overtaken: time to ask since=cursor. */
export const hasGap = (state) => state.ahead.length > 0;

// ---- the conversation -------------------------------------------------------------------------------------

function converse(state, conversation) {
  const known = state.conversation;
  const stale = known?.id === conversation?.id && known?.change > conversation?.change;
  return !conversation || stale ? state : { ...state, conversation };
}

const emptied = (state) => ({ ...initialState(), pending: state.pending });

/** Another conversation (new visitor, merged history) starts an empty list; unsent messages stay. No
 * conversation in a response does not count as new: it may have been written before our first message was stored. */
function adopt(state, conversation) {
  const other = state.conversation && conversation && conversation.id !== state.conversation.id;
  return converse(other ? emptied(state) : state, conversation);
}

// ---- events: one map of name -> function ------------------------------------------------------------------

function arrived(state, { message, seq }) {
  const isNew = message.role === "customer" || message.role === "system" || message.id in state.fresh;
  const fresh = isNew ? state.fresh : { ...state.fresh, [message.id]: seq };
  return seen(put({ ...state, fresh }, message), seq);
}

const talk = (state, { conversation, seq }) => seen(converse(state, conversation), seq);

/** Before the first page is loaded the cursor starts at the session's change: history is read in pages, not
 * replayed. A session without a conversation, where we had one: the stored visitor was not known any more. */
function opened(state, { conversation, change }) {
  if (conversation) {
    const next = adopt(state, conversation);
    return next.loaded ? next : advance(next, change);
  }
  return { ...(state.conversation ? emptied(state) : state), loaded: true, cursor: change };
}

function posted(state, { message, conversation }) {
  return seen(put(adopt(state, conversation), message), message.change);
}

/** A page of history. Only the first one moves the cursor: it shows every change up to `change`. */
function paged(state, { messages, conversation, change, hasMore }) {
  const next = adopt(state, conversation);
  const base = { ...next, hasOlder: false, outside: [] };
  const merged = [...next.outside, ...messages].reduce(put, base);
  const oldest = messages.reduce((low, one) => (low && byCreation(low, one) < 0 ? low : one), null);
  const isAbove = (one) => hasMore && oldest && byCreation(one, oldest) < 0;
  const kept = {
    ...merged,
    hasOlder: hasMore,
    loaded: true,
    messages: merged.messages.filter((one) => !isAbove(one)),
    outside: merged.messages.filter(isAbove),
  };
  return next.loaded ? kept : advance(kept, change);
}

/** The response to since=cursor: complete up to `change`, or up to its own last message when there is more. */
function caughtUp(state, { messages, conversation, change, hasMore }) {
  const merged = messages.reduce(put, adopt(state, conversation));
  return advance(merged, hasMore ? messages.reduce((top, one) => Math.max(top, one.change), 0) : change);
}

function typed(state, { who, name, on, at }) {
  if (who === "customer") return state;
  if (on) return { ...state, typing: { who, name, until: at + TYPING_MS } };
  return state.typing?.who === who ? { ...state, typing: null } : state;
}

/** Each delta is the whole text so far, so the longest one is the newest one. */
function streamed(state, { turn, text, name, at }) {
  if (state.ended.includes(turn)) return state;
  const known = state.streams.find((one) => one.turn === turn);
  if (known?.text.length >= text.length) return state;
  const typing = state.typing?.who === "ai" ? null : state.typing;
  return { ...state, typing, streams: [...without(state.streams, "turn", turn), { turn, text, name, at }] };
}

function withdrawn(state, { turn }) {
  return { ...state, streams: without(state.streams, "turn", turn), ended: addOnce(state.ended, turn) };
}

function queued(state, { items }) {
  const stored = new Set(state.messages.map((one) => one.clientId));
  return { ...state, pending: items.filter((one) => !stored.has(one.clientId)) };
}

function ticked(state, { at }) {
  const typing = state.typing?.until > at ? state.typing : null;
  const streams = state.streams.filter((one) => one.at + STREAM_MS > at);
  const same = typing === state.typing && streams.length === state.streams.length;
  return same ? state : { ...state, typing, streams };
}

const HANDLERS = new Map(
  Object.entries({
    "message.new": arrived,
    "message.changed": (state, { message, seq }) => seen(put(state, message), seq),
    "conversation.changed": talk,
    "handoff.requested": talk,
    "handoff.taken": talk,
    "handoff.released": talk,
    ready: (state, { change, conversation }) => advance(adopt(state, conversation), change),
    typing: typed,
    "reply.delta": streamed,
    "reply.withdrawn": withdrawn,
    session: opened,
    posted: posted,
    page: paged,
    since: caughtUp,
    queue: queued,
    read: (state) => ({ ...state, readAt: topChange(state) }),
    tick: ticked,
    forget: () => ({ ...initialState(), loaded: true }),
  }),
);

/** The next state; an event of a kind this client does not know changes nothing. */
export function reduce(state, event) {
  const handler = HANDLERS.get(event.type);
  return handler ? handler(state, event) : state;
}

// ---- questions --------------------------------------------------------------------------------------------

const topChange = ({ cursor, ahead, conversation }) => Math.max(cursor, ...ahead, conversation?.change ?? 0);

/** Unread for the badge: the server's count, plus what arrived after it, minus what was read here
 * meanwhile. */
export function unreadCount(state) {
  const { conversation, fresh, readAt } = state;
  const known = conversation?.change ?? 0;
  const newer = Object.values(fresh).filter((change) => change > Math.max(readAt, known));
  return newer.length + (known > readAt ? conversation.unread : 0);
}

/** The last message the visitor can have read, or null. */
export function lastIncoming(state) {
  const incoming = state.messages.filter((one) => one.role !== "customer");
  return incoming.length ? incoming.pop().id : null;
}
