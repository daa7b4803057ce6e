// The chat's view: puts the parts together and redraws them from one state, at most once per frame.
import texts from "texts";
import css from "styles";
import { el, sheet } from "../../shared/dom.js";
import { canCall, progress } from "../presence.js";
import { toRows } from "../rows.js";
import { createWords } from "../words.js";
import { createAnnouncer } from "./announcer.js";
import { createComposer } from "./composer.js";
import { createDialog } from "./dialog.js";
import { createHeader } from "./header.js";
import { createHero } from "./hero.js";
import { createList } from "./list.js";
import { createNotice } from "./notice.js";
import { createPreChat } from "./prechat.js";
import { applyTheme } from "./theme.js";

const still = () => matchMedia("(prefers-reduced-motion: reduce)").matches || document.hidden;

/** {open, close, isOpen, atEnd, draw(state), badge(n), notice, announcer}; `actions` = what the visitor
 * can do. */
export function createView({ shell, draft, profile, actions }) {
  const { config, root: shadow, button } = shell;
  const words = createWords(texts);
  const own = config.texts?.[words.locale] || {};
  const parts = { config, words, still, actions };
  shadow.adoptedStyleSheets.push(sheet(css));
  applyTheme(shell);

  const header = createHeader({ ...parts, title: own.title || config.name });
  const notice = createNotice(words);
  const list = createList({ ...parts, hero: createHero({ ...parts, subtitle: own.subtitle }) });
  const composer = createComposer({ ...parts, limit: config.maxTextLength, draft });
  const announcer = createAnnouncer(words);
  const badge = el("span", { class: "badge" });
  let entry = composer; // or the form that stands before it
  if (config.preChat && !profile)
    entry = createPreChat({
      words,
      fields: config.preChat.fields,
      known: shell.identity || {},
      onReady: introduced,
    });
  const gate = el("div", { class: "gate" }, list.pill, entry.root);
  const dialog = createDialog({
    shell,
    words,
    children: [header.root, notice.root, list.root, gate],
    focus: () => entry.focus(),
    onClose: actions.close,
  });
  let frame = 0;
  let latest = null;
  let unread = 0;

  shadow.append(dialog.root, announcer.root);
  button.append(badge);

  function admit() {
    entry.root.replaceWith(composer.root);
    entry = composer;
  }

  function introduced(values) {
    actions.introduce(values);
    admit();
    entry.focus();
  }

  function paint() {
    frame = 0;
    const begun = latest.messages.length + latest.pending.length > 0;
    if (begun && entry !== composer) admit(); // whoever has already talked to us is not asked for a name
    dialog.root.classList.toggle("begun", begun);
    header.render(latest);
    list.render(toRows(latest, own.greeting, config.agent), latest);
    composer.render(progress(latest, config, words), canCall(latest, config));
  }

  function draw(state) {
    latest = state;
    frame = frame || requestAnimationFrame(paint);
  }

  function label() {
    button.setAttribute(
      "aria-label",
      dialog.isOpen() ? words.say("close") : words.say(unread ? "unread" : "openLabel", { n: unread }),
    );
  }

  function count(n) {
    unread = n;
    badge.textContent = n > 99 ? "99+" : n || "";
    label();
  }

  function open(how) {
    dialog.open(how);
    paint();
    composer.refresh();
    list.toEnd();
    label();
  }

  function close() {
    dialog.close();
    label();
  }

  return { draw, open, close, badge: count, notice, announcer, isOpen: dialog.isOpen, atEnd: list.atEnd };
}
