// JWS compact serialization (RFC 7515 §7.1) with Ed25519 (RFC 9864), as WD-1 narrows it: the header
// is exactly {alg, kid, typ}, and a JWS has at most 16,384 bytes. The algorithm is fixed, so that a
// header can never choose it; the signature covers the bytes as received.

import { fromAscii } from "./bytes.js";
import { b64urlDecode, digest, parseCanonical } from "./encoding.js";
import { DiaryError } from "../core/findings.js";
import { hasExactly } from "./json_fields.js";
import { checkPublic, verify } from "./ed25519.js";

export const MAX_JWS = 16_384;
/** Claims of tokens: a signed object never has them, so that it is never accepted as a token. */
const FOREIGN = ["iss", "exp", "nbf", "jti", "htm", "htu"];

/**
 * A parsed, not yet verified, compact JWS.
 * @typedef {object} Jws
 * @property {Uint8Array} data
 * @property {string} digest SHA-256 of the compact form: the name of the signed object.
 * @property {string} kid
 * @property {string} typ
 * @property {import("./encoding.js").Json} payload
 * @property {Uint8Array} signature
 */

/**
 * Parse a compact JWS. Throws E_FORMAT, E_ALG or E_TYP; the signature is not checked.
 * @param {Uint8Array} data
 * @param {string} typ
 * @returns {Promise<Jws>}
 */
export async function parse(data, typ) {
  if (data.length > MAX_JWS) {
    throw new DiaryError("E_FORMAT", "the signed object is longer than 16,384 bytes");
  }
  const text = fromAscii(data);
  if (text === null) throw new DiaryError("E_FORMAT", "the signed object is not ASCII");
  const parts = text.split(".");
  if (parts.length !== 3) throw new DiaryError("E_FORMAT", "a compact JWS has three parts");
  const header = parseCanonical(b64urlDecode(parts[0]));
  if (!hasExactly(header, ["alg", "kid", "typ"])) {
    throw new DiaryError("E_FORMAT", "the header is not exactly alg, kid and typ");
  }
  if (header.alg !== "Ed25519") throw new DiaryError("E_ALG", "the algorithm is not Ed25519");
  if (header.typ !== typ) throw new DiaryError("E_TYP", `the type is not ${typ}`);
  b64urlDecode(header.kid, 32);
  const payload = parseCanonical(b64urlDecode(parts[1]));
  if (FOREIGN.some((name) => Object.hasOwn(payload, name))) {
    throw new DiaryError("E_FORMAT", "the payload carries claims of another kind of token");
  }
  const signature = b64urlDecode(parts[2], 64);
  return { data, digest: await digest(data), kid: header.kid, typ, payload, signature };
}

/**
 * Check the signature by the enrolled key. Throws E_KEY_WEAK or E_SIG.
 * @param {Jws} jws
 * @param {Uint8Array} key
 */
export async function verifyJws(jws, key) {
  checkPublic(key);
  const signed = jws.data.subarray(0, jws.data.lastIndexOf(0x2e));
  if (!(await verify(key, jws.signature, signed))) {
    throw new DiaryError("E_SIG", "the signature does not fit");
  }
}
