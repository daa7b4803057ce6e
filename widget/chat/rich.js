// Message text as a tree of plain tokens: paragraphs, lists, bold, code, links. A small, safe part of
// Markdown that language models write anyway. It never yields markup: whoever draws it makes elements and
// text nodes.

// Lengths are bounded so that hostile text cannot make the matching slow.
const LINK = /\b(https?:\/\/|www\.)[^\s<>"'`]{1,1000}/i;
const MARKED = new RegExp(
  "`(?<code>[^`]+)`|\\*\\*(?<bold>[^*]+)\\*\\*|" +
    "\\[(?<label>[^[\\]]{1,200})\\]\\((?<url>https?:[^\\s()]+)\\)|" +
    LINK.source,
  "i",
);
const ITEM = /^\s*(?:[-*•]|(\d{1,3})[.)])\s+(.*)$/;
const HEADING = /^#{1,6}\s+(.*)$/;

/** The http(s) address that text stands for, or null: javascript:, data: and the like never become links. */
export function safeUrl(text) {
  try {
    const url = new URL(/^www\./i.test(text) ? "https://" + text : text);
    return /^https?:$/.test(url.protocol) ? url.href : null;
  } catch (notAnAddress) {
    return null;
  }
}

/** Punctuation that ends the sentence is not part of the address; a bracket is when it was opened inside. */
function trimLink(raw) {
  const link = raw.replace(/[.,;:!?…»”’]+$/, "");
  const opened = link.split("(").length >= link.split(")").length;
  return link.endsWith(")") && !opened ? trimLink(link.slice(0, -1)) : link;
}

/** A label that looks like an address must not hide another one. */
function link(address, label) {
  const url = safeUrl(address);
  return url
    ? { kind: "link", url, text: LINK.test(label) ? address : label }
    : { kind: "text", text: label };
}

/** [token, how many characters it took] for one match of MARKED or LINK. */
function token({ 0: raw, groups }) {
  const { code, bold, label, url } = groups || {};
  if (code) return [{ kind: "code", text: code }, raw.length];
  if (bold) return [{ kind: "bold", parts: inline(bold, LINK) }, raw.length];
  if (label) return [link(url, label), raw.length];
  const address = trimLink(raw);
  return [link(address, address), address.length];
}

/** One row of text -> [{kind: "text"|"code"|"bold"|"link", …}]. */
export function inline(text, pattern = MARKED) {
  const parts = [];
  for (let rest = text; rest;) {
    const found = pattern.exec(rest);
    if (!found) return [...parts, { kind: "text", text: rest }];
    const [made, length] = token(found);
    if (found.index) parts.push({ kind: "text", text: rest.slice(0, found.index) });
    parts.push(made);
    rest = rest.slice(found.index + length);
  }
  return parts;
}

/** The whole text -> [{kind: "paragraph", textLines}|{kind: "list", start, items}]; start is null for bullets. */
export function blocks(text, marked) {
  if (!marked) return [{ kind: "paragraph", textLines: text.split("\n").map((textLine) => inline(textLine, LINK)) }];
  const found = [];
  for (const textLine of text.split(/\r?\n/)) addTextLine(found, textLine);
  return found.filter((block) => block.kind);
}

function addTextLine(found, textLine) {
  const last = found[found.length - 1] || {};
  const [isItem, number, item] = ITEM.exec(textLine) || [];
  const [isHeading, title] = HEADING.exec(textLine) || [];
  if (!textLine.trim()) return found.push({}); // a gap ends the paragraph or list above it
  if (isItem && last.kind === "list" && !last.start === !number) return last.items.push(inline(item));
  if (isItem) return found.push({ kind: "list", start: number || null, items: [inline(item)] });
  const parts = isHeading ? [{ kind: "bold", parts: inline(title, LINK) }] : inline(textLine);
  return last.kind === "paragraph"
    ? last.textLines.push(parts)
    : found.push({ kind: "paragraph", textLines: [parts] });
}
