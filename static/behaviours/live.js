// Says whether this page receives the hub's events: the list and the lines are then up to date by themselves.
export default function live(mark) {
  function show(state) {
    mark.dataset.state = state;
    mark.textContent = mark.dataset[state];
  }
  document.addEventListener("htmx:sseOpen", () => show("open"));
  document.addEventListener("htmx:sseError", () => show("lost"));
  document.addEventListener("htmx:sseClose", () => show("lost"));
}
