// The list of rows: patches by key, keeps the reader's position, follows new lines only when the reader is at
// the end.
import { el, icon } from "../../shared/dom.js";
import { ICONS } from "./icons.js";
import { createRow } from "./message.js";

const END = 60; // px from the end that still count as "at the end"
const FAR = 500; // px from the end from which a way back is offered
const TOP = 120; // px from the top at which earlier messages are fetched

/** {root, pill, render(rows, {hasOlder}), toEnd(), atEnd()}; actions: older() near the top, seen() when at
 * the end. */
export function createList({ words, still, hero, actions }) {
  const rows = el("div", { class: "rows" });
  const older = el("p", { class: "older label", hidden: true }, words.say("loadingOlder"));
  const root = el(
    "div",
    {
      class: "scroll",
      tabindex: "0",
      role: "log",
      "aria-live": "off",
      "aria-label": words.say("conversation"),
    },
    hero,
    older,
    rows,
  );
  const label = el("span");
  const pill = el(
    "button",
    { type: "button", class: "pill", hidden: true, onclick: () => toEnd(true) },
    icon(ICONS.down),
    label,
  );
  const known = new Map(); // key -> {node, update, sign}
  let following = true;
  let missed = 0;
  let painted = false;
  let placed = 0; // the scroll position we set ourselves

  const ui = { words, still, actions, onGrow: follow };
  const left = () => root.scrollHeight - root.clientHeight - root.scrollTop;

  root.addEventListener("scroll", scrolled, { passive: true });
  new ResizeObserver(follow).observe(root);

  function scrolled() {
    if (Math.abs(root.scrollTop - placed) > 2) following = left() < END;
    settle();
  }

  /** After every move: is there something to fetch, to report as seen, to offer? */
  function settle() {
    if (!older.hidden && root.scrollTop < TOP) actions.older();
    if (following) {
      missed = 0;
      actions.seen();
    }
    pill.hidden = following || (!missed && left() < FAR);
    label.textContent = missed ? words.say("newMessages", { n: missed }) : "";
    pill.setAttribute("aria-label", label.textContent || words.say("latest"));
    pill.classList.toggle("has-new", missed > 0);
  }

  function scroll(top) {
    root.scrollTop = top;
    placed = root.scrollTop;
  }

  /** To the end, but never past the beginning of an answer that is still being written. */
  function follow() {
    const writing = rows.querySelector(".streaming");
    if (following) scroll(Math.min(root.scrollHeight, writing ? writing.offsetTop - 12 : Infinity));
  }

  function toEnd(smooth) {
    following = true;
    if (smooth && !still()) root.scrollTo({ top: root.scrollHeight, behavior: "smooth" });
    else follow();
    settle();
  }

  /** The row to hold on to: in the middle, because the topmost one changes when earlier ones join its group. */
  function middle() {
    const middleY = root.scrollTop + root.clientHeight / 2;
    return [...rows.children].find((node) => node.offsetTop > middleY) || rows.lastChild;
  }

  function render(wanted, { hasOlder }) {
    const anchor = !following && middle();
    const before = anchor && anchor.offsetTop;
    const last = wanted.map((row) => row.kind !== "typing" && known.has(row.key)).lastIndexOf(true);
    const fresh = wanted.slice(last + 1).filter((row) => painted && row.kind === "message");
    missed += fresh.filter((row) => row.role !== "customer").length;
    following = following || fresh.some((row) => row.clientId);
    older.hidden = !hasOlder;
    patch(wanted, last);
    if (anchor && anchor.isConnected) scroll(root.scrollTop + anchor.offsetTop - before);
    painted = painted || wanted.length > 0;
    follow();
    settle();
  }

  /** Rows behind the last known one are new and come in with a movement; the others are history. */
  function patch(wanted, last) {
    const keys = new Set(wanted.map((row) => row.key));
    for (const [key, { node }] of known) if (!keys.has(key)) known.delete(key) && node.remove();
    let spot = rows.firstChild;
    wanted.forEach((row, i) => {
      const { node } = refresh(known.get(row.key) || create(row, painted && i > last), row);
      if (node === spot) spot = spot.nextSibling;
      else rows.insertBefore(node, spot);
    });
  }

  function create(row, entering) {
    const made = { ...createRow(row, ui), entering };
    known.set(row.key, made);
    return made;
  }

  function refresh(held, row) {
    const sign = JSON.stringify(row);
    if (held.sign !== sign) held.update(row);
    held.sign = sign;
    held.node.classList.toggle("in", held.entering);
    return held;
  }

  return { root, pill, render, toEnd, atEnd: () => following };
}
