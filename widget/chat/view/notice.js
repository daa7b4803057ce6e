// One line under the header about the connection; nothing while all is well.
import { el } from "../../shared/dom.js";

const BACK_MS = 2500;

/** {root, show(kind, values)}: kind = "" | "offline" | "connecting" | "refused" | "tooMany". */
export function createNotice(words) {
  const text = el("span");
  const root = el("div", { class: "notice", role: "status", "data-kind": "" }, el("p", null, el("i"), text));
  let timer;

  function paint(kind, values) {
    root.setAttribute("data-kind", kind);
    if (kind) text.textContent = words.say(kind, values);
  }

  function show(kind, values) {
    const before = root.getAttribute("data-kind");
    if (kind === before || (!kind && before === "back")) return;
    clearTimeout(timer);
    const recovered = !kind && ["offline", "connecting"].includes(before);
    paint(recovered ? "back" : kind, values);
    if (recovered) timer = setTimeout(() => paint(""), BACK_MS);
  }

  return { root, show };
}
