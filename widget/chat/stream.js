// The second transport: server-sent events read with fetch, because EventSource cannot carry the Authorization
// header.
import { refusal, request } from "./http.js";

const OPEN_MS = 10000;
const SILENCE_MS = 45000; // the hub sends a comment every 20 s
const PROBE_MS = 22000; // after a wake-up: one comment must come

/** feed(chunk of text) -> calls onData(parsed JSON) per event. Format:
 * https://html.spec.whatwg.org/#event-stream-interpretation */
export function createParser(onData) {
  let rest = "";
  let data = [];

  function field(text) {
    if (text === "" && data.length) onData(JSON.parse(data.splice(0).join("\n")));
    else if (text.startsWith("data:")) data.push(text.slice(5).replace(/^ /, ""));
  }

  return function feed(chunk) {
    const fields = (rest + chunk).split(/\r\n|\n|\r(?!$)/);
    rest = fields.pop();
    fields.forEach(field);
  };
}

/** Same shape as openSocket; a refusal is reported with the WebSocket's codes (4401, 4403, 4429). */
export function openStream({ hub, site, token, since, fetch, onUp, onEvent, onDown }) {
  const cut = new AbortController();
  let over = false;
  let deadline;

  const within = (timeoutMs) => {
    clearTimeout(deadline);
    deadline = setTimeout(() => cut.abort(), timeoutMs);
  };

  function end() {
    over = true;
    clearTimeout(deadline);
    cut.abort();
  }

  async function read() {
    within(OPEN_MS);
    const query = "?site=" + encodeURIComponent(site) + "&since=" + since;
    const response = await fetch(hub + "/widget/events" + query, request("GET", token, undefined, cut.signal));
    if (!response.ok) throw refusal(response);
    within(SILENCE_MS);
    onUp();
    await follow(response.body.getReader());
  }

  async function follow(reader) {
    const feed = createParser((event) => over || onEvent(event));
    const decoder = new TextDecoder();
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      within(SILENCE_MS);
      feed(decoder.decode(part.value, { stream: true }));
    }
  }

  function down(error) {
    if (over) return;
    end();
    onDown({ code: error && error.status ? 4000 + error.status : 0 });
  }

  read().then(down, down);
  return { close: end, probe: () => within(PROBE_MS) };
}
