// Tells the hub what the visitor has seen: once per message, and again later when the connection was down.
import { lastIncoming, unreadCount } from "./state.js";

/** {look(), again()}; `visible()` = the end of the list is on the screen. */
export function createReader({ session, store, visible }) {
  let told = null; // the message up to which the hub knows, or is being told
  let owed = null;

  async function tell(upTo) {
    told = upTo;
    owed = null;
    try {
      await session.call("POST", "/widget/read", { upTo });
    } catch (error) {
      if (!error.status) owed = upTo; // not reached; had it said no, it would say so again
    }
  }

  function look() {
    const upTo = lastIncoming(store.get());
    if (!upTo || upTo === told || !unreadCount(store.get()) || !visible()) return;
    store.dispatch({ type: "read" });
    tell(upTo);
  }

  return { look, again: () => owed && tell(owed) };
}
