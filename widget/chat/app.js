// The chat put together: the store in the middle; around it the parts that ask, send, listen and draw.
import { createHttp } from "./http.js";
import { createLive } from "./live.js";
import { createOutbox } from "./outbox.js";
import { pageOf } from "./page.js";
import { createReader } from "./reader.js";
import { createSession } from "./session.js";
import { unreadCount } from "./state.js";
import { openBox, openRecords } from "./storage.js";
import { createStore } from "./store.js";
import { createSync } from "./sync.js";
import { createTyping } from "./typing.js";
import { createView } from "./view/index.js";
import { createWatch } from "./watch.js";

const SETTLE_MS = 500; // the message that another tab has sent comes over the connection before its echo is dropped

/** {open, close, toggle, identify, resume(wasOpen)}: what the loader calls. */
export function mount(shell) {
  const { hub, site, key, emit, locale } = shell;
  const fetch = window.fetch.bind(window);
  const locks = window.isSecureContext ? navigator.locks : null;
  const page = () => pageOf(location, document);
  const stored = () => localStorage;
  const box = openBox(key + "me", stored);
  const tab = openBox(key + "open", () => sessionStorage); // the chat stays open on the next page of this tab
  const store = createStore({ onChange: changed, onGap: () => quietly(sync.catchUp()) });
  const session = createSession({
    http: createHttp(hub, { fetch }),
    box,
    site,
    locale,
    page,
    locks,
    onOpened,
  });
  const sync = createSync({ session, store });
  const outbox = createOutbox({
    records: openRecords(key + "out.", stored),
    locks,
    send,
    onChange: queue,
    onLimited: (seconds) => watch.limited(seconds),
  });
  const live = createLive({
    ways: {
      hub,
      site,
      fetch,
      WebSocket: window.WebSocket,
      catchUp: sync.catchUp,
      hidden: () => document.hidden,
    },
    session,
    cursor: () => store.get().cursor,
    onEvent: store.dispatch,
    onState: linked,
  });
  const typing = createTyping({ session, box: openBox(key + "draft", stored) });
  const view = createView({
    shell,
    draft: typing.draft(),
    profile: box.read().profile,
    actions: {
      close,
      send: write,
      call,
      introduce,
      input: typing.input,
      older: () => quietly(sync.older()),
      seen: look,
      retry: outbox.retry,
      discard: outbox.discard,
    },
  });
  const reader = createReader({
    session,
    store,
    visible: () => view.isOpen() && view.atEnd() && !document.hidden,
  });
  const watch = createWatch({ notice: view.notice, wake, pause: live.stop, onStorage, look });
  let unread = 0;
  let calling = false; // a person was asked for while the hub could not be reached

  const ours = () => session.known() || shell.identity; // the hub knows this visitor, or the page does
  const quietly = (promise) => promise.catch(watch.failed);

  // ---- what happens ---------------------------------------------------------------------------------------

  function changed(state, before, event) {
    const { type, message } = event;
    if (type === "reply.delta" && view.isOpen()) view.announcer.streamed(event);
    if (
      type === "message.new" &&
      message.role !== "customer" &&
      !before.messages.some((one) => one.id === message.id)
    )
      received(message);
    if (type.startsWith("handoff")) emit("handoff", { status: type.slice(8) });
    if (state === before) return;
    view.draw(state);
    if (unreadCount(state) !== unread) counted(unreadCount(state));
  }

  function received(message) {
    const { id, role, name, text } = message;
    emit("message", { id, role, name, text });
    if (view.isOpen()) view.announcer.message(message);
  }

  function counted(n) {
    unread = n;
    view.badge(n);
    emit("unread", n);
    look();
  }

  function onOpened(response) {
    store.dispatch({ ...response, type: "session" });
    begin();
  }

  /** A connection is held open while someone may write to the visitor: the chat is open, or the conversation is not
   * over. History is read when someone looks at it. */
  function begin() {
    const { conversation, loaded } = store.get();
    const talking = conversation && conversation.status !== "resolved";
    if (ours() && (view.isOpen() || talking)) live.start();
    else live.stop();
    if (session.active() && view.isOpen() && !loaded) quietly(sync.newest());
  }

  function linked(link) {
    watch.link(link);
    if (link === "online") pickUp();
  }

  /** What had to wait for the connection. */
  function pickUp() {
    begin();
    outbox.drain();
    reader.again();
    if (calling) call();
  }

  /** The network or the tab is back, `away` = for long enough to have missed something. */
  function wake(away) {
    live.wake();
    pickUp();
    if (away && session.active()) quietly(sync.catchUp());
    look();
  }

  /** Another tab wrote to storage: it signed out, became a visitor, or sent something (which arrives here
   * by itself). */
  function onStorage(changedKey, value) {
    if (changedKey?.startsWith(key + "out.")) setTimeout(queue, SETTLE_MS);
    if (changedKey !== box.key) return;
    if (value) begin();
    else identify(null);
  }

  function queue() {
    store.dispatch({ type: "queue", items: outbox.items() });
    watch.pending(store.get().pending.length > 0);
  }

  // ---- what the visitor does ------------------------------------------------------------------------------

  function write(text) {
    typing.sent();
    outbox.add(text);
  }

  async function send({ clientId, text }) {
    await session.token();
    begin();
    const visitor = box.read().profile; // what the form asked
    const response = await session.call("POST", "/widget/messages", { clientId, text, page: page(), visitor });
    store.dispatch({ ...response, type: "posted" });
    emit("send", { id: response.message.id, text });
    begin();
  }

  /** Asks for a person; without a connection the wish is kept until it is back. */
  async function call() {
    calling = false;
    try {
      const { conversation } = await session.call("POST", "/widget/handoff", {});
      store.dispatch({ type: "conversation.changed", seq: conversation.change, conversation });
    } catch (error) {
      calling = !error.status;
      watch.failed(error);
    }
  }

  function introduce(profile) {
    box.write({ ...box.read(), profile });
  }

  function look() {
    reader.look();
  }

  function open(how) {
    tab.write({ open: true });
    view.open(how);
    if (ours()) begin();
    else store.dispatch({ type: "session", conversation: null, change: 0 });
    emit("open");
  }

  function close() {
    if (!view.isOpen()) return;
    tab.clear();
    view.close();
    begin();
    emit("close");
  }

  // ---- what the page does ---------------------------------------------------------------------------------

  function identify(identity) {
    const other = session.identify(identity);
    if (other) {
      live.stop();
      outbox.clear();
      store.dispatch({ type: "forget" });
    }
    if (session.known() || (identity && view.isOpen())) quietly(session.open());
  }

  function resume(wasOpen) {
    if (wasOpen) open({ quiet: true });
    else if (session.known()) quietly(session.token());
    outbox.drain();
  }

  if (shell.identity !== undefined && session.identify(shell.identity)) outbox.clear();
  queue();
  return { open, close, toggle: () => (view.isOpen() ? close() : open()), identify, resume };
}
