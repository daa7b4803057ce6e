// Every request for lines says how far this page has come, so the answer is exactly what it missed.
export default function since(conversation) {
  const change = () => Math.max(
    Number(conversation.dataset.change),
    ...[...conversation.querySelectorAll("[data-change]")].map((part) => Number(part.dataset.change)),
  );
  conversation.addEventListener("htmx:configRequest", ({ detail }) => {
    if (detail.target?.id === "messages") detail.parameters.since = change();
  });
}
