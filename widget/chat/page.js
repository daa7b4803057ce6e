// What the hub is told about the page the visitor is on.

const LONGEST_URL = 2000;
const LONGEST_TITLE = 500;

/** {url, title, referrer}, as long as the hub takes them. A fragment may carry a secret; "#/route" is a
 * page. */
export function pageOf({ origin, pathname, search, hash }, { title, referrer }) {
  const url = origin + pathname + search + (/^#[/!]/.test(hash) ? hash : "");
  const [shortUrl, shortReferrer] = [url, referrer].map((one) => one.slice(0, LONGEST_URL));
  return { url: shortUrl, title: title.slice(0, LONGEST_TITLE), referrer: shortReferrer };
}
