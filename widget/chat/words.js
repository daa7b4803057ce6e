// How a language counts, dates and tells the time; the texts themselves are in texts/, one file per language.

const fill = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);

/** {locale, dir, say(key, {n?, name?…}), day(at, now), time(at)}; plural forms are chosen by n. */
export function createWords(texts) {
  const { locale, dir } = texts;
  const plural = new Intl.PluralRules(locale);
  const clock = new Intl.DateTimeFormat(locale, { timeStyle: "short" });

  /** "events/handoff.taken" is a text inside a group; an unknown key is "". */
  function say(key, values = {}) {
    const found = key.split("/").reduce((node, part) => node?.[part], texts) ?? "";
    return fill(found.other ? (found[plural.select(values.n)] ?? found.other) : found, values);
  }

  function day(at, now) {
    const age = dayNumber(now) - dayNumber(at);
    if (age < 2) return say(age < 1 ? "today" : "yesterday");
    const year = at.getFullYear() === now.getFullYear() ? undefined : "numeric";
    return at.toLocaleDateString(locale, { day: "numeric", month: "long", year });
  }

  return { locale, dir, say, day, time: (at) => clock.format(at) };
}

/** Days since the epoch in the visitor's own calendar. */
export const dayNumber = (at) => Math.floor((at.getTime() - at.getTimezoneOffset() * 60000) / 86400000);

/** " (GMT+3)" when the business keeps other hours than the visitor's clock, else "". */
export function zoneNote(timezone, now, own) {
  const name = (timeZone) =>
    now.toLocaleDateString("en", { timeZone, timeZoneName: "shortOffset" }).split(", ")[1];
  try {
    return name(timezone) === name(own) ? "" : ` (${name(timezone)})`;
  } catch (unknownZone) {
    return "";
  }
}
