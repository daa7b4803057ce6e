// The form before the first message, when the business asks for one.
import { el } from "../../shared/dom.js";

const FIELDS = {
  name: { type: "text", pattern: /./ },
  email: { type: "email", pattern: /^[^\s@]+@[^\s@]+\.[^\s@]{2,}$/, wrong: "badEmail" },
  phone: { type: "tel", pattern: /(\d\D*){6}/, wrong: "badPhone" },
};

/** What is wrong with a value: the key of a text, or "". */
export function problem({ name, required }, value) {
  if (!value) return required ? "fillIn" : "";
  return FIELDS[name].pattern.test(value) ? "" : FIELDS[name].wrong;
}

/** {root, focus()}; `onReady({name?, email?, phone?})` once everything is right. `known` fills in what the
 * page told. */
export function createPreChat({ fields, words, known, onReady }) {
  const inputs = fields
    .filter(({ name }) => FIELDS[name])
    .map((field) => drawField(field, words, known[field.name]));
  const root = el(
    "form",
    { class: "prechat", novalidate: true, onsubmit: submit },
    el("h3", null, words.say("formTitle")),
    ...inputs.map((one) => one.node),
    el("button", { class: "primary", type: "submit" }, words.say("start")),
  );

  function submit(event) {
    event.preventDefault();
    const wrong = inputs.filter((one) => !one.check());
    if (wrong.length) return wrong[0].input.focus();
    const filled = inputs.map(({ input }) => [input.name, input.value.trim()]).filter(([, value]) => value);
    return onReady(Object.fromEntries(filled));
  }

  return { root, focus: () => inputs[0]?.input.focus({ preventScroll: true }) };
}

function drawField(field, words, value) {
  const { name, required } = field;
  const id = "field-" + name;
  const input = el("input", {
    id,
    name,
    type: FIELDS[name].type,
    autocomplete: name === "phone" ? "tel" : name,
    maxlength: "200",
    value,
    "aria-required": required && "true",
    "aria-describedby": id + "-error",
  });
  const error = el("span", { class: "error", id: id + "-error" });
  const note = !required && el("small", null, words.say("optional"));
  const node = el("div", { class: "field" }, el("label", { for: id }, words.say(name), note), input, error);

  function check() {
    const wrong = problem(field, input.value.trim());
    error.textContent = wrong && words.say(wrong);
    input.setAttribute("aria-invalid", Boolean(wrong));
    return !wrong;
  }

  input.addEventListener("input", () => error.textContent && check());
  return { node, input, check };
}
