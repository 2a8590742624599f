// Elements of the page: text, cards, tables. All texts of the record are inserted as text, never as
// markup.

import { isolated, tidy } from "../core/display.js";

/** @typedef {Node | string | null | undefined | false} Child */

/**
 * An element with attributes and children; texts become text.
 * @param {string} tag
 * @param {Record<string, string | null>} [attributes]
 * @param {...(Child | Child[])} children
 */
export function el(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null) made.setAttribute(name, tidy(value));
  }
  const there = children.flat(2).filter((child) => child || child === "");
  made.append(...there.map((child) => (typeof child === "string" ? tidy(child) : child)));
  return made;
}

/** Text of a person, with its own writing direction. @param {string} text */
export function foreign(text) {
  return el("bdi", {}, isolated(text));
}

/** @param {string} id @param {string} title @param {...Child} rest */
export function card(id, title, ...rest) {
  return el("section", { class: "card", "aria-labelledby": id }, el("h2", { id }, title), ...rest);
}

/**
 * @param {string} caption
 * @param {[string, string?][]} columns Heading and class.
 * @param {Child[][]} rows
 */
export function table(caption, columns, rows) {
  const heads = columns.map(([text, kind]) => el("th", { scope: "col", class: kind ?? null }, text));
  const body = rows.map((cells) =>
    el(
      "tr",
      {},
      cells.map((cell, i) =>
        i === 0
          ? el("th", { scope: "row" }, cell)
          : el("td", { class: columns[i][1] ?? null }, cell),
      ),
    ),
  );
  return el(
    "div",
    { class: "scroll", tabindex: "0", role: "group", "aria-label": caption },
    el(
      "table",
      {},
      el("caption", { class: "vh" }, caption),
      el("thead", {}, el("tr", {}, heads)),
      el("tbody", {}, body),
    ),
  );
}

/** SVG paths in a square of 40, by the verdict. */
const SIGNS = {
  valid: "M20 3 A17 17 0 1 1 19.9 3 M12 20.5 L18 26.5 L28.5 14.5",
  invalid: "M20 3 A17 17 0 1 1 19.9 3 M14 14 L26 26 M26 14 L14 26",
  unusable: "M20 3 A17 17 0 1 1 19.9 3 M20 12 L20 22 M20 27.5 L20 28",
};

/** @param {"valid" | "invalid" | "unusable"} verdict */
function sign(verdict) {
  const ns = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(ns, "svg");
  svg.setAttribute("class", "sign");
  svg.setAttribute("viewBox", "0 0 40 40");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(ns, "path");
  path.setAttribute("d", SIGNS[verdict]);
  svg.append(path);
  return svg;
}

/**
 * @param {"valid" | "invalid" | "unusable"} verdict
 * @param {string} title
 * @param {...Child} rest
 */
export function verdictCard(verdict, title, ...rest) {
  const heading = el("h2", { id: "verdict", tabindex: "-1" }, title);
  return el(
    "section",
    { class: `card verdict ${verdict}`, "aria-labelledby": "verdict" },
    sign(verdict),
    el("div", { class: "rest" }, heading, ...rest),
  );
}
