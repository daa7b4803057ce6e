// What screen readers are told: a polite live region that gets whole sentences, each once.
import { el } from "../../shared/dom.js";
import { sentences } from "../speech.js";
import { eventText } from "./message.js";

const KEEP_MS = 10000;

/** {root, streamed({turn, text, name}), message(message)}. */
export function createAnnouncer(words) {
  const root = el("div", { class: "sr", "aria-live": "polite", "aria-relevant": "additions" });
  const spokenTo = new Map(); // turn -> how much of the text has been spoken

  function speak(text) {
    if (!text) return;
    const spoken = el("p", null, text);
    root.append(spoken);
    setTimeout(() => spoken.remove(), KEEP_MS);
  }

  const author = (name, isAi) => `${name || words.say("team")}${isAi ? ", " + words.say("ai") : ""}: `;

  function streamed({ turn, text, name }) {
    const from = spokenTo.get(turn) || 0;
    const { spoken, at } = sentences(text, from, false);
    if (spoken) speak((from ? "" : author(name, true)) + spoken);
    spokenTo.set(turn, at);
  }

  function message({ role, turn, text, name, event }) {
    if (role === "customer") return;
    if (role === "system") return speak(eventText({ event, name, text }, words));
    const from = (turn && spokenTo.get(turn)) || 0;
    spokenTo.delete(turn);
    const { spoken } = sentences(text, from, true);
    speak(spoken && (from ? "" : author(name, role === "assistant")) + spoken);
  }

  return { root, streamed, message };
}
