// The names of the files in a bundle, and the greatest length of each kind. Readers compare each name
// with the content of its file.

import { MAX_INT } from "../formats/encoding.js";
import { MAX_JWS } from "../formats/jws.js";
import { MAX_CONSISTENCY } from "../log/receipt_set.js";
import { MAX_NOTE } from "../log/signed_note.js";
import { MAX_POLICY } from "../log/policy.js";
import { MAX_RECEIPT } from "../log/receipt.js";
import { MAX_SDJWT } from "../formats/sd_jwt.js";

export const MANIFEST = "manifest.json";
export const POLICY = "policy.txt";
export const PAGE = "verify.html";
/** Bytes of all files without the pictures; a check keeps them in memory. */
export const MAX_TEXT = 256 * 1024 * 1024;
/** The busiest week of a contract has some thousand files. */
export const MAX_FILES = 50_000;
/** Files that are compared with one another or with every segment; no honest bundle has more. */
export const MAX_IN = { devices: 1_000, keys: 200, terms: 1_000 };
/** The ending of a receipt. */
export const PROOF = "tlog-proof";

/** SHA-256 in base64url: the last of 43 letters carries four bits and two zeroes. */
const DIGEST = "([A-Za-z0-9_-]{42}[AEIMQUYcgkosw048])";
const LOG = "([0-9]{4}(?:-(?:[2-9]|[1-9][0-9]{1,3}))?)";
const NUMBER = "(0|[1-9][0-9]{0,15})";
const SIZE = "([1-9][0-9]{0,15})";

const receipt = { [PROOF]: MAX_RECEIPT };
const signed = { jws: MAX_JWS, ...receipt };
const disclosing = { sdjwt: MAX_SDJWT, ...receipt };

/**
 * Pattern below the folder (without the ending), and the longest file of each ending.
 * @type {Record<string, [string, Record<string, number>]>}
 */
const FOLDERS = {
  amends: [DIGEST, disclosing],
  beacons: [`${NUMBER}-${DIGEST}`, receipt],
  blobs: [DIGEST, { "": 20 * 1024 * 1024 }],
  checkpoint: [LOG, { "": MAX_NOTE }],
  consistency: [`${LOG}/${SIZE}`, { "": MAX_CONSISTENCY }],
  devices: [DIGEST, signed],
  keys: [DIGEST, receipt],
  retires: [DIGEST, disclosing],
  reviews: [DIGEST, receipt],
  revokes: [DIGEST, receipt],
  segments: [`${DIGEST}/${DIGEST}`, disclosing],
  terms: [DIGEST, receipt],
  tombstones: [DIGEST, signed],
  vouches: [DIGEST, signed],
};
const TOP = { [MANIFEST]: 8 * 1024 * 1024, [POLICY]: MAX_POLICY, [PAGE]: 4 * 1024 * 1024 };

/**
 * A parsed name. `parts` is the part between folder and ending: kid and hash of a segment, slot and digest
 * of a beacon, log and size of a consistency proof. `stem` is the name without its ending, the same for an
 * object and its receipt.
 * @typedef {object} FileKind
 * @property {string} name
 * @property {string} folder
 * @property {string[]} parts
 * @property {string} ending
 * @property {string} stem
 * @property {number} longest
 */

/**
 * Parse a name; null for a name that no bundle has.
 * @param {string} name
 * @returns {FileKind | null}
 */
export function parseName(name) {
  if (Object.hasOwn(TOP, name)) {
    return { name, folder: "", parts: [], ending: "", stem: name, longest: TOP[name] };
  }
  const [folder, rest] = partition(name, "/");
  if (!Object.hasOwn(FOLDERS, folder)) return null;
  const [pattern, endings] = FOLDERS[folder];
  const [below, ending] = partition(rest, ".");
  const match = new RegExp(`^${pattern}$`).exec(below);
  if (match === null || !Object.hasOwn(endings, ending)) return null;
  if (!ending && rest !== below) return null;
  const parts = match.slice(1);
  if (parts.some((part) => /^[0-9]{16}$/.test(part) && Number(part) > MAX_INT)) return null;
  const stem = ending ? name.slice(0, -ending.length - 1) : name;
  return { name, folder, parts, ending, stem, longest: endings[ending] };
}

/** The text before and after the first separator. @param {string} text @param {string} by */
function partition(text, by) {
  const at = text.indexOf(by);
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + by.length)];
}
