// The round button: drawn by the loader in the shadow root that the chat later shares.
import { inkOn, isColor } from "../shared/color.js";
import { el, icon, sheet } from "../shared/dom.js";
import css from "styles";

const BUBBLE =
  "M12 3c5 0 9 4 9 8s-4 8-9 8c-1 0-2 0-3-.4L5 21l.7-3.5C4 16 3 14 3 11c0-4 4-8 9-8Z";
const DOWN = "M6 9.5l6 6 6-6";
const NEAR = 140;

export const LABELS = { ru: "Открыть чат", en: "Open chat" };

/** {host, root, button}: not yet on the page. The launcher has the exact brand colour; an icon needs 3:1. */
export function drawLauncher({ color, position }, locale) {
  const host = document.createElement("parley-widget");
  const root = host.attachShadow({ mode: "open" });
  const fill = isColor(color) ? color : "#2f5bea";
  root.adoptedStyleSheets = [sheet(css + `:host{--fill:${fill};--ink:${inkOn(fill, 3)}}`)];
  const button = el(
    "button",
    {
      class: "launcher",
      type: "button",
      "aria-label": LABELS[locale],
      "aria-expanded": "false",
      "aria-haspopup": "dialog",
    },
    icon([BUBBLE], "icon shut"),
    icon([DOWN], "icon opened"),
  );
  if (position === "left") host.setAttribute("data-side", position);
  root.append(button);
  return { host, root, button };
}

/** Outside <body>, because page frameworks replace that; put back if something removes it. Some replace <html> as
 * well: the new one is watched, too. */
export function keepOnPage(host) {
  const attach = () => {
    for (const watched of [document, document.documentElement])
      if (watched) observer.observe(watched, { childList: true });
    if (!host.isConnected) document.documentElement?.append(host);
  };
  const observer = new MutationObserver(attach);
  attach();
}

/** Calls `then` (which must not mind a second call) when the pointer comes near, or the button is focused
 * or touched. */
export function onIntent(button, then) {
  const near = ({ clientX, clientY }) => {
    const { left, top, width } = button.getBoundingClientRect();
    if (Math.hypot(clientX - left - width / 2, clientY - top - width / 2) > NEAR) return;
    removeEventListener("pointermove", near);
    then();
  };
  addEventListener("pointermove", near, { passive: true });
  for (const sign of ["focus", "touchstart"])
    button.addEventListener(sign, then, { once: true, passive: true });
}
