// "Checked in your browser" on the day page: has a Worker check the record of the displayed weeks
// (check_worker.js), compares the page with it, and checks each thumbnail as it appears.
//
// The browser pins the log's key on first use, and reports another key that the log did not announce. It
// keeps the newest checkpoint of each log, and reports a log that does not continue it.

import { severityOf } from "./core/findings.js";
import { WEEK, weekOf } from "./core/slots.js";
import { sentence, useLanguage } from "./page/sentences.js";
import { askWorker } from "./worker_calls.js";
import { shownDifferences } from "./shown.js";

const PINS = "workdiary-log-keys";
const CHECKPOINTS = "workdiary-log-checkpoints";
const DAY = 86_400;
/** Findings about the log: a checkpoint with one of them is not kept. */
const LOG_CODES = new Set(["E_CP_SIG", "E_QUORUM", "E_SPLIT_VIEW", "E_CONSISTENCY", "E_POLICY"]);

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

/** @param {string} name @param {any} fallback */
function remembered(name, fallback) {
  try {
    return JSON.parse(localStorage.getItem(name) ?? "null") ?? fallback;
  } catch {
    return fallback;
  }
}

/** @param {string} name @param {any} value */
function remember(name, value) {
  try {
    localStorage.setItem(name, JSON.stringify(value));
  } catch {
    // Without storage the next visit has nothing to compare with.
  }
}

/** @returns {string[]} */
function pinned() {
  const keys = remembered(PINS, []);
  return Array.isArray(keys) ? keys.filter((key) => typeof key === "string") : [];
}

/** The size in a checkpoint's second line. @param {string | undefined} note */
const sizeOf = (note) => Number(note?.split("\n")[1] ?? 0);

/** Keeps the newest checkpoints of checks without a finding about the log. @param {any[]} results */
function keepCheckpoints(results) {
  const known = remembered(CHECKPOINTS, {});
  for (const { report, checkpoints } of results) {
    if (report.findings.some(({ code }) => LOG_CODES.has(code))) continue;
    for (const [origin, note] of Object.entries(checkpoints)) {
      if (sizeOf(note) > sizeOf(known[origin])) known[origin] = note;
    }
  }
  remember(CHECKPOINTS, known);
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
  const when = own.querySelector("[data-when]");
  const show = (/** @type {string} */ state, /** @type {string} */ text, /** @type {Node[]} */ items = []) => {
    for (const name of ["run", "wait", "bad"]) own.classList.toggle(name, state === name);
    const shown = state === "run" ? "wait" : state;
    for (const icon of own.querySelectorAll("[data-icon]")) {
      icon.hidden = icon.dataset.icon !== shown;
    }
    if (summary.textContent !== text) summary.textContent = text;
    own.ariaBusy = String(state === "run");
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
      // Names of attributes are in lower case.
      return [document.createElement("br"), `${texts[code.toLowerCase()] ?? sentence(code)} `, named];
    });
  const link = (/** @type {HTMLAnchorElement} */ element) => {
    const made = document.createElement("a");
    made.href = element.href;
    made.textContent = element.querySelector(".clock")?.textContent || element.getAttribute("aria-label") || element.id;
    return made;
  };
  return { texts, show, line, codes, link, when };
}

/** The time of the oldest result. @param {ReturnType<typeof panel>} shown @param {any[]} results */
function showAge({ texts, when }, results) {
  const at = new Date(Math.min(...results.map((each) => each.at)));
  const clock = new Intl.DateTimeFormat(document.documentElement.lang, { timeStyle: "short", hourCycle: "h23" });
  const time = clock.format(at);
  const reused = results.some((each) => each.stored);
  when.textContent = (reused ? texts.reused : texts.fresh).replace("{time}", time);
}

/**
 * @param {ReturnType<typeof panel>} shown
 * @param {any[]} results
 * @param {boolean} changed Whether the log's key has changed.
 * @param {Map<number | null, Set<string>>} differences Between page and record, by slot; null: totals.
 */
function showResult(shown, results, changed, differences) {
  const { texts, show, line, codes, link } = shown;
  const { good, bad, general } = judge(results.map(({ report }) => report));
  for (const [slot, found] of differences) {
    const all = slot === null ? general : (bad.get(slot) ?? new Set());
    for (const code of found) all.add(code);
    if (slot === null) continue;
    bad.set(slot, all);
    good.delete(slot);
  }
  const all = slotLinks();
  // The page of a week does not list each slot: those of the record count. That of a slot is about one.
  const listed = texts.slot ? [Number(texts.slot)] : texts.week ? [...good, ...bad.keys()] : [...all.keys()];
  const passed = listed.filter((slot) => good.has(slot));
  const items = [];
  if (changed) items.push(line(texts.key));
  if (general.size) items.push(line(texts.general, ...codes(general)));
  if (texts.slot) all.clear();
  if (texts.slot && bad.has(listed[0])) items.push(line(...codes(bad.get(listed[0]))));
  if (texts.slot && !bad.has(listed[0]) && !good.has(listed[0])) items.push(line(texts.missing));
  for (const [slot, element] of all) {
    if (bad.has(slot)) items.push(line(link(element), ` ${texts.wrong}`, ...codes(bad.get(slot))));
    else if (!good.has(slot)) items.push(line(link(element), ` ${texts.missing}`));
  }
  if (texts.week && !texts.slot && bad.size) items.push(line(texts.general, ...codes(new Set([...bad.values()].flatMap((c) => [...c])))));
  const wrong = changed || general.size || listed.some((slot) => bad.has(slot));
  const state = wrong ? "bad" : passed.length < listed.length ? "wait" : "ok";
  const text = texts.done.replace("{n}", String(passed.length)).replace("{m}", String(listed.length));
  show(state, changed ? texts.keyshort : text, items);
  showAge(shown, results);
}

/** Resolves when pages.js has updated the page. @returns {Promise<void>} */
const refreshed = () =>
  new Promise((done) => document.dispatchEvent(new CustomEvent("workdiary-update", { detail: done })));

/** The sentences of the finding codes in the language of the page. @param {string} address */
async function loadSentences(address) {
  const response = await fetch(address);
  if (response.ok) useLanguage(document.documentElement.lang, await response.json());
}

/** Whether a finding reports another key of the log. @param {{code: string}} finding */
function isAboutKey({ code }) {
  return code === "E_POLICY" || code === "E_CP_SIG";
}

/** @param {HTMLElement} own */
function checker(own) {
  const shown = panel(own);
  const { texts, show } = shown;
  const ask = askWorker(texts.worker);
  /** The signed digests of pictures and thumbnails, by the path of their address. @type {Map<string, string>} */
  const signed = new Map();
  /** Pictures that differ from the signed ones, by slot. @type {Map<number, Set<string>>} */
  const wrongPictures = new Map();
  /** @type {any[]} */
  let results = [];
  let changed = false;
  let sentences = false;

  const links = () => (texts.slot ? new Map() : slotLinks());
  const differences = () => shownDifferences(results.map(({ report }) => report), links());
  const present = (/** @type {Map<any, Set<string>>} */ found) =>
    showResult(shown, results, changed, new Map([...found, ...wrongPictures]));

  const checkPicture = async (/** @type {HTMLImageElement} */ image) => {
    const expected = signed.get(new URL(image.src).pathname);
    if (expected === undefined || image.dataset.checked) return;
    image.dataset.checked = "running";
    try {
      const right = (await ask({ picture: image.src, shown: true })).sha === expected;
      image.dataset.checked = right ? "yes" : "no";
      if (right) return;
      const slot = Number(texts.slot ?? image.closest("a.slot").id.slice(1));
      wrongPictures.set(slot, new Set(["E_SHOT_HASH"]));
      present(differences());
    } catch {
      // Not loaded: nothing was shown, and nothing was judged.
      delete image.dataset.checked;
    }
  };
  const visible = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      if (!isIntersecting) continue;
      visible.unobserve(target);
      if (target.complete) void checkPicture(target);
      else target.addEventListener("load", () => void checkPicture(target), { once: true });
    }
  });

  // The player shows only bytes that were compared.
  document.addEventListener("workdiary-picture", async (event) => {
    const { address, done } = event.detail;
    const expected = signed.get(address);
    if (expected === undefined) return;
    event.detail.taken = true;
    try {
      const { sha, bytes, type } = await ask({ picture: address });
      done({ url: URL.createObjectURL(new Blob([bytes], { type })), right: sha === expected });
    } catch {
      done({ url: address, right: null });
    }
  });

  const weeks = () => {
    const wanted = texts.week
      ? [texts.week]
      : [...new Set([...slotLinks().keys()].map(weekOf))].map(isoWeek);
    const common = { database: texts.database, account: texts.account, ctr: texts.ctr };
    const keys = pinned();
    const seen = remembered(CHECKPOINTS, {});
    return Promise.all(
      wanted.map((week) =>
        ask({ week: { ...common, keys, seen, address: `${texts.bundles}/${week}` } }),
      ),
    );
  };

  return async () => {
    if (!texts.week && !slotLinks().size) {
      own.hidden = true;
      return;
    }
    if (!results.length) show("run", texts.running);
    try {
      const known = pinned();
      if (texts.sentences && !sentences) await loadSentences(texts.sentences);
      sentences = true;
      results = await weeks();
      if (differences().size) {
        // A segment may have arrived between the page and the record.
        await refreshed();
        results = await weeks();
      }
      const [first] = results;
      if (!known.length && first.report.result === "valid") remember(PINS, first.report.keys);
      changed = known.length > 0 && results.some(({ report }) => report.findings.some(isAboutKey));
      keepCheckpoints(results);
      for (const { report } of results) {
        for (const { hash, shots } of report.segments) {
          for (const [number, , full, thumb] of shots) {
            signed.set(`/pictures/${hash}/${number}`, full);
            signed.set(`/thumbs/${hash}/${number}`, thumb);
          }
        }
      }
      present(differences());
      for (const image of document.querySelectorAll("a.slot img, .stage img")) visible.observe(image);
    } catch (error) {
      // No network, or a browser without a needed feature: the record itself was not judged.
      console.info("not checked in this browser:", error);
      show("wait", texts.failed);
    }
  };
}

/** @param {HTMLElement} own */
async function watch(own) {
  const run = checker(own);
  let seen = null;
  let running = false;
  const check = async () => {
    const shown = document.querySelector("#totals")?.textContent ?? "";
    const now = [...slotLinks().keys()].join(" ") + shown;
    if (running || now === seen) return;
    running = true;
    seen = now;
    await run();
    running = false;
    await check();
  };
  new MutationObserver(check).observe(document.querySelector("#main"), { childList: true, subtree: true });
  await check();
}

const own = document.querySelector("#own");
// Browsers offer WebCrypto on secure pages only.
const able = globalThis.crypto?.subtle && typeof DecompressionStream === "function" && typeof Worker === "function";
if (own && able) void watch(own);
