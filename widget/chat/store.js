// Holds the one state: every event goes through dispatch(); what expires by itself is looked at while there
// is any.
import { hasGap, initialState, reduce } from "./state.js";

const TICK_MS = 1000;
const GAP_MS = 400; // a late event may still fill the gap by itself

/** {get(), dispatch(event)}; `onChange(state, before, event)` after each event, `onGap()` when a change is
 * missing. */
export function createStore({ onChange, onGap }) {
  let state = initialState();
  let ticking = null;
  let gap = null;

  function dispatch(event) {
    const before = state;
    state = reduce(state, { at: Date.now(), ...event });
    if (state.typing || state.streams.length) ticking = ticking || setTimeout(tick, TICK_MS);
    if (hasGap(state)) gap = gap || setTimeout(fill, GAP_MS);
    onChange(state, before, event);
  }

  function tick() {
    ticking = null;
    dispatch({ type: "tick" });
  }

  function fill() {
    gap = null;
    if (hasGap(state)) onGap();
  }

  return { get: () => state, dispatch };
}
