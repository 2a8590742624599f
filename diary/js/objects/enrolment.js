// `wd-device+jwt`: a device's enrolment, signed with the key that it introduces. It fixes the anchors of
// the device's weekly hash chains before any beacon of those weeks exists.

import { isObject } from "../formats/encoding.js";
import { DiaryError } from "../core/findings.js";
import * as fields from "../formats/json_fields.js";
import { parse, verifyJws } from "../formats/jws.js";
import { parseJwk, thumbprint } from "../formats/ed25519.js";
import { ANCHORS } from "./picture_times.js";
import { WEEK, weekOf } from "../core/slots.js";

export const TYP = "wd-device+jwt";
const STORES = ["os", "file", "tpm"];

/**
 * A verified enrolment.
 * @typedef {object} Enrolment
 * @property {Uint8Array} data
 * @property {string} kid
 * @property {Uint8Array} key
 * @property {string} aud
 * @property {string} sub
 * @property {number} week0
 * @property {string[]} anchors
 * @property {string} name
 * @property {string} store
 * @property {string} nonce
 * @property {string | null} replaces
 * @property {string} digest
 */

/**
 * Parse an enrolment and verify it with its own key. Throws E_FORMAT, E_ALG, E_TYP, E_KEY_WEAK or E_SIG,
 * and E_KID_UNKNOWN where the header names another key than the payload introduces.
 * @param {Uint8Array} data
 * @returns {Promise<Enrolment>}
 */
export async function parseEnrolment(data) {
  const jws = await parse(data, TYP);
  const obj = jws.payload;
  fields.version(obj);
  const jwk = fields.field(obj, "jwk");
  const key = parseJwk(jwk);
  if ((await thumbprint(jwk)) !== jws.kid) {
    throw new DiaryError("E_KID_UNKNOWN", "the header names another key");
  }
  await verifyJws(jws, key);
  const week0 = fields.integer(obj, "week0");
  if (weekOf(week0) !== week0) throw fields.bad("week0");
  const anchors = fields.field(obj, "anchors");
  if (!Array.isArray(anchors) || anchors.length !== ANCHORS) throw fields.bad("anchors");
  for (const anchor of anchors) fields.b64({ anchor }, "anchor", 32);
  checkAuthJwk(fields.field(obj, "auth_jwk"));
  return {
    data,
    kid: jws.kid,
    key,
    aud: fields.matching(obj, "aud", fields.AUD),
    sub: fields.matching(obj, "sub", fields.ID),
    week0,
    anchors,
    name: fields.string(obj, "name", 100),
    store: fields.oneOf(obj, "store", STORES),
    nonce: fields.string(obj, "nonce", 100),
    replaces: fields.optionalB64(obj, "replaces", 32),
    digest: jws.digest,
  };
}

/**
 * The anchor that covers the slot; null outside the 56 weeks.
 * @param {Enrolment} enrolment
 * @param {number} slot
 */
export function anchorOf(enrolment, slot) {
  const index = (weekOf(slot) - enrolment.week0) / WEEK;
  return enrolment.anchors[index] ?? null;
}

/** @param {unknown} value */
function checkAuthJwk(value) {
  if (!isObject(value) || !fields.hasExactly(value, ["crv", "kty", "x", "y"])) {
    throw fields.bad("auth_jwk");
  }
  if (value.crv !== "P-256" || value.kty !== "EC") throw fields.bad("auth_jwk");
  fields.b64(value, "x", 32);
  fields.b64(value, "y", 32);
}
