// The log's leaves: public, hash-only lines, each ended by a newline: `wd-log/v1`, the type, the
// base64url SHA-256 of the object, when the log received it (Unix ms), attributes.

import { fromAscii, utf8 } from "../formats/bytes.js";
import { b64urlDecode, decimal, digest } from "../formats/encoding.js";
import { DiaryError } from "../core/findings.js";

const VERSION = "wd-log/v1";
/** All bits of a segment's attribute, the mask of the parts received. */
const MAX_PARTS = 63;
/** The kinds of objects that leaves record. */
export const LEAF_TYPES = [
  "device",
  "vouch",
  "retire",
  "revoke",
  "key",
  "beacon",
  "terms",
  "segment",
  "amend",
  "tombstone",
  "review",
];
/** Types whose attributes are a digest: a device's kid, or that of a contract. */
const NAMED = ["device", "retire", "revoke", "terms"];

/**
 * @typedef {{type: string, digest: string, rtMs: number, attrs: string, data: Uint8Array}} Leaf
 */

/**
 * Parse a leaf; throws E_FORMAT for everything but its canonical form.
 * @param {Uint8Array} data
 * @returns {Leaf}
 */
export function parseLeaf(data) {
  const text = fromAscii(data);
  if (text === null) throw new DiaryError("E_FORMAT", "a leaf is not ASCII");
  const lines = text.split("\n");
  if (lines.length !== 6 || lines[5] !== "" || lines[0] !== VERSION) {
    throw new DiaryError("E_FORMAT", "a leaf does not have its five lines");
  }
  const [, type, name, rt, attrs] = lines;
  if (!LEAF_TYPES.includes(type)) throw new DiaryError("E_FORMAT", "a leaf has an unknown type");
  b64urlDecode(name, 32);
  if (type === "beacon") {
    decimal(attrs);
  } else if (type === "segment") {
    if (decimal(attrs) > MAX_PARTS) {
      throw new DiaryError("E_FORMAT", "a leaf names parts that no segment has");
    }
  } else if (NAMED.includes(type)) {
    b64urlDecode(attrs, 32);
  } else if (attrs) {
    throw new DiaryError("E_FORMAT", "a leaf has attributes that its type has not");
  }
  return { type, digest: name, rtMs: decimal(rt), attrs, data };
}

/** The attrs of a terms leaf: base64url SHA-256 of the contract's id. @param {string} ctr */
export const contractAttr = (ctr) => digest(utf8(ctr));
