// What the host page says about the widget: read once from our own <script> tag, never from the page's
// content.

const LOCALES = ["ru", "en"];

/** The first candidate that we have ("ru-RU" counts as ru), or undefined. */
export function pickLocale(candidates) {
  return candidates.map((one) => (one || "").slice(0, 2).toLowerCase()).find((one) => LOCALES.includes(one));
}

/** {hub, site, locale?, theme|null} from the tag; ?site= is for tag managers that drop data attributes. */
export function readTag(tag, base, languages) {
  const { origin, searchParams } = new URL(tag.src, base);
  const site = tag.getAttribute("data-site") || searchParams.get("site");
  if (!site) throw new Error("the script tag has no data-site");
  const locale = pickLocale([tag.getAttribute("data-locale"), ...languages]);
  return { hub: origin, site, locale, theme: tag.getAttribute("data-theme") };
}
