// Asks the hub for what is missing: the newest page, earlier pages, and everything after the cursor.

const PAGE = 30;

/** {newest(), older(), catchUp()}; each runs once at a time and ends with events for the store. */
export function createSync({ session, store: { get, dispatch } }) {
  const running = {};

  const once = (name, job) => () => {
    running[name] = running[name] || job().finally(() => (running[name] = null));
    return running[name];
  };

  async function ask(type, query) {
    const page = await session.call("GET", "/widget/messages?" + query);
    dispatch({ ...page, type });
    return page.hasMore;
  }

  const newest = () => ask("page", "limit=" + PAGE);

  async function older() {
    const [oldest] = get().messages;
    if (oldest) await ask("page", "limit=" + PAGE + "&before=" + encodeURIComponent(oldest.id));
  }

  /** Page by page until nothing is left; a page that does not move the cursor ends it, whatever it claims. */
  async function since() {
    if (!get().loaded) return newest();
    const { cursor } = get();
    const more = await ask("since", "since=" + cursor);
    return more && get().cursor > cursor && since();
  }

  return { newest: once("newest", newest), older: once("older", older), catchUp: once("since", since) };
}
