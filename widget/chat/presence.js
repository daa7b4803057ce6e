// Who answers right now, and whether a person has been called: pure, from the conversation and the config to
// words.
import { zoneNote } from "./words.js";

/** "operator" | "calling" | "ai" | "online" | "away" */
export function standing({ conversation }, { agent, online }) {
  const { floor, handoff, status } = conversation || {};
  if (floor === "operator" || handoff === "active") return "operator";
  if (handoff === "requested" || status === "waiting_operator" || status === "escalated") return "calling";
  if (agent) return "ai";
  return online ? "online" : "away";
}

/** {who, name, status}: `who` as above, `status` for the header. */
export function presence(state, config, words) {
  const who = standing(state, config);
  const answering = who === "operator" ? state.conversation.operator : config.agent;
  const name = answering?.name || words.say("team");
  return { who, name, status: words.say("standing/" + who, { name }) };
}

/** Can the visitor call a person now? Not while one is here or already called. */
export const canCall = (state, config) => !/operator|calling/.test(standing(state, config));

/** The bar above the composer: what is going on with the conversation, or "". */
export function progress(state, config, words) {
  if (standing(state, config) === "calling") return words.say(config.online ? "personComing" : "personAway");
  return state.conversation?.status === "resolved" && !state.pending.length ? words.say("resolved") : "";
}

/** When people are here: online now, their hours in words, or that no one is. */
export function hoursLine({ online, hours }, words, now = new Date(), own = undefined) {
  if (online) return words.say("peopleOnline");
  return hours
    ? words.say("peopleHours", { ...hours, zone: zoneNote(hours.timezone, now, own) })
    : words.say("peopleAway");
}
