// The API's description, drawn by Swagger UI from our own copy; nothing is asked of other hosts.
export default function apiDocs(area) {
  const { theme } = document.documentElement.dataset;
  const isDark = theme === "auto" ? window.matchMedia("(prefers-color-scheme: dark)").matches : theme === "dark";
  document.documentElement.classList.toggle("dark-mode", isDark);
  window.SwaggerUIBundle({
    url: area.dataset.url,
    domNode: area,
    deepLinking: true,
    docExpansion: "none",
    filter: true,
    validatorUrl: null,
  });
}
