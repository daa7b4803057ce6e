// Unsent replies, one per conversation, kept in this browser only. (Used by composer.js and sign-out.js.)
const PREFIX = "parley:draft:";

export const recall = (uuid) => localStorage.getItem(PREFIX + uuid) ?? "";

export function keep(uuid, text) {
  if (text.trim()) localStorage.setItem(PREFIX + uuid, text);
  else localStorage.removeItem(PREFIX + uuid);
}

export function forgetAll() {
  for (const key of Object.keys(localStorage)) if (key.startsWith(PREFIX)) localStorage.removeItem(key);
}
