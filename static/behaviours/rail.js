// Folds the rail to icons and back, and keeps the choice in a cookie so that the next page is drawn right at once.
const YEAR_S = 365 * 86400;

export default function rail(button) {
  const root = document.documentElement;
  button.addEventListener("click", () => {
    root.dataset.rail = root.dataset.rail === "narrow" ? "wide" : "narrow";
    button.setAttribute("aria-expanded", String(root.dataset.rail === "wide"));
    document.cookie = `rail=${root.dataset.rail}; path=/; max-age=${YEAR_S}; samesite=lax`;
  });
}

// On a tablet there is room for icons only; the stylesheet follows the attribute, so it is set here.
const tablet = window.matchMedia("(min-width: 768px) and (max-width: 1099px)");
const wanted = document.documentElement.dataset.rail;
function fit() {
  document.documentElement.dataset.rail = tablet.matches ? "narrow" : wanted;
}
tablet.addEventListener("change", fit);
fit();
