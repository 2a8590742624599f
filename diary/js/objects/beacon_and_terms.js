// Beacons and terms, objects of the marketplace. Each is RFC 8785 JSON that counts because its leaf is in
// the log; unknown members are ignored.

import { b64urlDecode, parseCanonical } from "../formats/encoding.js";
import * as fields from "../formats/json_fields.js";
import { SLOT } from "../core/slots.js";

/**
 * One global random value for a slot (Unix s).
 * @typedef {{slot: number, val: Uint8Array}} Beacon
 */

/**
 * A contract's terms in force from `from` (Unix s).
 * @typedef {object} Terms
 * @property {string} aud
 * @property {string} ctr
 * @property {string} sub
 * @property {string} client
 * @property {number} from
 * @property {string} state
 * @property {number} shots
 * @property {number} shotTolMs
 * @property {number} reviewS
 * @property {number} idleS
 * @property {boolean} kept
 * @property {boolean} manual
 * @property {number | null} limitS
 * @property {string} limitRule
 * @property {number} editUntilS
 * @property {number} retentionDays
 * @property {string} rules
 */

/**
 * Parse a beacon; throws E_FORMAT.
 * @param {Uint8Array} data
 * @returns {Beacon}
 */
export function parseBeacon(data) {
  const obj = parseCanonical(data);
  fields.version(obj);
  const slot = fields.integer(obj, "slot");
  if (slot % SLOT) throw fields.bad("slot");
  return { slot, val: b64urlDecode(fields.b64(obj, "val", 32)) };
}

/**
 * Parse terms; throws E_FORMAT.
 * @param {Uint8Array} data
 * @returns {Terms}
 */
export function parseTerms(data) {
  const obj = parseCanonical(data);
  fields.version(obj);
  return {
    aud: fields.matching(obj, "aud", fields.AUD),
    ctr: fields.matching(obj, "ctr", fields.ID),
    sub: fields.matching(obj, "sub", fields.ID),
    client: fields.matching(obj, "client", fields.ID),
    from: fields.integer(obj, "from"),
    state: fields.oneOf(obj, "state", ["active", "paused", "ended"]),
    shots: fields.integer(obj, "shots", 0, 3),
    shotTolMs: fields.integer(obj, "shot_tol_ms", 0, 300_000),
    reviewS: fields.integer(obj, "review_s", 0, 600),
    idleS: fields.integer(obj, "idle_s", 60, 900),
    kept: fields.boolean(obj, "kept"),
    manual: fields.boolean(obj, "manual"),
    limitS: fields.optionalInteger(obj, "limit_s", 0, 604_800),
    limitRule: fields.oneOf(obj, "limit_rule", ["stop", "unpaid"]),
    editUntilS: fields.integer(obj, "edit_until_s", 0, 604_800),
    retentionDays: fields.integer(obj, "retention_days", 1, 36_500),
    rules: fields.string(obj, "rules", 32),
  };
}
