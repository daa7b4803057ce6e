// Copies the text of the element named by data-copies and says so on the button for a moment.
const THANKS_MS = 1600;

export default function copy(button) {
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copies).textContent);
    button.dataset.done = "yes";
    const { label } = button.dataset;
    button.setAttribute("aria-label", button.dataset.thanks);
    setTimeout(() => {
      delete button.dataset.done;
      button.setAttribute("aria-label", label);
    }, THANKS_MS);
  });
}
