// Watches the outside: network, tab and other tabs; and decides what the notice says about it.

const NOTICE_AFTER_MS = 3500; // a short interruption is over before anyone needs to read about it
const AWAY_MS = 10000;

/** {link(state), pending(any), limited(seconds), failed(error)}. */
export function createWatch({ notice, wake, pause, onStorage, look }) {
  let link = "idle";
  let waiting = false; // own messages have not left yet
  let limitedUntil = 0;
  let late = null; // runs while the connection is being restored
  let overdue = false;
  let hiddenAt = Infinity;

  function kind() {
    if (link === "refused") return "refused";
    if (navigator.onLine === false) return "offline";
    if (Date.now() < limitedUntil) return "tooMany";
    return overdue ? (waiting ? "offline" : "connecting") : "";
  }

  const tell = () => notice.show(kind(), { n: Math.max(1, Math.ceil((limitedUntil - Date.now()) / 1000)) });

  function setLink(next) {
    link = next;
    if (next === "connecting") late = late || setTimeout(expire, NOTICE_AFTER_MS);
    else settle();
    tell();
  }

  function settle() {
    clearTimeout(late);
    late = null;
    overdue = false;
  }

  function expire() {
    overdue = link === "connecting";
    tell();
  }

  function limited(seconds) {
    limitedUntil = Date.now() + seconds * 1000;
    setTimeout(tell, seconds * 1000 + 50);
    tell();
  }

  function pending(any) {
    waiting = any;
    tell();
  }

  /** Failures of background calls end here: the connection is watched anyway, a refusal is worth one console
   * message. */
  function failed(error) {
    if (error.status === 403 || error.status === 404) setLink("refused");
    if (error.status !== 0) console.info("Parley: " + (error.code || error.message));
  }

  function back() {
    tell();
    wake(Date.now() - hiddenAt > AWAY_MS);
  }

  addEventListener("online", () => {
    tell();
    wake(true);
  });
  addEventListener("offline", tell);
  document.addEventListener("visibilitychange", () => (document.hidden ? (hiddenAt = Date.now()) : back()));
  // A page in the back/forward cache may not hold a connection.
  addEventListener("pagehide", pause);
  addEventListener("pageshow", (event) => event.persisted && wake(true));
  addEventListener("storage", ({ key, newValue }) => onStorage(key, newValue));
  addEventListener("focus", look);

  return { link: setLink, pending, limited, failed };
}
