// Own messages on their way: kept in storage until the hub has them, sent one after the other in the order
// written, always with the same clientId, so a repetition after a lost response (or from another tab) is the
// same message.
import { backoff, uuid } from "./backoff.js";
import { Refusal } from "./http.js";
import { underLock } from "./lock.js";

const DAY_MS = 86400000;
const SERVER_TRIES = 5;
// Nobody answered, or somebody in front of a hub that is away did: it comes back, and then the line goes by itself.
const AWAY = [0, 408, 502, 503, 504];

/**
 * {add(text), retry(clientId), discard(clientId), drain(), items(), clear()}.
 * `records` keeps {text, at, failed?} per clientId; `send(item)` resolves when stored; `onChange()` after every
 * change; `onLimited(seconds)` when told to slow down.
 */
export function createOutbox({ records, send, locks, now = Date.now, onChange, onLimited }) {
  let sending = null; // the clientId under way
  let draining = false;
  let timer = null;
  let tries = 0;
  let breaks = 0; // of these tries, those on which the hub itself broke
  let notBefore = 0; // the hub asked us to slow down until then
  let last = 0;

  /** Oldest first: [{clientId, text, at, state: "waiting"|"sending"|"failed", reason|undefined}]. */
  function items() {
    const described = records.all().map(([clientId, { text, at, failed }]) => {
      const state = failed ? "failed" : clientId === sending ? "sending" : "waiting";
      return { clientId, text, at, state, reason: failed };
    });
    return described.sort((one, other) => one.at - other.at);
  }

  function add(text) {
    last = Math.max(now(), last + 1); // never two in one millisecond: the time is the order
    records.put(uuid(), { text, at: last });
    onChange();
    drain();
  }

  function discard(clientId) {
    records.drop(clientId);
    onChange();
  }

  /** Again, at the end of the queue: a line that failed yesterday must not slip in above. */
  function retry(clientId) {
    const { text } = items().find((one) => one.clientId === clientId);
    last = Math.max(now(), last + 1);
    records.put(clientId, { text, at: last });
    onChange();
    drain();
  }

  async function drain() {
    if (draining || now() < notBefore || !upcoming()) return;
    draining = true;
    clearTimeout(timer);
    let wait;
    try {
      wait = await underLock(records.key, sendAll, locks);
    } finally {
      draining = false;
    }
    if (wait) timer = setTimeout(drain, wait);
    else drain(); // a line written while the lock was being given back
  }

  async function sendAll() {
    for (let next = upcoming(); next; next = upcoming()) {
      const wait = await attempt(next);
      if (wait) return wait;
    }
    return 0;
  }

  const upcoming = () => items().find((one) => one.state !== "failed");

  /** One try; milliseconds to wait before the next one, or 0 to go on with the line behind it. */
  async function attempt(item) {
    if (now() - item.at > DAY_MS) return giveUp(item, "stale");
    sending = item.clientId;
    onChange();
    try {
      await send(item);
      tries = breaks = 0;
      records.drop(item.clientId);
      return 0;
    } catch (error) {
      return judged(item, error);
    } finally {
      sending = null;
      onChange();
    }
  }

  function judged(item, error) {
    if (!(error instanceof Refusal)) throw error;
    if (error.status === 429) return limited(error.retryAfter || 5);
    const again = AWAY.includes(error.status) || (error.status >= 500 && ++breaks < SERVER_TRIES);
    if (!again) return giveUp(item, error.code);
    return backoff(tries++);
  }

  function limited(seconds) {
    notBefore = now() + seconds * 1000;
    onLimited(seconds);
    return seconds * 1000;
  }

  function giveUp({ clientId, text, at }, code) {
    tries = breaks = 0;
    records.put(clientId, { text, at, failed: code });
    onChange();
    return 0;
  }

  function clear() {
    clearTimeout(timer);
    items().forEach((one) => records.drop(one.clientId));
    onChange();
  }

  return { add, retry, discard, drain, items, clear };
}
