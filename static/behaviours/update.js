// The page of updates: how far an upload is, and patience while the hub itself is started anew.
export default function update(part) {
  const bar = part.querySelector("progress");
  part.addEventListener("htmx:xhr:progress", ({ detail }) => {
    bar.closest("[hidden]")?.removeAttribute("hidden");
    bar.value = detail.lengthComputable ? detail.loaded / detail.total : 0;
  });
  if (!part.dataset.away) return;
  for (const name of ["htmx:sendError", "htmx:responseError"]) {
    part.addEventListener(name, (event) => {
      event.stopPropagation();        // that nobody answers for a while is what was asked for
      part.querySelector("[data-part=step]").textContent = part.dataset.away;
    });
  }
}
