// The log's keys: the announcement of a new shard's key, and the extension of trust to it. The
// announcement is the last leaf of the old shard and names the new key; the opening is leaf 0 of the
// new shard and names the final size and root of the old one. Only an announcement extends trust, and
// only from a trusted key.

import { unique } from "../formats/bytes.js";
import { parseCanonical } from "../formats/encoding.js";
import { DiaryError, diaryError } from "../core/findings.js";
import * as fields from "../formats/json_fields.js";
import { parseVerifier, sameVerifier } from "./signed_note.js";
import { comparePositions, parseOrigin } from "./position.js";
import { openReceipt } from "./receipt.js";

/**
 * @typedef {import("./signed_note.js").NoteVerifier} NoteVerifier
 */

/**
 * A `key` object: the log `origin` has the key `verifier`; its predecessor is the log `prevOrigin`, here
 * with `prevSize` leaves under `prevRoot`.
 * @typedef {object} LogKey
 * @property {string} origin
 * @property {NoteVerifier} verifier
 * @property {string} prevOrigin
 * @property {number} prevSize
 * @property {string} prevRoot
 */

/**
 * A key object that the log holds. The opening is leaf 0 of the new log; otherwise it is the
 * announcement, in the old one.
 * @typedef {{key: LogKey, logged: import("./receipt.js").LoggedObject, isOpening: boolean}} KeyLeaf
 */

/**
 * Read a key object. Throws E_FORMAT, E_POLICY, or E_KEY_WEAK for the key in it.
 * @param {Uint8Array} data
 * @returns {Promise<LogKey>}
 */
async function parseLogKey(data) {
  const obj = parseCanonical(data);
  fields.version(obj);
  const origin = fields.string(obj, "origin", 512);
  const vkey = fields.string(obj, "vkey", 1024);
  const prevOrigin = fields.string(obj, "prev_origin", 512);
  const prevSize = fields.integer(obj, "prev_size");
  const prevRoot = fields.b64(obj, "prev_root", 32);
  const [made, old] = [parseOrigin(origin), parseOrigin(prevOrigin)];
  if (made.aud !== old.aud || comparePositions(made.shard, old.shard) <= 0) {
    throw new DiaryError("E_POLICY", "the new log does not follow the old one");
  }
  const verifier = await parseVerifier(vkey);
  if (verifier.name !== origin) {
    throw new DiaryError("E_POLICY", "the key is not that of the log which it names");
  }
  return { origin, verifier, prevOrigin, prevSize, prevRoot };
}

/**
 * Verify the receipt of an announcement or an opening. Throws what opening a receipt and reading a
 * key throw, and E_POLICY for a leaf at a wrong position.
 * @param {Uint8Array} data
 * @param {NoteVerifier[]} verifiers
 * @returns {Promise<KeyLeaf>}
 */
async function openKey(data, verifiers) {
  const logged = await openReceipt(data, verifiers, "key");
  const key = await parseLogKey(logged.object);
  const { origin } = logged.checkpoint;
  const isOpening = origin === key.origin;
  const right = isOpening
    ? logged.index === 0 && verifiers.some((known) => sameVerifier(known, key.verifier))
    : origin === key.prevOrigin && logged.index === key.prevSize;
  if (!right) throw new DiaryError("E_POLICY", "the key's leaf is at a wrong position");
  return { key, logged, isOpening };
}

/**
 * All keys to trust, in the order of their logs, and what became of each receipt. Each announcement
 * that a trusted key has signed adds the key which it names, unless its origin has another one
 * (E_POLICY); so on, until nothing is added.
 * @param {NoteVerifier[]} verifiers The keys that are trusted already, one for each origin.
 * @param {Uint8Array[]} receipts
 * @returns {Promise<{verifiers: NoteVerifier[], results: Map<Uint8Array, KeyLeaf | DiaryError>}>}
 */
export async function extendTrust(verifiers, receipts) {
  const trusted = new Map(verifiers.map((verifier) => [verifier.name, verifier]));
  const results = new Map();
  let waiting = unique(receipts);
  let count = -1;
  while (waiting.length !== count) {
    count = waiting.length;
    const left = [];
    for (const data of waiting) {
      try {
        const leaf = await openKey(data, [...trusted.values()]);
        const { origin, verifier } = leaf.key;
        if (!trusted.has(origin)) trusted.set(origin, verifier);
        if (!sameVerifier(trusted.get(origin), verifier)) {
          throw new DiaryError("E_POLICY", "this log has another key already");
        }
        results.set(data, leaf);
      } catch (error) {
        results.set(data, diaryError(error));
        left.push(data);
      }
    }
    waiting = left;
  }
  const ordered = [...trusted.values()].sort((a, b) =>
    comparePositions(parseOrigin(a.name).shard, parseOrigin(b.name).shard),
  );
  return { verifiers: ordered, results };
}
