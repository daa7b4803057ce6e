// window.Parley: a handful of functions that work before the chat exists.
// Events: ready, open, close, unread(n), message({id, role, name, text}), send({id, text}), handoff({status}).
// Before this file has loaded a page may queue: (window.Parley = window.Parley || []).push(["open"]).

/** Listeners by event name; each runs in its own task, so one that throws stops neither the others nor us. */
export function createEmitter() {
  let listeners = [];
  return {
    on: (name, listener) => void listeners.push([name, listener]),
    off: (name, listener) =>
      void (listeners = listeners.filter((one) => one[0] !== name || one[1] !== listener)),
    emit: (name, detail) => listeners.forEach((one) => one[0] === name && setTimeout(one[1], 0, detail)),
  };
}

/** Only the documented fields of identify(), as text; null means "this person has left" (sign-out). */
export function cleanIdentity(given) {
  if (!given || !given.id) return null;
  const text = (key) => (given[key] ? String(given[key]) : undefined);
  return { id: text("id"), email: text("email"), name: text("name"), hash: text("hash") };
}

/** The public object: `act(verb, argument)` does the work, what was queued runs at once, `push` keeps
 * working. */
export function createApi(queued, act, { on, off }) {
  const api = {
    open: () => act("open"),
    close: () => act("close"),
    toggle: () => act("toggle"),
    identify: (given) => act("identify", cleanIdentity(given)),
    on,
    off,
    push: (...calls) =>
      calls.forEach(([verb, ...rest]) => verb !== "push" && api[verb] && api[verb](...rest)),
  };
  api.push(...(queued || []));
  return api;
}
