// Tombstones: which parts were deleted, and whether their time is given back. A device's tombstone is a
// `wd-tombstone+jwt`, the marketplace's a JSON object with the same members in its receipt.

import { parseCanonical } from "../formats/encoding.js";
import * as fields from "../formats/json_fields.js";
import { parse } from "../formats/jws.js";

const TYP = "wd-tombstone+jwt";
const MAX_REASON = 200;
/** A segment has at most memo, note, minutes and three pictures; its amendments have a memo each. */
const MAX_DIGESTS = 100;
const SCOPES = ["memo", "minutes", "shot", "time"];

/**
 * A deletion of parts of a segment.
 * @typedef {{segment: string, digests: string[], scope: string[], reason: string, at: number}} Tombstone
 */

/**
 * Parse a device's tombstone; throws E_FORMAT, E_ALG or E_TYP. The signature is not checked here.
 * @param {Uint8Array} data
 */
export async function parseTombstone(data) {
  const jws = await parse(data, TYP);
  const found = read(jws.payload);
  // Deleting a picture gives its time back.
  if (found.scope.includes("shot") && !found.scope.includes("time")) throw fields.bad("scope");
  return { jws, ...found };
}

/**
 * Parse the marketplace's tombstone, which never gives time back; throws E_FORMAT.
 * @param {Uint8Array} data
 */
export function parseTombstoneObject(data) {
  const found = read(parseCanonical(data));
  if (found.scope.includes("time")) throw fields.bad("scope");
  return found;
}

/** @param {import("../formats/encoding.js").Json} obj @returns {Tombstone} */
function read(obj) {
  fields.version(obj);
  const digests = fields.array(obj, "digests", MAX_DIGESTS);
  const scope = fields.array(obj, "scope", SCOPES.length);
  if (!scope.length) throw fields.bad("scope");
  return {
    segment: fields.b64(obj, "segment", 32),
    digests: ascending(digests.map((each) => fields.b64({ digests: each }, "digests", 32))),
    scope: ascending(scope.map((each) => fields.oneOf({ scope: each }, "scope", SCOPES))),
    reason: fields.string(obj, "reason", MAX_REASON),
    at: fields.integer(obj, "at"),
  };
}

/** @param {string[]} values */
function ascending(values) {
  if (values.some((value, i) => i > 0 && values[i - 1] >= value)) {
    throw fields.bad("digests or scope");
  }
  return values;
}
