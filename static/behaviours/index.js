// Binds every element with data-behaviour="name other" to the behaviours of that name, once, also when htmx brings the
// element later. All are loaded with the page, so they are in place before htmx sends its first request.
import "./csrf.js";
import "./merge.js";
import apiDocs from "./api-docs.js";
import composer from "./composer.js";
import copy from "./copy.js";
import dialog from "./dialog.js";
import keys from "./keys.js";
import live from "./live.js";
import menu from "./menu.js";
import panes from "./panes.js";
import passkeys from "./passkeys.js";
import rail from "./rail.js";
import read from "./read.js";
import rows from "./rows.js";
import signOut from "./sign-out.js";
import since from "./since.js";
import stream from "./stream.js";
import tabs from "./tabs.js";
import theme from "./theme.js";
import thread from "./thread.js";
import times from "./times.js";
import toasts from "./toasts.js";
import update from "./update.js";

const BEHAVIOURS = {
  composer, copy, dialog, keys, live, menu, panes, rail, read, rows, since, stream, tabs, theme, thread, times, toasts,
  passkeys, update, "api-docs": apiDocs, "sign-out": signOut,
};
const bound = new WeakMap();

function bind(element, name) {
  const names = bound.get(element) ?? new Set();
  if (names.has(name)) return;
  bound.set(element, names.add(name));
  BEHAVIOURS[name](element);
}

function bindAll() {
  for (const element of document.querySelectorAll("[data-behaviour]")) {
    for (const name of element.dataset.behaviour.split(" ")) bind(element, name);
  }
}

bindAll();
document.addEventListener("htmx:load", bindAll);
