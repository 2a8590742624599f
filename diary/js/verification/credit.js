// Credit: the payable seconds of segments, and the activity level of a slot. Seconds are exact; nothing
// is rounded.

import { compareText } from "../core/findings.js";
import { comparePositions } from "../log/position.js";
import { hasInput, isMeasured } from "../objects/picture.js";
import { weekOf } from "../core/slots.js";

/**
 * One segment as input to `credit`. Times in Unix s. `order` is its position in the log, or its index if
 * there is only one log (null: not logged yet; sorts after all logged ones, in the order given).
 * @typedef {object} CreditEntry
 * @property {string} hash
 * @property {number | number[] | null} order
 * @property {string} kind
 * @property {number} t0
 * @property {number} t1
 * @property {boolean} pays
 * @property {boolean} givenBack
 * @property {number | number[] | null} givenBackAt The position of the first `time` tombstone (null: not
 *   logged yet, after every segment).
 * @property {number | null} limitS Of its own terms.
 * @property {string} sub
 * @property {string} client Of its own terms.
 * @property {string} ctr
 * @property {boolean} allowed Whether the client allowed its time over the limit.
 */

/**
 * The split of a segment's seconds; the parts add up to its length.
 * @typedef {object} Credit
 * @property {number} payable
 * @property {number} unpaid
 * @property {number} given_back
 * @property {number} overlap
 * @property {number} over_limit
 */

/** Its length; 0 if `t1` is before `t0`, which is never paid. @param {CreditEntry} entry */
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
 * A point in log order: logged objects, then unlogged segments, then unlogged tombstones.
 * @typedef {number[]} LogTime
 */
const LAST = [2];

/** @param {CreditEntry} entry @returns {LogTime} */
const logTimeOf = ({ order }) => (order === null ? [1] : [0, order].flat());

/** The first point in log order from which it no longer covers its seconds. @param {CreditEntry} entry */
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
 * contributes the seconds that no earlier one of the same freelancer and client covers, on any contract.
 * A segment that was given back contributes nothing, but covers its seconds for those before its
 * tombstone: a deletion changes the contribution of no other segment. Then, by t0, the running total of
 * each contract and week is cut at the limit; the client can allow the time of a segment over it.
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
    const within = Math.min(own, left);
    running.set(week, used + within);
    const payable = entry.allowed ? own : within;
    result.set(
      entry.hash,
      share({ payable, overlap: secondsOf(entry) - own, over_limit: own - payable }),
    );
  }
  return result;
}

/**
 * The hashes of segments that take part in the credit and share a second with an earlier segment of the
 * same freelancer for another client, which covers that second (see `credit`).
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
 * Sums over entries (a day, a week) of their results from `credit`.
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

/** Numbers if they are exact; invalid times may add up to more than 2^53, which stays a BigInt. */
function plain(sums) {
  return Object.fromEntries(
    Object.entries(sums).map(([name, sum]) => {
      const number = Number(sum);
      return [name, Number.isSafeInteger(number) ? number : sum];
    }),
  );
}

/**
 * The activity level of a slot: active minutes out of the covered minutes; `7`, `3/7` for a partly covered
 * slot, empty when nothing was measured.
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
 * Seconds [begin, end) that are covered until a point in log order.
 * @typedef {{begin: number, end: number, until: LogTime}} Piece
 */

/**
 * Seconds, and until which point in log order each is covered, as sorted pieces. Adjacent pieces differ
 * in that point.
 */
class Covered {
  /** @type {Piece[]} */
  #pieces = [];

  /**
   * Cover [t0, t1), t0 < t1, at least for segments before `until`. Returns how many of its seconds were
   * not covered at `at`.
   * @param {number} t0
   * @param {number} t1
   * @param {LogTime} at
   * @param {LogTime} until
   */
  add(t0, t1, at, until) {
    // Pieces that end at t0 or begin at t1 may be merged with it.
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
   * Whether a second of [t0, t1), t0 < t1, is covered at `at`.
   * @param {number} t0
   * @param {number} t1
   * @param {LogTime} at
   */
  meets(t0, t1, at) {
    const first = this.#first(({ end }) => end > t0);
    const after = this.#first(({ begin }) => begin >= t1);
    return this.#pieces.slice(first, after).some(({ until }) => comparePositions(until, at) >= 0);
  }

  /** The index of the first piece for which `isFar` is true; it is true for all later ones. @param {(piece: Piece) => boolean} isFar */
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

/** The parts of pieces in [t0, t1). @param {Piece[]} pieces @param {number} t0 @param {number} t1 */
function cut(pieces, t0, t1) {
  return pieces
    .filter(({ begin, end }) => begin < t1 && end > t0)
    .map(({ begin, end, until }) => ({ begin: Math.max(begin, t0), end: Math.min(end, t1), until }));
}

/** Without empty pieces, and with adjacent pieces of the same point merged. @param {Piece[]} pieces */
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
