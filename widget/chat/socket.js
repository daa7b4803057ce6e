// The first transport: a WebSocket. Up when the hub says "ready"; a silent connection is found out by ping and pong.

const OPEN_MS = 8000;
const PING_MS = 25000;
const PONG_MS = 8000;
const PROBE_MS = 3000;

export const socketUrl = (hub, site) =>
  hub.replace(/^http/, "ws") + "/widget/live?site=" + encodeURIComponent(site);

/** {close(), probe()}; calls onUp() once, onEvent(event) for each, onDown({code}) at most once and not
 * after close(). */
export function openSocket({ hub, site, token, since, WebSocket, onUp, onEvent, onDown }) {
  const socket = new WebSocket(socketUrl(hub, site));
  let deadline = setTimeout(() => fail(0), OPEN_MS);
  let rhythm = null;
  let over = false;

  const send = (frame) => socket.send(JSON.stringify(frame));

  function end() {
    over = true;
    clearTimeout(deadline);
    clearInterval(rhythm);
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }

  function fail(code) {
    if (over) return;
    end();
    onDown({ code });
  }

  function ask(timeoutMs) {
    if (over || socket.readyState !== 1) return;
    send({ type: "ping" });
    clearTimeout(deadline);
    deadline = setTimeout(() => fail(0), timeoutMs);
  }

  function ready() {
    rhythm = setInterval(() => ask(PONG_MS), PING_MS);
    onUp();
  }

  socket.onopen = () => send({ type: "hello", token, since });
  socket.onclose = ({ code }) => fail(code);
  socket.onmessage = ({ data }) => {
    const event = JSON.parse(data);
    if (rhythm || event.type === "ready") clearTimeout(deadline);
    if (event.type === "pong") return;
    onEvent(event);
    if (event.type === "ready" && !rhythm) ready();
  };

  return { close: end, probe: () => ask(PROBE_MS) };
}
