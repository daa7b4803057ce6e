// Every request for lines says how far this page has come, so the response is exactly what it missed. Only the header says
// that: a line alone may be newer than others which are still on their way.
export default function since(conversation) {
  conversation.addEventListener("htmx:configRequest", ({ detail }) => {
    if (detail.target?.id !== "messages") return;
    detail.parameters.since = conversation.querySelector("#conversation-head").dataset.change;
  });
}
