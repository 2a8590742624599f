// Operations on bytes and texts that JavaScript does not have.

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** @param {string} text */
export const utf8 = (text) => encoder.encode(text);

/**
 * The text of UTF-8 bytes; null if they are not UTF-8. A byte order mark stays in the text.
 * @param {Uint8Array} bytes
 */
export function fromUtf8(bytes) {
  try {
    return decoder.decode(bytes);
  } catch {
    return null;
  }
}

/**
 * The text of ASCII bytes; null if they are not ASCII.
 * @param {Uint8Array} bytes
 */
export function fromAscii(bytes) {
  for (let i = 0; i < bytes.length; i++) if (bytes[i] > 0x7f) return null;
  return decoder.decode(bytes);
}

/** @param {...Uint8Array} parts */
export function concat(...parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/**
 * @param {Uint8Array} a
 * @param {Uint8Array} b
 */
export function equal(a, b) {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

/**
 * The pieces between the occurrences of a byte, like String.split.
 * @param {Uint8Array} data
 * @param {number} byte
 */
export function split(data, byte) {
  const parts = [];
  let begin = 0;
  for (let at = data.indexOf(byte); at >= 0; at = data.indexOf(byte, begin)) {
    parts.push(data.subarray(begin, at));
    begin = at + 1;
  }
  parts.push(data.subarray(begin));
  return parts;
}

/** A whole number as 4 bytes, most significant first. @param {number} n */
export function uint32be(n) {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, n);
  return bytes;
}

/** @param {Uint8Array} bytes */
export function hex(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * Orders byte strings lexicographically.
 * @param {Uint8Array} a
 * @param {Uint8Array} b
 */
export function compareBytes(a, b) {
  const common = Math.min(a.length, b.length);
  for (let i = 0; i < common; i++) if (a[i] !== b[i]) return a[i] - b[i];
  return a.length - b.length;
}

/**
 * The byte strings sorted, without repetitions.
 * @param {Uint8Array[]} items
 */
export function unique(items) {
  const sorted = [...items].sort(compareBytes);
  return sorted.filter((item, i) => i === 0 || compareBytes(sorted[i - 1], item) !== 0);
}

/**
 * Pairs of byte strings sorted, without repetitions.
 * @param {[Uint8Array, Uint8Array][]} pairs
 */
export function uniquePairs(pairs) {
  const sorted = [...pairs].sort((a, b) => compareBytes(a[0], b[0]) || compareBytes(a[1], b[1]));
  return sorted.filter(
    ([data, receipt], i) =>
      i === 0 || compareBytes(sorted[i - 1][0], data) || compareBytes(sorted[i - 1][1], receipt),
  );
}
