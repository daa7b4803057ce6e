// What is being said right now: the AI's text as it grows, and who is typing. Both give way to the real line.
const TYPING_MS = 6000;

export default function stream(area) {
  const part = (name) => area.querySelector(`[data-part="${name}"]`);
  let turn = null;
  let timer;

  function delta({ turn: id, text, name, withdrawn }) {
    turn = withdrawn ? null : id;
    part("bubble").hidden = Boolean(withdrawn);
    if (name) part("name").textContent = name;
    part("text").textContent = text ?? "";
    part("typing").hidden = true;
  }

  function typing({ who, name, on }) {
    clearTimeout(timer);
    const wording = area.dataset[who === "ai" ? "ai" : "person"];
    part("who").textContent = wording.replace("%name%", name ?? area.dataset.customer);
    part("typing").hidden = !on || turn !== null;
    if (on) timer = setTimeout(() => { part("typing").hidden = true; }, TYPING_MS);
  }

  area.addEventListener("htmx:sseBeforeMessage", (event) => {
    event.preventDefault();
    const { type, data } = event.detail;
    (type.startsWith("delta-") ? delta : typing)(JSON.parse(data));
    area.dispatchEvent(new CustomEvent("stream", { bubbles: true }));
  });
  document.addEventListener("htmx:afterSwap", () => {
    const isSaid = turn && document.querySelector(`#messages [data-turn="${CSS.escape(turn)}"]`);
    if (isSaid) delta({ withdrawn: true });
  });
}
