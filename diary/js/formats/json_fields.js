// Typed access to JSON fields: each function returns the value or throws E_FORMAT. Members of an
// object's prototype do not count.

import { MAX_INT, b64urlDecode } from "./encoding.js";
import { DiaryError } from "../core/findings.js";

/** @typedef {import("./encoding.js").Json} Json */

/** Random identifiers of contracts and freelancers. */
export const ID = /^[A-Za-z0-9_-]{22}$/;
/** A marketplace's name: an ASCII host, perhaps with a port. */
export const AUD = /^[a-z0-9.:-]{1,253}$/;

/** The error for a field whose value breaks a rule that only this field has. @param {string} name */
export function bad(name) {
  return new DiaryError("E_FORMAT", `field ${name} breaks its rule`);
}

/**
 * The field; its absence is an error, null is not.
 * @param {Json} obj
 * @param {string} name
 */
export function field(obj, name) {
  if (!Object.hasOwn(obj, name)) throw new DiaryError("E_FORMAT", `field ${name} is missing`);
  return obj[name];
}

/**
 * Whether the members are exactly these.
 * @param {Json} obj
 * @param {string[]} names
 */
export function hasExactly(obj, names) {
  return Object.keys(obj).length === names.length && names.every((n) => Object.hasOwn(obj, n));
}

/**
 * A whole number, low <= n <= high.
 * @param {Json} obj
 * @param {string} name
 * @param {number} [low]
 * @param {number} [high]
 * @returns {number}
 */
export function integer(obj, name, low = 0, high = MAX_INT) {
  const value = field(obj, name);
  if (!Number.isSafeInteger(value) || value < low || value > high) {
    throw new DiaryError("E_FORMAT", `field ${name} is not a number in its range`);
  }
  return value;
}

/**
 * A whole number in range, or null.
 * @param {Json} obj
 * @param {string} name
 * @param {number} [low]
 * @param {number} [high]
 * @returns {number | null}
 */
export function optionalInteger(obj, name, low = 0, high = MAX_INT) {
  return field(obj, name) === null ? null : integer(obj, name, low, high);
}

/**
 * A string of at most `longest` Unicode characters.
 * @param {Json} obj
 * @param {string} name
 * @param {number} [longest]
 * @returns {string}
 */
export function string(obj, name, longest = 512) {
  const value = field(obj, name);
  if (typeof value !== "string" || lengthOf(value) > longest) {
    throw new DiaryError("E_FORMAT", `field ${name} is not a string of its length`);
  }
  return value;
}

/** The number of Unicode characters. @param {string} text */
export function lengthOf(text) {
  let length = 0;
  for (const _ of text) length++;
  return length;
}

/**
 * A string out of a fixed set.
 * @param {Json} obj
 * @param {string} name
 * @param {string[]} values
 * @returns {string}
 */
export function oneOf(obj, name, values) {
  const value = field(obj, name);
  if (typeof value !== "string" || !values.includes(value)) {
    throw new DiaryError("E_FORMAT", `field ${name} has a value that WD-1 does not define`);
  }
  return value;
}

/**
 * @param {Json} obj
 * @param {string} name
 * @returns {boolean}
 */
export function boolean(obj, name) {
  const value = field(obj, name);
  if (typeof value !== "boolean") {
    throw new DiaryError("E_FORMAT", `field ${name} is not true or false`);
  }
  return value;
}

/**
 * A string that matches the pattern, which covers the whole string.
 * @param {Json} obj
 * @param {string} name
 * @param {RegExp} pattern
 * @returns {string}
 */
export function matching(obj, name, pattern) {
  const value = field(obj, name);
  if (typeof value !== "string" || !pattern.test(value)) {
    throw new DiaryError("E_FORMAT", `field ${name} does not have its form`);
  }
  return value;
}

/**
 * An array of at most `longest` values of any kind.
 * @param {Json} obj
 * @param {string} name
 * @param {number} longest
 * @returns {any[]}
 */
export function array(obj, name, longest) {
  const value = field(obj, name);
  if (!Array.isArray(value) || value.length > longest) {
    throw new DiaryError("E_FORMAT", `field ${name} is not an array of its length`);
  }
  return value;
}

/**
 * Base64url text of `size` bytes, returned as text.
 * @param {Json} obj
 * @param {string} name
 * @param {number} size
 * @returns {string}
 */
export function b64(obj, name, size) {
  const value = field(obj, name);
  b64urlDecode(value, size);
  return value;
}

/**
 * Base64url text of `size` bytes, or null.
 * @param {Json} obj
 * @param {string} name
 * @param {number} size
 * @returns {string | null}
 */
export function optionalB64(obj, name, size) {
  return field(obj, name) === null ? null : b64(obj, name, size);
}

/** `v` must be 1. @param {Json} obj */
export function version(obj) {
  if (integer(obj, "v") !== 1) throw new DiaryError("E_FORMAT", "version is not 1");
}
