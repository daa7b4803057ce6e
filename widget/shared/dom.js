// Two ways to make an element; text only ever becomes a text node, so nothing a person wrote can become
// markup.

const SVG = "http://www.w3.org/2000/svg";

/** props: `on…` are listeners, false/null/undefined are left out, the rest are attributes. Children:
 * nodes, text, or nothing. */
export function el(tag, props, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props || {})) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value || value === "") node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.filter(Boolean));
  return node;
}

/** A 24x24 line icon from path data; decorative, so hidden from screen readers. */
export function icon(paths, className = "icon") {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", className);
  svg.setAttribute("aria-hidden", "true");
  for (const d of paths) svg.appendChild(document.createElementNS(SVG, "path")).setAttribute("d", d);
  return svg;
}

/** A style sheet of our own; unlike <style>, it is allowed under a strict Content-Security-Policy. */
export function sheet(css) {
  const made = new CSSStyleSheet();
  made.replaceSync(css);
  return made;
}
