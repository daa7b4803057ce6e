// The API's description, drawn by Swagger UI from our own copy; nothing is asked of other hosts.

// What Swagger UI draws against the rules of ARIA, and what it becomes: [selector, attribute, value; null removes it].
const FIXES = [
  [":is(.opblock-tag, .models > h4)", "aria-level", "2"],
  [":is(.opblock-title, .opblock-section-header h4, .responses-inner h4, .responses-inner h5)", "aria-level", "3"],
  [":is(.information-container, .scheme-container, .filter)", "role", "region"],
  [".information-container", "aria-label", "About"],
  [".scheme-container", "aria-label", "Authorize"],
  [".filter", "aria-label", "Filter"],
  [".opblock-summary-control a", "href", null],           // a button holds no link
  ["pre, .microlight", "tabindex", "0"],                  // what scrolls is reached by keyboard
];

function fix(area) {
  for (const [selector, name, value] of FIXES) {
    for (const element of area.querySelectorAll(selector)) {
      if (value === null) element.removeAttribute(name);
      else if (element.getAttribute(name) !== value) element.setAttribute(name, value);
    }
  }
  const seen = new Set();
  for (const element of area.querySelectorAll("[id]")) {
    if (seen.has(element.id)) element.removeAttribute("id");
    else seen.add(element.id);
  }
}

export default function apiDocs(area) {
  const { theme } = document.documentElement.dataset;
  const isDark = theme === "auto" ? window.matchMedia("(prefers-color-scheme: dark)").matches : theme === "dark";
  document.documentElement.classList.toggle("dark-mode", isDark);
  new MutationObserver(() => fix(area)).observe(area, { childList: true, subtree: true });
  window.SwaggerUIBundle({
    url: area.dataset.url,
    domNode: area,
    deepLinking: true,
    docExpansion: "none",
    filter: true,
    validatorUrl: null,
  });
}
