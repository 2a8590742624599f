// The slots beside the one on the page, from the day's page; a click opens them.

import { offerComparison } from "./viewer.js";

const BESIDE = 6;

/** The day's slots as the day page shows them. @param {string} address @returns {Promise<HTMLAnchorElement[]>} */
async function slotsOfDay(address) {
  const response = await fetch(address, { headers: { accept: "text/html" }, redirect: "error" });
  if (!response.ok) return [];
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  return [...page.querySelectorAll("a.slot[id]")];
}

/** @param {HTMLAnchorElement} slot @param {boolean} isHere */
function frame(slot, isHere) {
  const item = document.createElement("li");
  const link = document.importNode(slot, true);
  link.classList.add("frame");
  link.removeAttribute("data-exception");
  // The marks are on the day's page; the strip has their place only for pictures.
  for (const mark of link.querySelectorAll(".mark")) mark.remove();
  if (isHere) link.ariaCurrent = "true";
  item.append(link);
  return item;
}

/**
 * Fills the strip, and offers to compare the first picture with the one before.
 * @param {HTMLElement} strip
 * @param {any[]} viewers
 */
export async function showFilmstrip(strip, viewers) {
  const slots = await slotsOfDay(strip.dataset.day);
  const here = slots.findIndex(({ id }) => id === strip.dataset.slot);
  if (here < 0) return;
  const begin = Math.max(0, Math.min(here - 2, slots.length - BESIDE));
  const list = strip.querySelector("ul");
  list.replaceChildren(
    ...slots.slice(begin, begin + BESIDE).map((slot, n) => frame(slot, begin + n === here)),
  );
  strip.hidden = slots.length < 2;
  const before = slots.slice(0, here).reverse().find((slot) => slot.querySelector("img"));
  const picture = before?.querySelector("img").getAttribute("src").replace("/thumbs/", "/pictures/");
  if (picture && viewers.length) {
    offerComparison(viewers[0], picture, before.querySelector(".clock").textContent);
  }
}
