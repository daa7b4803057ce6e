// Links to parts of the page become tabs: one part is shown, arrows move. Without this file all parts are shown.
export default function tabs(list) {
  const links = [...list.querySelectorAll('a[href^="#"]')];
  const panel = (link) => document.getElementById(link.hash.slice(1));

  let current;

  function choose(chosen) {
    current = chosen;
    for (const link of links) {
      link.setAttribute("aria-selected", String(link === chosen));
      link.tabIndex = link === chosen ? 0 : -1;
      panel(link).hidden = link !== chosen;
    }
  }

  list.role = "tablist";
  for (const link of links) {
    link.role = "tab";
    link.setAttribute("aria-controls", link.hash.slice(1));
    panel(link).role = "tabpanel";
    link.addEventListener("click", (event) => {
      event.preventDefault();
      choose(link);
    });
  }
  list.addEventListener("keydown", ({ key }) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[key];
    if (!step) return;
    const next = links.at((links.indexOf(document.activeElement) + step) % links.length);
    choose(next);
    next.focus();
  });
  // What was asked for from elsewhere ("why?") brings its tab to the front; a merged page part forgets the choice.
  document.addEventListener("htmx:afterSwap", ({ target }) => {
    if (list.isConnected) choose(links.find((each) => panel(each) === target) ?? current);
  });
  choose(links.find((link) => link.hasAttribute("aria-current")) ?? links[0]);
}
