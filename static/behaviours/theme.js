// The theme changes at once; the form that this sits on tells the server to remember it.
export default function theme(form) {
  form.addEventListener("click", ({ target }) => {
    const button = target.closest("button[name=theme]");
    if (!button) return;
    document.documentElement.dataset.theme = button.value;
    for (const other of document.querySelectorAll("button[name=theme]")) {
      other.setAttribute("aria-pressed", String(other.value === button.value));
    }
  });
}
