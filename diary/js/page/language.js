// The language of the page: the first one of the browser's that the page has, English otherwise.

import { CATALOGUES } from "./catalogues.js";
import { tr, useLanguage } from "./sentences.js";

/** The tag of the language to use. @param {readonly string[]} wanted the browser's, best first */
export function chosenLanguage(wanted) {
  for (const tag of wanted) {
    const [language] = tag.split("-");
    if (language === "en") break;
    for (const name of [tag, language]) if (Object.hasOwn(CATALOGUES, name)) return name;
  }
  return "en";
}

/** Translate the texts and formats of the page. @param {readonly string[]} wanted */
export function translatePage(wanted) {
  const tag = chosenLanguage(wanted);
  if (tag === "en") return;
  useLanguage(tag, CATALOGUES[tag]);
  document.documentElement.lang = tag;
  document.title = tr(document.title);
  for (const part of document.querySelectorAll("[data-tr]")) part.textContent = tr(part.textContent);
}
