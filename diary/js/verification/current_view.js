// The visible parts of a segment after amendments and deletions. The signed segment never changes. A part
// that a counted tombstone names counts as absent, even if it is still disclosed. The last amendment in
// log order gives the memo.

/**
 * A memo that replaced an earlier one. `text` is null if it is withheld or deleted.
 * @typedef {object} AmendedMemo
 * @property {string} amendment The amendment's digest.
 * @property {number} at Unix s, by its device's clock.
 * @property {string | null} text
 * @property {string | null} digest That of the disclosure.
 * @property {string[]} withheld Digests that were neither disclosed nor deleted.
 */

/**
 * The visible parts. `firstMemo` is the sealed memo, `memos` the counted amendments in log order, and
 * `memo` the last of all. `withheld` is true if a part is neither disclosed nor deleted.
 * @typedef {object} CurrentView
 * @property {string | null} memo
 * @property {string | null} firstMemo
 * @property {string | null} note
 * @property {(import("../objects/picture.js").Row | null)[] | null} minutes
 * @property {Map<number, import("../objects/picture.js").Picture>} pictures
 * @property {boolean} withheld
 * @property {AmendedMemo[]} memos
 * @property {Set<string>} deleted
 * @property {number} deletions The number of tombstones that count.
 * @property {import("../log/position.js").LogPosition | null} givenBackAt Null unless one of them gives the time back;
 *   then its seconds can be recorded again after this position.
 */

/**
 * The visible parts of a segment.
 * @param {import("../objects/segment.js").SealedSegment} sealed
 * @param {object} [changes]
 * @param {AmendedMemo[]} [changes.memos] Its amendments in log order.
 * @param {Set<string>} [changes.deleted]
 * @param {number} [changes.deletions]
 * @param {import("../log/position.js").LogPosition | null} [changes.givenBackAt]
 * @returns {CurrentView}
 */
export function currentView(
  sealed,
  { memos = [], deleted = new Set(), deletions = 0, givenBackAt = null } = {},
) {
  const left = memos.map((memo) => without(memo, deleted));
  const kept = sealed.sdjwt.disclosures.filter((part) => !deleted.has(part.digest));
  const seen = new Set(kept.map((part) => part.name));
  const firstMemo = seen.has("memo") ? sealed.memo : null;
  const withheld = sealed.sdjwt.withheld.some((digest) => !deleted.has(digest));
  return {
    memo: left.length ? left.at(-1).text : firstMemo,
    firstMemo,
    note: seen.has("note") ? sealed.note : null,
    minutes: seen.has("minutes") ? sealed.minutes : null,
    pictures: new Map([...sealed.pictures].filter(([number]) => seen.has(`shot_${number}`))),
    withheld: withheld || left.some((memo) => memo.withheld.length > 0),
    memos: left,
    deleted,
    deletions,
    givenBackAt,
  };
}

/** A memo after a deletion. @param {AmendedMemo} memo @param {Set<string>} deleted */
function without(memo, deleted) {
  const text = deleted.has(memo.digest) ? null : memo.text;
  return { ...memo, text, withheld: memo.withheld.filter((digest) => !deleted.has(digest)) };
}
