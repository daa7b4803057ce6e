// The live connection: a ladder of three rungs (WebSocket, event stream, polling). A rung that never comes up
// is left for the one below; from below we try the top again, ever more rarely. Every connection starts with
// since=cursor, so what happened while the line was down arrives first.
import { backoff } from "./backoff.js";
import { openPoll } from "./poll.js";
import { openSocket } from "./socket.js";
import { openStream } from "./stream.js";

const RUNGS = [openSocket, openStream, openPoll];
const MISSES = 2; // tries on a rung that never worked here
const MISSES_OF_A_GOOD_ONE = 5; // tries on a rung that has worked in this page before
const CLIMB_MS = 15000;
const SLOWEST_CLIMB_MS = 300000;
const CROWDED_MS = 30000;

/**
 * {start(), stop(), wake()}. `ways` = what the rungs need (hub, site, fetch, WebSocket, catchUp, hidden);
 * `session` gives the visitor token and hears when it was refused; `cursor()` is the point to go on from;
 * `onState("connecting"|"online"|"refused")`.
 */
export function createLive({ ways, session, cursor, onEvent, onState, random = Math.random }) {
  let rung = 0;
  let misses = 0;
  let tries = 0;
  let climb = CLIMB_MS;
  let line = null; // the open connection
  let up = false;
  let timer = null;
  let climbing = null;
  let running = false;
  let climbedFrom = 0; // the rung that worked, to go back to when the top still does not
  let round = 0; // only the newest connection may speak
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
    clearTimeout(climbing);
    if (line) line.close();
    line = null;
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
    line = RUNGS[rung]({
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
    tries = misses = climbedFrom = 0;
    worked.add(rung);
    onState("online");
    if (rung > 0) climbing = setTimeout(top, climb);
    else climb = CLIMB_MS;
  }

  function top() {
    climb = Math.min(climb * 2, SLOWEST_CLIMB_MS);
    climbedFrom = rung;
    rung = 0;
    connect();
  }

  /** What a broken line means: another token, another rung, or only a pause. `early` = it was not the
   * rung's fault. */
  function down({ code, held, early }) {
    const fell = up;
    drop();
    if (code === 4403 || code === 4404) return refuse();
    if (code === 4401 && held) session.expire(held);
    else if (!fell && !early) miss();
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
    const enough = climbedFrom || misses >= (worked.has(rung) ? MISSES_OF_A_GOOD_ONE : MISSES);
    if (!enough || rung === RUNGS.length - 1) return;
    rung = climbedFrom || rung + 1;
    misses = climbedFrom = tries = 0; // the pauses were for the other rung
  }

  /** The network, the machine or the tab is back: do not sit out the pause, and do not trust an old line. */
  function wake() {
    if (up) line.probe();
    else if (timer) connect();
  }

  return { start, stop, wake };
}
