// The dialog itself: opens, closes, keeps the focus where it belongs, fills the screen on a phone and
// stays above its keyboard.
import { el } from "../../shared/dom.js";

const PHONE = "(max-width: 480px), (max-height: 480px)"; // as in panel.css
const FOCUSABLE = "button, a[href], input, textarea, [tabindex='0']";
const CLOSING_MS = 220;

/** {root, open({quiet}), close(), isOpen()}; `focus()` puts the focus inside, `onClose()` is called by Esc
 * and "back". */
export function createDialog({ shell, words, children, focus, onClose }) {
  const { root: shadow, button, host } = shell;
  const phone = matchMedia(PHONE);
  const root = el(
    "section",
    {
      class: "panel",
      role: "dialog",
      "aria-labelledby": "title",
      tabindex: "-1",
      dir: words.dir,
      lang: words.locale,
      hidden: true,
    },
    ...children,
  );
  let shown = false;
  let watcher = null;

  function open({ quiet } = {}) {
    root.hidden = false;
    root.getBoundingClientRect(); // so that the transition starts from the closed look
    show(true);
    if (quiet) return;
    if (phone.matches) root.focus();
    else focus();
  }

  function close() {
    const inside = root.contains(shadow.activeElement);
    show(false);
    setTimeout(() => (root.hidden = !shown), CLOSING_MS);
    if (inside) button.focus({ preventScroll: true });
  }

  function show(on) {
    shown = on;
    root.classList.toggle("open", on);
    button.setAttribute("aria-expanded", on);
    fit();
  }

  /** On a phone: modal, and the panel has the size that the keyboard leaves. */
  function fit() {
    const modal = shown && phone.matches;
    root.setAttribute("aria-modal", modal);
    host.toggleAttribute("data-full", modal);
    watchBack(modal);
    resize();
  }

  function resize() {
    const { height, offsetTop } = visualViewport;
    root.style.setProperty("--height", height + "px");
    root.style.setProperty("--top", offsetTop + "px");
  }

  /** The phone's "back" closes the chat instead of leaving the page.
   * https://html.spec.whatwg.org/#closewatcher */
  function watchBack(modal) {
    if (!modal) watcher?.destroy();
    watcher = modal && window.CloseWatcher ? watcher || new CloseWatcher() : null;
    if (watcher) watcher.onclose = onClose;
  }

  function keyed(event) {
    event.stopPropagation(); // keys pressed in the chat are not shortcuts of the host page
    if (event.key === "Escape" && !event.isComposing) onClose();
    if (event.key === "Tab" && phone.matches) trap(event);
  }

  function trap(event) {
    const stops = [...root.querySelectorAll(FOCUSABLE)].filter((node) => !node.disabled && node.offsetParent);
    const [from, to] = event.shiftKey
      ? [stops[0], stops[stops.length - 1]]
      : [stops[stops.length - 1], stops[0]];
    if (shadow.activeElement !== from && (shadow.activeElement !== root || !event.shiftKey)) return;
    event.preventDefault();
    to.focus();
  }

  for (const name of ["keyup", "keypress"]) root.addEventListener(name, (event) => event.stopPropagation());
  root.addEventListener("keydown", keyed);
  phone.addEventListener("change", fit);
  for (const name of ["resize", "scroll"]) visualViewport.addEventListener(name, resize);

  return { root, open, close, isOpen: () => shown };
}
