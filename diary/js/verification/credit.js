// Credit: the one function that says which seconds are payable, and the words of a cell's level.
// Seconds are summed; money is computed once per contract, week and rate. Nothing else rounds.

import { compareText } from "../core/findings.js";
import { comparePositions } from "../log/position.js";
import { hasInput, isMeasured } from "../objects/picture.js";
import { weekOf } from "../core/slots.js";

/**
 * One segment. Times in Unix s. `order` is its place in the log, an index or a
 * place (null: not logged yet, after all logged ones in the order given).
 * @typedef {object} CreditEntry
 * @property {string} hash
 * @property {number | number[] | null} order
 * @property {string} kind
 * @property {number} t0
 * @property {number} t1
 * @property {boolean} pays
 * @property {boolean} givenBack
 * @property {number | number[] | null} givenBackAt The place of the first `time` tombstone (null: not
 *   logged yet, after every segment).
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

/** Times that run backwards have no seconds, and are never paid. @param {CreditEntry} entry */
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

/**
 * What is logged, then segments that are not, then tombstones that are not: compared as places are.
 * @typedef {number[]} LogTime
 */
const LAST = [2];

/** @param {CreditEntry} entry @returns {LogTime} */
const logTimeOf = ({ order }) => (order === null ? [1] : [0, order].flat());

/** The first moment for whose segments it does not cover its seconds any more. @param {CreditEntry} entry */
function coversUntil({ givenBack, givenBackAt }) {
  return givenBack && givenBackAt !== null ? [0, givenBackAt].flat() : LAST;
}

/** @param {CreditEntry[]} entries @returns {{entry: CreditEntry, at: LogTime}[]} */
function inLogOrder(entries) {
  const listed = entries.map((entry) => ({ entry, at: logTimeOf(entry) }));
  return listed.sort((a, b) => comparePositions(a.at, b.at));
}

/**
 * The credit of each segment, by hash. Pass whole weeks, since the limit is weekly. In log order, each
 * contributes the seconds that no earlier one of the same freelancer and client covers, whatever their
 * contracts. One that was given back contributes nothing, and covers its seconds for those before its
 * tombstone: a deletion changes the contribution of no other segment. Then, by t0, the running total of
 * each contract and week is cut at the limit.
 * @param {CreditEntry[]} entries
 * @returns {Map<string, Credit>}
 */
export function credit(entries) {
  const result = new Map();
  const fresh = new Map();
  const covered = new Map();
  for (const { entry, at } of inLogOrder(entries)) {
    const seconds = secondsOf(entry);
    if (!entry.pays) result.set(entry.hash, share({ unpaid: seconds }));
    else if (seconds === 0) result.set(entry.hash, share({}));
    else {
      const earlier = coveredBy(covered, `${entry.sub}/${entry.client}`);
      const own = earlier.add(entry.t0, entry.t1, at, coversUntil(entry));
      if (entry.givenBack) result.set(entry.hash, share({ given_back: seconds }));
      else fresh.set(entry.hash, own);
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
 * The hashes of segments that take part in the credit and share a second with one of the same
 * freelancer for another client that covers it for them (see `credit`).
 * @param {CreditEntry[]} entries
 * @returns {Set<string>}
 */
export function parallel(entries) {
  const found = new Set();
  /** @type {Map<string, Map<string, Covered>>} */
  const people = new Map();
  for (const { entry, at } of inLogOrder(entries)) {
    const { hash, sub, client, t0, t1, givenBack } = entry;
    if (!entry.pays || secondsOf(entry) === 0) continue;
    if (!people.has(sub)) people.set(sub, new Map());
    const clients = people.get(sub);
    for (const [other, covered] of clients) {
      if (!givenBack && other !== client && covered.meets(t0, t1, at)) found.add(hash);
    }
    coveredBy(clients, client).add(t0, t1, at, coversUntil(entry));
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
 * @param {Iterable<CreditEntry>} entries
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
 * A cell's activity: distinct active minutes out of those that were covered; `7`, `3/7` when partial,
 * empty when nothing was measured.
 * @param {(import("../objects/picture.js").Row | null)[][]} minutes The rows of all its segments.
 */
export function activityLevel(minutes) {
  const columns = Array.from({ length: 10 }, (_, i) =>
    minutes.map((rows) => rows[i]).filter((row) => row !== null),
  );
  const active = columns.filter((rows) => rows.some(hasInput)).length;
  const covered = columns.filter((rows) => rows.length).length;
  if (!columns.some((rows) => rows.some(isMeasured))) return "";
  return covered === 10 ? String(active) : `${active}/${covered}`;
}

/**
 * Seconds [begin, end) that are covered until a moment.
 * @typedef {{begin: number, end: number, until: LogTime}} Piece
 */

/**
 * Seconds, and until when in log order each is covered, as sorted pieces; neighbours that touch differ
 * in their moment.
 */
class Covered {
  /** @type {Piece[]} */
  #pieces = [];

  /**
   * Cover [t0, t1), t0 < t1, for segments before `until`, if they are not covered for longer. Returns
   * how many of its seconds were not covered at the moment `at`.
   * @param {number} t0
   * @param {number} t1
   * @param {LogTime} at
   * @param {LogTime} until
   */
  add(t0, t1, at, until) {
    // Those that end at t0 or begin at t1 touch it, and may become one with it.
    const first = this.#first(({ end }) => end >= t0);
    const after = this.#first(({ begin }) => begin > t1);
    const known = this.#pieces.slice(first, after);
    const pieces = cut(known, -Infinity, t0);
    let [fresh, done] = [0, t0];
    for (const { begin, end, until: earlier } of cut(known, t0, t1)) {
      fresh += begin - done + (comparePositions(earlier, at) < 0 ? end - begin : 0);
      const later = comparePositions(earlier, until) < 0 ? until : earlier;
      pieces.push({ begin: done, end: begin, until }, { begin, end, until: later });
      done = end;
    }
    fresh += t1 - done;
    pieces.push({ begin: done, end: t1, until }, ...cut(known, t1, Infinity));
    this.#pieces.splice(first, after - first, ...joined(pieces));
    return fresh;
  }

  /**
   * Whether a second of [t0, t1), t0 < t1, is covered at the moment `at`.
   * @param {number} t0
   * @param {number} t1
   * @param {LogTime} at
   */
  meets(t0, t1, at) {
    const first = this.#first(({ end }) => end > t0);
    const after = this.#first(({ begin }) => begin >= t1);
    return this.#pieces.slice(first, after).some(({ until }) => comparePositions(until, at) >= 0);
  }

  /** The first piece that is far enough; all after it are. @param {(piece: Piece) => boolean} isFar */
  #first(isFar) {
    let [low, high] = [0, this.#pieces.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (isFar(this.#pieces[middle])) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}

/** What lies of pieces in [t0, t1). @param {Piece[]} pieces @param {number} t0 @param {number} t1 */
function cut(pieces, t0, t1) {
  return pieces
    .filter(({ begin, end }) => begin < t1 && end > t0)
    .map(({ begin, end, until }) => ({ begin: Math.max(begin, t0), end: Math.min(end, t1), until }));
}

/** Without empty pieces, and with those that touch and have one moment as one. @param {Piece[]} pieces */
function joined(pieces) {
  /** @type {Piece[]} */
  const found = [];
  for (const piece of pieces) {
    const last = found.at(-1);
    if (piece.begin === piece.end) continue;
    if (last?.end === piece.begin && comparePositions(last.until, piece.until) === 0) {
      last.end = piece.end;
    } else found.push({ ...piece });
  }
  return found;
}
