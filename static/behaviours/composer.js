// The reply field: Enter sends, drafts survive, a suggestion can be taken over, nothing is lost when sending fails.
import { keep, recall } from "./drafts.js";

const isTouch = window.matchMedia("(pointer: coarse)");

// crypto.randomUUID exists on https only; a hub on a plain local address has getRandomValues.
function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

export default function composer(form) {
  const { text, client_id: id } = form.elements;
  const { uuid } = form.dataset;
  let tried = null;

  // By its id the hub knows a repeated request from a second message. The one in the page serves readers without script.
  id.value = newId();

  function write(value) {
    text.value = value;
    keep(uuid, value);
  }

  text.value ||= recall(uuid);
  text.addEventListener("input", () => {
    keep(uuid, text.value);
    // The same id goes with the same text, so sending it again is no second message; a changed text is another one.
    if (tried === null || tried === text.value) return;
    tried = null;
    id.value = newId();
  });
  text.addEventListener("keydown", (event) => {
    const isPlain = !event.shiftKey && !event.altKey && !isTouch.matches;
    if (event.key !== "Enter" || event.isComposing || !(isPlain || event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    if (text.value.trim()) form.requestSubmit();
  });
  form.addEventListener("htmx:beforeRequest", () => {
    form.setAttribute("aria-busy", "true");
    text.readOnly = true;
    tried = text.value;
  });
  form.addEventListener("htmx:afterRequest", ({ detail }) => {
    form.removeAttribute("aria-busy");
    text.readOnly = false;
    if (detail.successful) {
      write("");
      id.value = newId();
      tried = null;
    }
    text.focus();
  });
  form.parentElement.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-inserts]");
    if (!button) return;
    write(document.getElementById(button.dataset.inserts).textContent);
    text.focus();
  });
}
