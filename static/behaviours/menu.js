// A <details> menu closes as menus do: a click elsewhere, Escape, a choice made.
export default function menu(details) {
  const close = () => { details.open = false; };
  document.addEventListener("pointerdown", ({ target }) => details.contains(target) || close());
  details.addEventListener("focusout", ({ relatedTarget }) => {
    if (relatedTarget && !details.contains(relatedTarget)) close();
  });
  details.addEventListener("click", ({ target }) => target.closest(".menu-item") && close());
  details.addEventListener("keydown", ({ key }) => {
    if (key !== "Escape" || !details.open) return;
    close();
    details.querySelector("summary").focus();
  });
}
