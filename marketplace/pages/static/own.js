// "Checked in your browser" on the day page: fetches the record of the weeks that the page shows and
// checks it here, by the same modules that anybody can run elsewhere. The marketplace puts them and
// this file into one script when it serves it (diary/bundle/html_verifier.py).
//
// The log's key is remembered as it was first seen; another one that the log did not announce is told.

import { Archive, canUnpack } from "./bundle/zip_reader.js";
import { verifyFiles } from "./bundle/check.js";
import { severityOf } from "./core/findings.js";
import { WEEK, weekOf } from "./core/slots.js";
import { sentence } from "./page/sentences.js";

const PINS = "workdiary-log-keys";
const DAY = 86_400;

/** `2026-W48`, the ISO 8601 week that begins at a Monday (Unix s, UTC). @param {number} monday */
function isoWeek(monday) {
  // The year of a week is that of its Thursday.
  const thursday = monday + 3 * DAY;
  const year = new Date(thursday * 1000).getUTCFullYear();
  const number = Math.floor((thursday - Date.UTC(year, 0, 1) / 1000) / WEEK) + 1;
  return `${String(year).padStart(4, "0")}-W${String(number).padStart(2, "0")}`;
}

/** The cells of the page, by slot. */
function cells() {
  const found = [...document.querySelectorAll("a.cell[id]")];
  return new Map(found.map((cell) => [Number(cell.id.slice(1)), cell]));
}

/** @returns {string[]} */
function pinned() {
  try {
    const keys = JSON.parse(localStorage.getItem(PINS) ?? "[]");
    return Array.isArray(keys) ? keys.filter((key) => typeof key === "string") : [];
  } catch {
    return [];
  }
}

/** @param {string[]} keys */
function pin(keys) {
  try {
    localStorage.setItem(PINS, JSON.stringify(keys));
  } catch {
    // Without storage there is nothing to compare with next time.
  }
}

/** @param {string} address @param {string[]} keys @param {string} ctr */
async function checkWeek(address, keys, ctr) {
  const answer = await fetch(address, { cache: "no-store", redirect: "error" });
  if (!answer.ok) throw new Error(String(answer.status));
  const archive = await Archive.open(await answer.blob());
  return verifyFiles(archive, { keys, ctr });
}

/** Which cells passed and which did not, and what is wrong beside them. @param {any[]} reports */
function judge(reports) {
  const good = new Set();
  const bad = new Map();
  const general = new Set();
  for (const { segments, findings } of reports) {
    const slots = new Map(segments.map(({ hash, slot }) => [hash, slot]));
    for (const { slot } of segments) good.add(slot);
    for (const { kind, subject, code } of findings) {
      if (severityOf(code) !== "error") continue;
      const slot = kind === "segment" || kind === "disclosure" ? slots.get(subject.split("/")[0]) : undefined;
      if (slot === undefined) general.add(code);
      else bad.set(slot, (bad.get(slot) ?? new Set()).add(code));
    }
  }
  for (const slot of bad.keys()) good.delete(slot);
  return { good, bad, general };
}

/** @param {HTMLElement} own */
function panel(own) {
  const words = own.dataset;
  const summary = own.querySelector("summary > span:last-child");
  const list = own.querySelector("[data-list]");
  const show = (/** @type {string} */ state, /** @type {string} */ text, /** @type {Node[]} */ items = []) => {
    own.classList.toggle("wait", state === "wait");
    own.classList.toggle("bad", state === "bad");
    for (const icon of own.querySelectorAll("[data-icon]")) {
      icon.hidden = icon.dataset.icon !== state;
    }
    summary.textContent = text;
    list.replaceChildren(...items);
    own.hidden = false;
  };
  const line = (/** @type {(Node | string)[]} */ ...parts) => {
    const item = document.createElement("li");
    const text = document.createElement("span");
    text.append(...parts);
    item.append(text);
    return item;
  };
  const codes = (/** @type {Iterable<string>} */ all) =>
    [...all].flatMap((code) => {
      const named = document.createElement("code");
      named.textContent = code;
      return [document.createElement("br"), `${sentence(code)} `, named];
    });
  const link = (/** @type {HTMLAnchorElement} */ cell) => {
    const made = document.createElement("a");
    made.href = cell.href;
    made.textContent = cell.querySelector(".clock")?.textContent || cell.getAttribute("aria-label") || cell.id;
    return made;
  };
  return { words, show, line, codes, link };
}

/** @param {ReturnType<typeof panel>} shown @param {any[]} reports @param {boolean} changed */
function tell({ words, show, line, codes, link }, reports, changed) {
  const { good, bad, general } = judge(reports);
  const all = cells();
  const passed = [...all.keys()].filter((slot) => good.has(slot));
  const items = [];
  if (changed) items.push(line(words.key));
  if (general.size) items.push(line(words.general, ...codes(general)));
  for (const [slot, cell] of all) {
    if (bad.has(slot)) items.push(line(link(cell), ` ${words.wrong}`, ...codes(bad.get(slot))));
    else if (!good.has(slot)) items.push(line(link(cell), ` ${words.missing}`));
  }
  const wrong = changed || general.size || [...all.keys()].some((slot) => bad.has(slot));
  const state = wrong ? "bad" : passed.length < all.size ? "wait" : "ok";
  const text = words.done.replace("{n}", String(passed.length)).replace("{m}", String(all.size));
  show(state, changed ? words.keyshort : text, items);
}

/** @param {HTMLElement} own */
async function run(own) {
  const shown = panel(own);
  const { words, show } = shown;
  const weeks = new Set([...cells().keys()].map(weekOf));
  if (!weeks.size) {
    own.hidden = true;
    return;
  }
  show("wait", words.running);
  try {
    const known = pinned();
    const reports = [];
    for (const week of weeks) {
      const address = `${words.bundles}/${isoWeek(week)}?pictures=0`;
      reports.push(await checkWeek(address, known, words.ctr));
    }
    if (!known.length && reports[0].result === "valid") pin(reports[0].keys);
    const changed = known.length > 0 && reports.some(({ findings }) => findings.some(isAboutKey));
    tell(shown, reports, changed);
  } catch (error) {
    // Without a network, or in a browser that knows too little: that is no statement about the record.
    console.info("not checked in this browser:", error);
    show("wait", words.failed);
  }
}

/** Whether a finding says that the log's key is another one. @param {{code: string}} finding */
function isAboutKey({ code }) {
  return code === "E_POLICY" || code === "E_CP_SIG";
}

/** @param {HTMLElement} own */
async function watch(own) {
  let seen = "";
  let running = false;
  const look = async () => {
    const now = [...cells().keys()].join(" ");
    if (running || now === seen) return;
    running = true;
    seen = now;
    await run(own);
    running = false;
    await look();
  };
  new MutationObserver(look).observe(document.querySelector("#main"), { childList: true, subtree: true });
  await look();
}

const own = document.querySelector("#own");
// Browsers keep signatures for secure pages.
if (own && globalThis.crypto?.subtle && canUnpack()) void watch(own);
