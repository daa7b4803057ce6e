// A button with data-opens="id" opens that <dialog>; a click beside the sheet closes it.
export default function dialog(button) {
  const sheet = document.getElementById(button.dataset.opens);
  button.addEventListener("click", () => sheet.showModal());
  sheet.addEventListener("click", ({ target }) => target === sheet && sheet.close());
}
