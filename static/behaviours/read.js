// Lines count as read when the conversation is really in front of somebody.
export default function read(conversation) {
  const form = conversation.querySelector("form[data-read]");
  let told = -1;

  function tell() {
    const lines = [...conversation.querySelectorAll(".message-customer")];
    const last = Math.max(0, ...lines.map((line) => Number(line.dataset.change)));
    const isSeen = document.visibilityState === "visible" && conversation.offsetParent !== null;
    if (!conversation.isConnected || !isSeen || last <= told) return;
    told = last;
    window.htmx.trigger(form, "seen");
  }

  document.addEventListener("visibilitychange", tell);
  document.addEventListener("htmx:afterSwap", tell);
  tell();
}
