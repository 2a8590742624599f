// Base64url without padding and RFC 8785 (JCS) JSON. Every parser decodes, encodes again and compares,
// so that each value has exactly one encoding. Whole numbers only, at most 2^53-1 in size; ASCII object
// keys; no key twice.

import { fromUtf8 } from "./bytes.js";
import { DiaryError } from "../core/findings.js";
import { sha256 } from "./sha256.js";

export const MAX_INT = Number.MAX_SAFE_INTEGER;
/** Deeper JSON than any object needs; bounds the recursion of every later walk. */
export const MAX_DEPTH = 16;

/** @typedef {Record<string, any>} Json */

/**
 * SHA-256 as 43 characters of base64url: the name of every object and file.
 * @param {Uint8Array} data
 */
export async function digest(data) {
  return b64urlEncode(await sha256(data));
}

const COMMON = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const URL_SAFE = `${COMMON}-_`;
const STANDARD = `${COMMON}+/`;

/** @param {string} alphabet */
function valuesOf(alphabet) {
  const values = new Int8Array(128).fill(-1);
  for (let i = 0; i < 64; i++) values[alphabet.charCodeAt(i)] = i;
  return values;
}

const URL_VALUES = valuesOf(URL_SAFE);
const STANDARD_VALUES = valuesOf(STANDARD);

/** @param {Uint8Array} data @param {string} alphabet */
function encode(data, alphabet) {
  let text = "";
  for (let at = 0; at < data.length; at += 3) {
    const left = Math.min(3, data.length - at);
    const bits = (data[at] << 16) | ((data[at + 1] ?? 0) << 8) | (data[at + 2] ?? 0);
    for (let i = 0; i <= left; i++) text += alphabet[(bits >> (18 - 6 * i)) & 63];
  }
  return text;
}

/**
 * The bytes of unpadded base64; null for a text that is not their canonical encoding.
 * @param {string} text
 * @param {Int8Array} values
 */
function decode(text, values) {
  const tail = text.length % 4;
  if (tail === 1) return null;
  const data = new Uint8Array(Math.floor((text.length * 3) / 4));
  let bits = 0;
  let at = 0;
  for (let i = 0; i < text.length; i++) {
    const value = values[text.charCodeAt(i)] ?? -1;
    if (value < 0) return null;
    bits = (bits << 6) | value;
    if (i % 4 === 3) {
      data[at++] = bits >> 16;
      data[at++] = bits >> 8;
      data[at++] = bits;
      bits = 0;
    }
  }
  // The rest is one or two bytes, and 4 or 2 unused bits that must be zero.
  const unused = tail === 2 ? 4 : tail === 3 ? 2 : 0;
  if (bits & ((1 << unused) - 1)) return null;
  if (tail) data[at++] = bits >> (tail === 2 ? 4 : 10);
  if (tail === 3) data[at] = bits >> 2;
  return data;
}

/** Base64url without padding (RFC 4648 §5, RFC 7515 §2). @param {Uint8Array} data */
export const b64urlEncode = (data) => encode(data, URL_SAFE);

/**
 * Decode base64url without padding; unused bits must be zero. Throws E_FORMAT for a text that is not
 * the canonical encoding of its bytes.
 * @param {unknown} text
 * @param {number} [size] The required number of bytes, if it is fixed.
 */
export function b64urlDecode(text, size) {
  const data = typeof text === "string" ? decode(text, URL_VALUES) : null;
  if (data === null) throw new DiaryError("E_FORMAT", "text is not base64url in its one spelling");
  return sized(data, size);
}

/** Base64 with padding (RFC 4648 §4), as the C2SP formats use it. @param {Uint8Array} data */
export function b64Encode(data) {
  const text = encode(data, STANDARD);
  return text + "=".repeat(-text.length & 3);
}

/**
 * Decode canonical padded base64; throws E_FORMAT.
 * @param {string} text
 * @param {number} [size]
 */
export function b64Decode(text, size) {
  const bare = text.replace(/={1,2}$/, "");
  const padded = text.length % 4 === 0 && text.length - bare.length === (-bare.length & 3);
  const data = padded ? decode(bare, STANDARD_VALUES) : null;
  if (data === null) throw new DiaryError("E_FORMAT", "text is not base64 in its one spelling");
  return sized(data, size);
}

/**
 * @param {Uint8Array} data
 * @param {number} [size]
 */
function sized(data, size) {
  if (size !== undefined && data.length !== size) {
    throw new DiaryError("E_FORMAT", `${data.length} bytes where ${size} are due`);
  }
  return data;
}

/**
 * A whole number in ASCII decimal without leading zeroes, 0 to 2^53-1; else E_FORMAT.
 * @param {string} text
 */
export function decimal(text) {
  if (!/^(0|[1-9][0-9]{0,15})$/.test(text) || Number(text) > MAX_INT) {
    throw new DiaryError("E_FORMAT", "not a plain decimal number");
  }
  return Number(text);
}

/**
 * RFC 8785 (JCS) text of a JSON value; throws E_FORMAT for what WD-1 forbids.
 * @param {unknown} value
 * @param {number} [depth]
 * @returns {string}
 */
export function canonical(value, depth = 0) {
  if (depth > MAX_DEPTH) throw new DiaryError("E_FORMAT", "JSON is nested too deeply");
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "number") {
    if (!Number.isSafeInteger(value)) {
      throw new DiaryError("E_FORMAT", "a number that is not whole, or over 2^53-1");
    }
    return String(value);
  }
  if (typeof value === "string") {
    // Only an escape can contain half a surrogate pair; JSON.stringify would write it again.
    if (/\p{Surrogate}/u.test(value)) {
      throw new DiaryError("E_FORMAT", "value has no canonical form");
    }
    return JSON.stringify(value);
  }
  if (Array.isArray(value)) {
    return `[${value.map((item) => canonical(item, depth + 1)).join(",")}]`;
  }
  if (typeof value === "object") {
    // All keys are ASCII, so the order by code units is the order by bytes.
    const members = Object.keys(value)
      .sort()
      .map((key) => {
        if (!isAscii(key)) throw new DiaryError("E_FORMAT", "an object key is not ASCII");
        return `${JSON.stringify(key)}:${canonical(value[key], depth + 1)}`;
      });
    return `{${members.join(",")}}`;
  }
  throw new DiaryError("E_FORMAT", "a value that WD-1 does not have");
}

/** @param {string} text */
export function isAscii(text) {
  return !/[^\x00-\x7f]/.test(text);
}

/**
 * Parse JSON that must already be its own RFC 8785 form; throws E_FORMAT. Input that JSON.parse accepts
 * beyond that (a key twice, -0, 1e3, white space, rounded numbers) differs when it is written again.
 * @param {Uint8Array} data
 * @returns {any}
 */
export function parseValue(data) {
  const text = fromUtf8(data);
  let value;
  try {
    if (text === null) throw new SyntaxError("not UTF-8");
    value = JSON.parse(text);
  } catch {
    throw new DiaryError("E_FORMAT", "not JSON");
  }
  if (canonical(value) !== text) {
    throw new DiaryError("E_FORMAT", "JSON is not in its RFC 8785 form");
  }
  return value;
}

/**
 * Like parseValue, and the value must be an object.
 * @param {Uint8Array} data
 * @returns {Json}
 */
export function parseCanonical(data) {
  const value = parseValue(data);
  if (!isObject(value)) throw new DiaryError("E_FORMAT", "JSON is not an object");
  return value;
}

/** Whether a JSON value is an object. @param {unknown} value */
export function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
