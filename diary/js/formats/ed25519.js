// Ed25519 (RFC 8032) by WebCrypto, after one acceptance rule that all verifiers check first: the
// public key and R are canonical (y < p) and not of small order, and S < L. So two verifiers agree on
// the edge cases where libraries are known to differ.

import { b64urlDecode, canonical, digest, isObject } from "./encoding.js";
import { hex, utf8 } from "./bytes.js";
import { DiaryError } from "../core/findings.js";
import { hasExactly } from "./json_fields.js";

const P = 2n ** 255n - 19n;
const L = 2n ** 252n + 27742317777372353535851937790883648493n;
/** y of the points of order 8 (the roots of d*y^4 + 2*y^2 - 1): this one and its negative. */
const Y8 = 2707385501144840649318225287225658788936804267575313519463743609750303402022n;
/** y of the eight points of small order; their sign bit does not matter here. */
const SMALL_ORDER_Y = new Set([0n, 1n, P - 1n, Y8, P - Y8]);

/** Little-endian number. @param {Uint8Array} bytes */
function number(bytes) {
  return BigInt(`0x${hex(bytes.slice().reverse())}`);
}

/**
 * Whether 32 bytes are a canonical encoding (y < p) of no point of small order.
 * @param {Uint8Array} encoded
 */
export function isCanonicalPoint(encoded) {
  if (encoded.length !== 32) return false;
  const y = number(encoded) & (2n ** 255n - 1n);
  return y < P && !SMALL_ORDER_Y.has(y);
}

/** Throws E_KEY_WEAK for a public key that the rule refuses. @param {Uint8Array} key */
export function checkPublic(key) {
  if (!isCanonicalPoint(key)) {
    throw new DiaryError("E_KEY_WEAK", "the public key is not canonical or of small order");
  }
}

/** Imported keys, by their bytes: a diary has few keys and many signatures. */
const imported = new Map();

/** @param {Uint8Array} key @returns {Promise<CryptoKey | null>} */
function importKey(key) {
  const name = hex(key);
  if (!imported.has(name)) {
    if (imported.size > 64) imported.clear();
    const made = globalThis.crypto.subtle.importKey("raw", key, "Ed25519", false, ["verify"]);
    // Some libraries refuse a key that is no point of the curve; it fits no signature either way.
    imported.set(name, made.catch((error) => noKey(error)));
  }
  return imported.get(name);
}

/** @param {unknown} error */
function noKey(error) {
  if (error instanceof DOMException && error.name === "DataError") return null;
  throw error;
}

/**
 * Whether `signature` (64 bytes) by `key` (32 bytes) over `message` is acceptable.
 * @param {Uint8Array} key
 * @param {Uint8Array} signature
 * @param {Uint8Array} message
 */
export async function verify(key, signature, message) {
  if (signature.length !== 64 || !isCanonicalPoint(key) || !isCanonicalPoint(signature.subarray(0, 32))) {
    return false;
  }
  if (number(signature.subarray(32)) >= L) return false;
  const made = await importKey(key);
  return made !== null && globalThis.crypto.subtle.verify("Ed25519", made, signature, message);
}

/**
 * The 32 bytes of an Ed25519 JWK of exactly {crv, kty, x}; throws E_FORMAT, E_KEY_WEAK.
 * @param {unknown} value
 */
export function parseJwk(value) {
  if (!isObject(value) || !hasExactly(value, ["crv", "kty", "x"])) {
    throw new DiaryError("E_FORMAT", "the key is not an Ed25519 JWK");
  }
  if (value.crv !== "Ed25519" || value.kty !== "OKP") {
    throw new DiaryError("E_FORMAT", "the key is not an Ed25519 JWK");
  }
  const key = b64urlDecode(value.x, 32);
  checkPublic(key);
  return key;
}

/**
 * RFC 7638 thumbprint (SHA-256, base64url) of a JWK that holds only its required members.
 * @param {import("./encoding.js").Json} jwk
 */
export function thumbprint(jwk) {
  return digest(utf8(canonical(jwk)));
}
