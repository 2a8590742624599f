// "Checked in your browser" on the day page: downloads the record of the displayed weeks and checks
// it with the modules of the public verifier. The marketplace bundles them with this file into one
// script (diary/bundle/html_verifier.py).
//
// The browser pins the log's key on first use, and reports another key that the log did not announce.

import { Archive, canUnpack } from "./bundle/zip_reader.js";
import { verifyFiles } from "./bundle/check.js";
import { severityOf } from "./core/findings.js";
import { WEEK, weekOf } from "./core/slots.js";
import { sentence, useLanguage } from "./page/sentences.js";

const PINS = "workdiary-log-keys";
const DAY = 86_400;

/** `2026-W48`, the ISO 8601 week that begins at a Monday (Unix s, UTC). @param {number} monday */
function isoWeek(monday) {
  // A week belongs to the year of its Thursday.
  const thursday = monday + 3 * DAY;
  const year = new Date(thursday * 1000).getUTCFullYear();
  const number = Math.floor((thursday - Date.UTC(year, 0, 1) / 1000) / WEEK) + 1;
  return `${String(year).padStart(4, "0")}-W${String(number).padStart(2, "0")}`;
}

/** The links of the page's slots, by the slot's Unix time. */
function slotLinks() {
  const found = [...document.querySelectorAll("a.slot[id]")];
  return new Map(found.map((element) => [Number(element.id.slice(1)), element]));
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
    // Without storage the next visit has no key to compare with.
  }
}

/** @param {string} address @param {string[]} keys @param {string} ctr */
async function checkWeek(address, keys, ctr) {
  const response = await fetch(address, { cache: "no-store", redirect: "error" });
  if (!response.ok) throw new Error(String(response.status));
  const archive = await Archive.open(await response.blob());
  return verifyFiles(archive, { keys, ctr });
}

/** The slots that passed, those that failed, and the other errors. @param {any[]} reports */
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
  const texts = own.dataset;
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
  const link = (/** @type {HTMLAnchorElement} */ element) => {
    const made = document.createElement("a");
    made.href = element.href;
    made.textContent = element.querySelector(".clock")?.textContent || element.getAttribute("aria-label") || element.id;
    return made;
  };
  return { texts, show, line, codes, link };
}

/** @param {ReturnType<typeof panel>} shown @param {any[]} reports @param {boolean} changed */
function showResult({ texts, show, line, codes, link }, reports, changed) {
  const { good, bad, general } = judge(reports);
  const all = slotLinks();
  const passed = [...all.keys()].filter((slot) => good.has(slot));
  const items = [];
  if (changed) items.push(line(texts.key));
  if (general.size) items.push(line(texts.general, ...codes(general)));
  for (const [slot, element] of all) {
    if (bad.has(slot)) items.push(line(link(element), ` ${texts.wrong}`, ...codes(bad.get(slot))));
    else if (!good.has(slot)) items.push(line(link(element), ` ${texts.missing}`));
  }
  const wrong = changed || general.size || [...all.keys()].some((slot) => bad.has(slot));
  const state = wrong ? "bad" : passed.length < all.size ? "wait" : "ok";
  const text = texts.done.replace("{n}", String(passed.length)).replace("{m}", String(all.size));
  show(state, changed ? texts.keyshort : text, items);
}

/** The sentences of the finding codes in the language of the page. @param {string} address */
async function loadSentences(address) {
  const response = await fetch(address);
  if (response.ok) useLanguage(document.documentElement.lang, await response.json());
}

/** @param {HTMLElement} own */
async function run(own) {
  const shown = panel(own);
  const { texts, show } = shown;
  const weeks = new Set([...slotLinks().keys()].map(weekOf));
  if (!weeks.size) {
    own.hidden = true;
    return;
  }
  show("wait", texts.running);
  try {
    const known = pinned();
    const reports = [];
    if (texts.sentences) await loadSentences(texts.sentences);
    for (const week of weeks) {
      const address = `${texts.bundles}/${isoWeek(week)}?pictures=0`;
      reports.push(await checkWeek(address, known, texts.ctr));
    }
    if (!known.length && reports[0].result === "valid") pin(reports[0].keys);
    const changed = known.length > 0 && reports.some(({ findings }) => findings.some(isAboutKey));
    showResult(shown, reports, changed);
  } catch (error) {
    // No network, or a browser without a needed feature: the record itself was not judged.
    console.info("not checked in this browser:", error);
    show("wait", texts.failed);
  }
}

/** Whether a finding reports another key of the log. @param {{code: string}} finding */
function isAboutKey({ code }) {
  return code === "E_POLICY" || code === "E_CP_SIG";
}

/** @param {HTMLElement} own */
async function watch(own) {
  let seen = "";
  let running = false;
  const check = async () => {
    const now = [...slotLinks().keys()].join(" ");
    if (running || now === seen) return;
    running = true;
    seen = now;
    await run(own);
    running = false;
    await check();
  };
  new MutationObserver(check).observe(document.querySelector("#main"), { childList: true, subtree: true });
  await check();
}

const own = document.querySelector("#own");
// Browsers offer WebCrypto on secure pages only.
if (own && globalThis.crypto?.subtle && canUnpack()) void watch(own);
