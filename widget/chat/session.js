// Who the visitor is to the hub: one token, opened when the visitor acts, renewed when the hub no longer
// takes it.
import { Refusal } from "./http.js";
import { underLock } from "./lock.js";

/**
 * {token(), call(method, path, body), expire(token), open(), identify(identity), known(), active()}.
 * `box` keeps {token, personId, profile?}; `onOpened(response)` gets every response of POST /widget/session.
 */
export function createSession({ http, box, site, locale, page, locks, onOpened }) {
  let current = null; // the token in use
  let opening = null; // one request at a time
  let identity = null;
  let era = 0; // counts sign-outs: a response that was asked for before one is not for the person after it

  function asked() {
    const stored = box.read();
    const body = { site, locale, page: page() };
    if (stored.token) body.visitorToken = stored.token;
    if (identity?.hash) body.identity = identity; // without a hash anyone could claim to be anyone
    return body;
  }

  async function request() {
    const mine = era;
    const response = await http("POST", "/widget/session", { body: asked() }).catch(doubted);
    if (mine !== era) throw new Refusal(0, "signed_out");
    const stored = box.read();
    box.write({ ...stored, token: response.visitorToken, personId: identity ? identity.id : stored.personId });
    current = response.visitorToken;
    onOpened(response);
    return current;
  }

  /** A hash that does not match is the page's mistake: its visitor may still write, as an anonymous one. */
  function doubted(error) {
    if (error.code !== "identity_invalid" || !identity) throw error;
    console.info("Parley: " + error.code);
    identity = null;
    return http("POST", "/widget/session", { body: asked() });
  }

  // Two tabs that write their first line at once must become one visitor: the second one finds the first
  // one's token.
  function open() {
    if (opening) return opening;
    const mine = underLock(box.key + ".session", request, locks).finally(() => {
      if (opening === mine) opening = null;
    });
    opening = mine;
    return mine;
  }

  const token = () => opening || (current ? Promise.resolve(current) : open());

  async function call(method, path, body) {
    const used = await token();
    try {
      return await http(method, path, { token: used, body });
    } catch (error) {
      if (error.status !== 401) throw error;
      expire(used);
      return http(method, path, { token: await token(), body });
    }
  }

  /** The hub refused this token; the next call opens a session again. */
  function expire(refused) {
    if (current === refused) current = null;
  }

  /** The page names its signed-in user. Another person than before starts afresh: true = what was kept is
   * not theirs. */
  function identify(next) {
    const before = box.read().personId;
    identity = next;
    opening = null; // the one under way does not carry this identity
    const other = !next || Boolean(before && before !== next.id);
    if (other) forget();
    return other;
  }

  function forget() {
    era += 1;
    current = opening = null;
    box.clear();
  }

  const known = () => Boolean(current || box.read().token);
  const active = () => Boolean(current);

  return { token, call, expire, open, identify, known, active };
}
