// Vouches, retirements and revocations: statements about a device's key after its enrolment.
// `wd-vouch+jwt`: an earlier device of the same freelancer vouches for a new one. `wd-retire+sd-jwt`: a
// device names its last segments. Revocation: the marketplace declares that a key may be in the wrong
// hands from then on. Signatures are not checked here.

import { isObject, parseCanonical } from "../formats/encoding.js";
import * as fields from "../formats/json_fields.js";
import { parse as parseJws } from "../formats/jws.js";
import { parse as parseSdJwt, readParts } from "../formats/sd_jwt.js";

const VOUCH_TYP = "wd-vouch+jwt";
const RETIRE_TYP = "wd-retire+sd-jwt";
const MAX_REASON = 200;

/**
 * The last segment of a chain.
 * @typedef {{ctr: string, seq: number, h: string}} RetirementHead
 */

/** Parse a vouch; throws E_FORMAT, E_ALG or E_TYP. @param {Uint8Array} data */
export async function parseVouch(data) {
  const jws = await parseJws(data, VOUCH_TYP);
  const obj = jws.payload;
  fields.version(obj);
  return {
    jws,
    aud: fields.matching(obj, "aud", fields.AUD),
    sub: fields.matching(obj, "sub", fields.ID),
    kid: fields.b64(obj, "kid", 32),
  };
}

/**
 * Parse a retirement; throws E_FORMAT, E_ALG or E_TYP. Its heads are the disclosed ones.
 * @param {Uint8Array} data
 */
export async function parseRetire(data) {
  const opened = await parseSdJwt(data, RETIRE_TYP);
  const obj = opened.jws.payload;
  fields.version(obj);
  const isHead = (part) => part.name.startsWith("head_");
  const [sdjwt, shown] = readParts(opened, (part) => (isHead(part) ? head(part.value) : part.value));
  return {
    jws: sdjwt.jws,
    sdjwt,
    aud: fields.matching(obj, "aud", fields.AUD),
    sub: fields.matching(obj, "sub", fields.ID),
    at: fields.integer(obj, "at"),
    heads: sdjwt.disclosures.filter(isHead).map((part) => shown.get(part.name)),
  };
}

/** @param {any} value @returns {RetirementHead} */
function head(value) {
  if (!isObject(value)) throw fields.bad("head");
  return {
    ctr: fields.matching(value, "ctr", fields.ID),
    seq: fields.integer(value, "seq"),
    h: fields.b64(value, "h", 32),
  };
}

/** Parse a revocation; throws E_FORMAT. @param {Uint8Array} data */
export function parseRevoke(data) {
  const obj = parseCanonical(data);
  fields.version(obj);
  return {
    kid: fields.b64(obj, "kid", 32),
    at: fields.integer(obj, "at"),
    reason: fields.string(obj, "reason", MAX_REASON),
  };
}
