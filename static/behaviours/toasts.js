// Toasts leave by themselves after a while, stay under the pointer, and tell of requests that failed.
const STAY_MS = 9000;

function settle(toast) {
  if (toast.dataset.settled) return;
  toast.dataset.settled = "yes";
  let timer;
  const leave = () => toast.remove();
  const wait = () => { timer = setTimeout(leave, STAY_MS); };
  toast.addEventListener("pointerenter", () => clearTimeout(timer));
  toast.addEventListener("pointerleave", wait);
  toast.addEventListener("focusin", () => clearTimeout(timer));
  toast.addEventListener("click", (event) => event.target.closest("[data-close]") && leave());
  toast.addEventListener("htmx:afterRequest", leave);
  wait();
}

export default function toasts(list) {
  const settleAll = () => list.querySelectorAll(".note").forEach(settle);

  function fail(text) {
    const toast = document.getElementById("toast-template").content.firstElementChild.cloneNode(true);
    toast.querySelector("p").textContent = text;
    list.replaceChildren(toast);
  }

  new MutationObserver(settleAll).observe(list, { childList: true });
  settleAll();
  document.addEventListener("htmx:sendError", () => fail(list.dataset.offline));
  document.addEventListener("htmx:responseError", ({ detail }) => {
    fail(list.dataset[`on${detail.xhr.status}`] ?? list.dataset.failed);
  });
}
