// The live connection, over one of three transports (WebSocket, event stream, polling). One that never opens is
// given up for the next; from there the first one is tried again, ever more rarely. Every connection starts with
// since=cursor, so what happened while it was down arrives first.
import { backoff } from "./backoff.js";
import { openPoll } from "./poll.js";
import { openSocket } from "./socket.js";
import { openStream } from "./stream.js";

const TRANSPORTS = [openSocket, openStream, openPoll];
const MISSES = 2; // tries on a transport that never worked here
const MISSES_OF_A_GOOD_ONE = 5; // tries on a transport that has worked in this page before
const UPGRADE_MS = 15000;
const SLOWEST_UPGRADE_MS = 300000;
const CROWDED_MS = 30000;

/**
 * {start(), stop(), wake()}. `ways` = what the transports need (hub, site, fetch, WebSocket, catchUp, hidden);
 * `session` gives the visitor token and is told when it was refused; `cursor()` is the point to go on from;
 * `onState("connecting"|"online"|"refused")`.
 */
export function createLive({ ways, session, cursor, onEvent, onState, random = Math.random }) {
  let transport = 0;
  let misses = 0;
  let tries = 0;
  let upgradeMs = UPGRADE_MS;
  let connection = null; // the open one
  let up = false;
  let timer = null;
  let upgradeTimer = null;
  let running = false;
  let fallback = 0; // the transport that worked, to go back to when the first one still does not
  let round = 0; // only the newest connection counts
  const worked = new Set();

  function start() {
    if (running) return;
    running = true;
    connect();
  }

  function stop() {
    running = false;
    round += 1;
    drop();
    clearTimeout(timer);
    timer = null;
  }

  function drop() {
    clearTimeout(upgradeTimer);
    if (connection) connection.close();
    connection = null;
    up = false;
  }

  async function connect() {
    const mine = ++round;
    clearTimeout(timer);
    timer = null;
    drop();
    onState("connecting");
    const current =
      (job) =>
      (...args) =>
        mine === round && job(...args);
    try {
      const held = await session.token();
      current(() => open(held, current))();
    } catch (error) {
      current(down)({ code: error.status ? 4000 + error.status : 0, early: true });
    }
  }

  function open(held, current) {
    connection = TRANSPORTS[transport]({
      ...ways,
      token: held,
      since: cursor(),
      onEvent: current(onEvent),
      onUp: current(arrived),
      onDown: current((why) => down({ ...why, held })),
    });
  }

  function arrived() {
    up = true;
    tries = misses = fallback = 0;
    worked.add(transport);
    onState("online");
    if (transport > 0) upgradeTimer = setTimeout(upgrade, upgradeMs);
    else upgradeMs = UPGRADE_MS;
  }

  function upgrade() {
    upgradeMs = Math.min(upgradeMs * 2, SLOWEST_UPGRADE_MS);
    fallback = transport;
    transport = 0;
    connect();
  }

  /** What a broken connection means: another token, another transport, or only a pause. `early` = it was not the
   * transport's fault. */
  function down({ code, held, early }) {
    const wasUp = up;
    drop();
    if (code === 4403 || code === 4404) return refuse();
    if (code === 4401 && held) session.expire(held);
    else if (!wasUp && !early) miss();
    onState("connecting");
    const pause = backoff(tries++, random) + (code === 4429 ? CROWDED_MS : 0);
    return void (timer = setTimeout(connect, pause));
  }

  function refuse() {
    running = false;
    onState("refused");
  }

  function miss() {
    misses += 1;
    const enough = fallback || misses >= (worked.has(transport) ? MISSES_OF_A_GOOD_ONE : MISSES);
    if (!enough || transport === TRANSPORTS.length - 1) return;
    transport = fallback || transport + 1;
    misses = fallback = tries = 0; // the pauses were for the other transport
  }

  /** The network, the machine or the tab is back: do not sit out the pause, and do not trust an old connection. */
  function wake() {
    if (up) connection.probe();
    else if (timer) connect();
  }

  return { start, stop, wake };
}
