// One pane at a time where there is no room for three: data-shows="list|conversation|side" says what a link leads to.
export default function panes(inbox) {
  inbox.addEventListener("click", (event) => {
    const link = event.target.closest("[data-shows]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const pane = link.dataset.shows;
    inbox.dataset.pane = pane === "side" && inbox.dataset.pane === "side" ? "conversation" : pane;
    if (link.hasAttribute("hx-get")) return;
    event.preventDefault();
    // Back to the list: it is still on the page, so only the address has to follow.
    if (pane === "list") window.history.replaceState(null, "", link.href);
  });
}
