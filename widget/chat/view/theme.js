// Light and dark, and the brand made readable on both.
import { READABLE, brandOn, ensure, mix } from "../../shared/color.js";
import { sheet } from "../../shared/dom.js";

// As in base.css: the panel, a bubble on it, and how much brand a tint has.
const SURFACES = { light: ["#ffffff", "#f2f4f7", 0.1], dark: ["#16181d", "#23262e", 0.22] };

/** The brand's tokens for one theme: fill and ink for what is painted, link for what is written, on a tint
 * or not. */
export function tokens(name, brand) {
  const [panel, soft, share] = SURFACES[name];
  const { fill, ink } = brandOn(panel, brand);
  const tint = mix(panel, fill, share);
  return { fill, ink, tint, link: ensure(ensure(fill, soft, READABLE), tint, READABLE) };
}

const rule = (name, { fill, ink, link, tint }) =>
  `:host([data-theme="${name}"]){--fill:${fill};--ink:${ink};--link:${link};--tint:${tint}}`;

/** Adds the two sets of tokens and keeps `data-theme` on the host in step with the choice and the system. */
export function applyTheme({ host, root, config, theme }) {
  const made = Object.keys(SURFACES).map((name) => rule(name, tokens(name, config.color)));
  root.adoptedStyleSheets.push(sheet(made.join("")));
  const chosen = theme || config.theme || "auto";
  const system = matchMedia("(prefers-color-scheme: dark)");
  const set = () =>
    host.setAttribute("data-theme", chosen === "auto" ? (system.matches ? "dark" : "light") : chosen);
  system.addEventListener("change", set);
  set();
}
