// Pictures and minute rows, which a segment may disclose besides its memo.

import { isObject } from "../formats/encoding.js";
import * as fields from "../formats/json_fields.js";
import { MINUTE, SLOT, coveredMinutes } from "../core/slots.js";

const MAX_COUNT = 1_000_000;
const MAX_PIXELS = 100_000;
const MAX_BLUR = 1000;
/** Which entries of a row may hold a number, by the segment's `input`. */
const MEASURED = { ok: [0, 1, 2, 3, 4], "active-only": [3], unavailable: [], denied: [] };

/**
 * keys, clicks, scrolls, moves (seconds with pointer movement), injected; null: not measured.
 * @typedef {(number | null)[]} Row
 * @typedef {{mime: string, bytes: number, sha256: string}} Blob
 */

/**
 * The freelancer's rules that were in force for a picture; `blur` is the side of the squares whose
 * detail is removed.
 * @typedef {{allow: boolean, areas: boolean, blur: number, deny: boolean}} Masks
 */

/**
 * One picture: `at` (Unix ms), the start of the capture, is in the signed payload.
 * @typedef {object} Picture
 * @property {number} at
 * @property {Blob} blob
 * @property {number} w
 * @property {number} h
 * @property {string} screen
 * @property {Blob} thumb
 * @property {number[][]} redacted
 * @property {Masks | null} masks
 */

/** @param {unknown} value @returns {Blob} */
function parseBlob(value) {
  if (!isObject(value)) throw fields.bad("blob");
  return {
    mime: fields.string(value, "mime", 64),
    bytes: fields.integer(value, "bytes", 1, 2 ** 30),
    sha256: fields.b64(value, "sha256", 32),
  };
}

/**
 * Parse a picture's disclosed value; throws E_FORMAT.
 * @param {any} value
 * @param {number} at The payload's.
 * @returns {Picture}
 */
export function parsePicture(value, at) {
  if (!isObject(value)) throw fields.bad("shot");
  const redacted = fields.field(value, "redacted");
  if (!Array.isArray(redacted) || !redacted.every(isRectangle)) throw fields.bad("redacted");
  return {
    at,
    blob: parseBlob(value),
    w: fields.integer(value, "w", 1, MAX_PIXELS),
    h: fields.integer(value, "h", 1, MAX_PIXELS),
    screen: fields.string(value, "screen", 64),
    thumb: parseBlob(fields.field(value, "thumb")),
    redacted,
    // A picture of an earlier program has no such member.
    masks: Object.hasOwn(value, "masks") ? parseMasks(value.masks) : null,
  };
}

/** @param {unknown} value @returns {Masks} */
function parseMasks(value) {
  if (!isObject(value)) throw fields.bad("masks");
  return {
    allow: fields.boolean(value, "allow"),
    areas: fields.boolean(value, "areas"),
    blur: fields.integer(value, "blur", 0, MAX_BLUR),
    deny: fields.boolean(value, "deny"),
  };
}

/** Whether a part is masked, or all is blurred. @param {Picture} picture */
export function isMasked({ redacted, masks }) {
  return redacted.length > 0 || (masks !== null && masks.blur > 0);
}

/** @param {unknown} n @param {number} high */
function inRange(n, high) {
  return Number.isSafeInteger(n) && n >= 0 && n <= high;
}

/** @param {unknown} value */
function isRectangle(value) {
  return Array.isArray(value) && value.length === 4 && value.every((n) => inRange(n, MAX_PIXELS));
}

/** Whether the minute counts as active. @param {Row | null} row */
export function hasInput(row) {
  return row !== null && row.slice(0, 4).some((n) => (n ?? 0) > 0);
}

/** Whether anything was measured in the minute at all. @param {Row | null} row */
export function isMeasured(row) {
  return row !== null && row.slice(0, 4).some((n) => n !== null);
}

/** The number of rows with input: the segment's `active`. @param {(Row | null)[]} minutes */
export function rowsWithInput(minutes) {
  return minutes.filter(hasInput).length;
}

/**
 * Parse the ten rows of `minutes`; throws E_FORMAT. A row is null exactly where the segment covers no
 * part of the minute.
 * @param {any} value
 * @param {{slot: number, t0: number, t1: number, input: string}} segment
 * @returns {(Row | null)[]}
 */
export function checkMinutes(value, { slot, t0, t1, input }) {
  if (!Array.isArray(value) || value.length !== SLOT / MINUTE) throw fields.bad("minutes");
  coveredMinutes(slot, t0, t1).forEach((covered, i) => {
    if ((value[i] !== null) !== covered) throw fields.bad("minutes");
    if (covered) checkRow(value[i], input);
  });
  return value;
}

/** @param {any} row @param {string} input */
function checkRow(row, input) {
  if (!Array.isArray(row) || row.length !== 5) throw fields.bad("minutes");
  if (!row.every((n) => n === null || inRange(n, MAX_COUNT))) throw fields.bad("minutes");
  if (row[3] !== null && row[3] > MINUTE) throw fields.bad("minutes");
  if (row.some((n, i) => n !== null && !MEASURED[input].includes(i))) throw fields.bad("minutes");
}
