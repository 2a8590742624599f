// Credit: the one function that says which seconds are payable, and the words of a cell's level.
// Seconds are summed; money is computed once per contract, week and rate. Nothing else rounds.

import { compareText } from "./errors.js";
import { comparePlaces } from "./place.js";
import { LAWFULLY_ABSENT } from "./segment.js";
import { hasInput, isMeasured } from "./shot.js";
import { weekOf } from "./times.js";

/**
 * One segment. Times in Unix s. `order` is its place in the log, an index or a
 * place (null: not logged yet, after all logged ones in the order given).
 * @typedef {object} Entry
 * @property {string} hash
 * @property {number | number[] | null} order
 * @property {string} kind
 * @property {number} t0
 * @property {number} t1
 * @property {boolean} pays
 * @property {boolean} givenBack
 * @property {number | null} limitS Of its own terms.
 * @property {string} sub
 * @property {string} client Of its own terms.
 * @property {string} ctr
 */

/**
 * What became of a segment's seconds; these add up to its length.
 * @typedef {object} Credit
 * @property {number} payable
 * @property {number} unpaid
 * @property {number} given_back
 * @property {number} overlap
 * @property {number} over_limit
 */

/** Times that run backwards have no seconds, and are never paid. @param {Entry} entry */
const secondsOf = (entry) => Math.max(0, entry.t1 - entry.t0);

/** @param {Partial<Credit>} parts @returns {Credit} */
const share = (parts) => ({
  payable: 0,
  unpaid: 0,
  given_back: 0,
  overlap: 0,
  over_limit: 0,
  ...parts,
});

/** @param {number | number[] | null} a @param {number | number[] | null} b */
function inLogOrder(a, b) {
  return Number(a === null) - Number(b === null) || comparePlaces(a ?? 0, b ?? 0);
}

/**
 * The credit of each segment, by hash. Pass whole weeks, since the limit is weekly. In log order, each
 * contributes the seconds that no earlier one of the same freelancer and client covers, whatever their
 * contracts; then, by t0, the running total of each contract and week is cut at the limit.
 * @param {Entry[]} entries
 * @returns {Map<string, Credit>}
 */
export function credit(entries) {
  const result = new Map();
  const fresh = new Map();
  const covered = new Map();
  for (const entry of [...entries].sort((a, b) => inLogOrder(a.order, b.order))) {
    const seconds = secondsOf(entry);
    if (!entry.pays) result.set(entry.hash, share({ unpaid: seconds }));
    else if (entry.givenBack) result.set(entry.hash, share({ given_back: seconds }));
    else if (seconds === 0) result.set(entry.hash, share({}));
    else {
      const earlier = coveredBy(covered, `${entry.sub}/${entry.client}`);
      fresh.set(entry.hash, earlier.add(entry.t0, entry.t1));
    }
  }
  const running = new Map();
  const inTime = [...entries].sort(
    (a, b) => a.t0 - b.t0 || a.t1 - b.t1 || compareText(a.hash, b.hash),
  );
  for (const entry of inTime) {
    if (!fresh.has(entry.hash)) continue;
    const week = `${entry.ctr}/${weekOf(entry.t0)}`;
    const own = fresh.get(entry.hash);
    const used = running.get(week) ?? 0;
    const left = entry.limitS === null ? own : Math.max(0, entry.limitS - used);
    const payable = Math.min(own, left);
    running.set(week, used + payable);
    result.set(
      entry.hash,
      share({ payable, overlap: secondsOf(entry) - own, over_limit: own - payable }),
    );
  }
  return result;
}

/**
 * The hashes of segments that take part in the credit and share a second with an earlier one of the
 * same freelancer, in log order, that takes part and is for another client.
 * @param {Entry[]} entries
 * @returns {Set<string>}
 */
export function parallel(entries) {
  const found = new Set();
  /** @type {Map<string, Map<string, Covered>>} */
  const people = new Map();
  for (const entry of [...entries].sort((a, b) => inLogOrder(a.order, b.order))) {
    const { hash, sub, client, t0, t1 } = entry;
    if (!entry.pays || entry.givenBack || secondsOf(entry) === 0) continue;
    if (!people.has(sub)) people.set(sub, new Map());
    const clients = people.get(sub);
    for (const [other, covered] of clients) {
      if (other !== client && covered.meets(t0, t1)) found.add(hash);
    }
    coveredBy(clients, client).add(t0, t1);
  }
  return found;
}

/** @param {Map<string, Covered>} parts @param {string} key */
function coveredBy(parts, key) {
  if (!parts.has(key)) parts.set(key, new Covered());
  return parts.get(key);
}

/**
 * Sums over entries (a day, a week), with what `credit` said of them.
 * @param {Iterable<Entry>} entries
 * @param {Map<string, Credit>} shares
 */
export function totals(entries, shares) {
  const sums = { auto: 0n, kept: 0n, manual: 0n };
  const parts = { payable: 0n, unpaid: 0n, given_back: 0n, overlap: 0n, over_limit: 0n };
  for (const entry of entries) {
    sums[entry.kind] += BigInt(secondsOf(entry));
    for (const [name, seconds] of Object.entries(shares.get(entry.hash))) {
      parts[name] += BigInt(seconds);
    }
  }
  const { auto: tracked, kept, manual } = sums;
  return plain({ tracked, kept, manual, ...parts });
}

/** Numbers where they are exact: times that break every rule may add up to more. */
function plain(sums) {
  return Object.fromEntries(
    Object.entries(sums).map(([name, sum]) => {
      const number = Number(sum);
      return [name, Number.isSafeInteger(number) ? number : sum];
    }),
  );
}

/**
 * The amount for a contract's week at one rate, half-even to the currency's minor unit, as a decimal
 * text.
 * @param {number} payableS
 * @param {string} hourlyRate A decimal, such as 33.33.
 * @param {number} [minorDigits]
 */
export function money(payableS, hourlyRate, minorDigits = 2) {
  const [whole, fraction = ""] = hourlyRate.split(".");
  const unit = 10n ** BigInt(minorDigits);
  const product = BigInt(payableS) * BigInt(whole + fraction) * unit;
  const divisor = 3600n * 10n ** BigInt(fraction.length);
  let amount = product / divisor;
  const twice = 2n * (product % divisor);
  if (twice > divisor || (twice === divisor && amount % 2n === 1n)) amount += 1n;
  const digits = String(amount).padStart(minorDigits + 1, "0");
  if (!minorDigits) return digits;
  return `${digits.slice(0, -minorDigits)}.${digits.slice(-minorDigits)}`;
}

/**
 * A cell's activity: distinct active minutes out of those that were covered; `7`, `3/7` when partial,
 * empty when nothing was measured.
 * @param {(import("./shot.js").Row | null)[][]} minutes The rows of all its segments.
 */
export function level(minutes) {
  const columns = Array.from({ length: 10 }, (_, i) =>
    minutes.map((rows) => rows[i]).filter((row) => row !== null),
  );
  const active = columns.filter((rows) => rows.some(hasInput)).length;
  const covered = columns.filter((rows) => rows.length).length;
  if (!columns.some((rows) => rows.some(isMeasured))) return "";
  return covered === 10 ? String(active) : `${active}/${covered}`;
}

/**
 * The first reason why a segment's time is not protected; null if it is.
 * @param {{kind: string, memo: boolean, withinLimit: boolean, quality: string, shot: string, assurance: string}} facts
 */
export function whyUnprotected(facts) {
  if (facts.kind !== "auto") return "kind";
  if (!facts.memo) return "memo";
  if (!facts.withinLimit) return "limit";
  if (!["ok", "active-only"].includes(facts.quality)) return "input";
  if (facts.shot !== "ok" && !LAWFULLY_ABSENT.has(facts.shot)) return "picture";
  if (!["A", "B"].includes(facts.assurance)) return "assurance";
  return null;
}

/** A set of seconds, kept as sorted intervals that do not touch one another. */
class Covered {
  /** @type {[number, number][]} */
  #parts = [];

  /**
   * Cover [t0, t1), t0 < t1; returns how many of its seconds were not covered before.
   * @param {number} t0
   * @param {number} t1
   */
  add(t0, t1) {
    // Those that end at t0 or begin at t1 touch it, cover none of it, and become one with it.
    const touched = this.#parts.filter(([begin, end]) => end >= t0 && begin <= t1);
    const known = touched.reduce(
      (sum, [begin, end]) => sum + Math.min(end, t1) - Math.max(begin, t0),
      0,
    );
    const first = this.#parts.findIndex(([, end]) => end >= t0);
    this.#parts.splice(first < 0 ? this.#parts.length : first, touched.length, [
      Math.min(t0, ...touched.map(([begin]) => begin)),
      Math.max(t1, ...touched.map(([, end]) => end)),
    ]);
    return t1 - t0 - known;
  }

  /**
   * Whether a second of [t0, t1), t0 < t1, is covered.
   * @param {number} t0
   * @param {number} t1
   */
  meets(t0, t1) {
    return this.#parts.some(([begin, end]) => begin < t1 && end > t0);
  }
}
