// The list of conversations: keeps the chosen filter, marks the open one, asks for as many rows as are shown, counts
// unread ones in the title.
function countInTitle(list) {
  const unread = Number(list.querySelector("[data-unread-total]")?.dataset.unreadTotal ?? 0);
  const title = document.title.replace(/^\(\d+\) /, "");
  document.title = unread ? `(${unread}) ${title}` : title;
}

function mark(list, chosen) {
  for (const link of list.querySelectorAll("a[data-row]")) {
    if (link === chosen) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
}

export default function rows(list) {
  const [filter, selected, count] = document.querySelectorAll("#inbox-state input");

  // Before htmx asks: whichever request for the list comes last must ask for what was chosen last.
  list.addEventListener("click", ({ target }) => {
    filter.value = target.closest("a[data-filter]")?.dataset.filter ?? filter.value;
  }, true);

  list.addEventListener("click", ({ target, ctrlKey, metaKey }) => {
    const link = target.closest("a[data-row]");
    if (!link || ctrlKey || metaKey) return;
    mark(list, link);
    selected.value = link.dataset.row;
  });
  document.addEventListener("htmx:afterSwap", () => {
    mark(list, list.querySelector(`a[data-row="${CSS.escape(selected.value)}"]`));
    count.value = list.querySelectorAll("a[data-row]").length;
    const open = document.querySelector("#conversation[data-title]");
    if (open) document.title = `${open.dataset.title} · Parley`;
    countInTitle(list);
  });
}
