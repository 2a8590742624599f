// Unpacks exactly one deflate stream (RFC 1951) with the platform's functions. The Compression Streams of
// older Node versions accept bytes after the stream and end the process for a cut stream, so Node's own
// zlib is used there.

import { concat } from "../formats/bytes.js";

/** An empty stored block, the last one; and the same with a byte after it. */
const EMPTY = Uint8Array.of(1, 0, 0, 0xff, 0xff);
const TRAILED = Uint8Array.of(1, 0, 0, 0xff, 0xff, 0);

/** Node's zlib; undefined in browsers. @type {any} */
const zlib = /** @type {any} */ (globalThis).process?.getBuiltinModule?.("node:zlib");

/** @type {Promise<boolean> | undefined} */
let exact;

/** Whether this platform refuses bytes after a stream, as a check needs. */
export function unpacksExactly() {
  exact ??= (async () => {
    const whole = await inflate(EMPTY, 0);
    return whole?.length === 0 && (await inflate(TRAILED, 0)) === null;
  })();
  return exact;
}

/**
 * The unpacked bytes; null unless the input is one whole stream and nothing else, and unpacks to at most
 * `most` bytes.
 * @param {Uint8Array} packed
 * @param {number} most
 */
export function inflate(packed, most) {
  return zlib ? byZlib(packed, most) : byStream(packed, most);
}

/** @param {Uint8Array} packed @param {number} most */
async function byZlib(packed, most) {
  try {
    // At least 1: the option does not allow 0.
    const options = { info: true, maxOutputLength: Math.max(1, most) };
    const { buffer, engine } = zlib.inflateRawSync(packed, options);
    if (engine.bytesWritten !== packed.length || buffer.length > most) return null;
    return new Uint8Array(buffer);
  } catch (error) {
    const { code } = /** @type {{code?: string}} */ (error);
    if (code === "Z_DATA_ERROR" || code === "Z_BUF_ERROR") return null;
    if (code === "ERR_BUFFER_TOO_LARGE") return null;
    throw error;
  }
}

/** @param {Uint8Array} packed @param {number} most */
async function byStream(packed, most) {
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  const reader = stream.getReader();
  const pieces = [];
  let left = most;
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      left -= next.value.length;
      if (left < 0) return null;
      pieces.push(next.value);
    }
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return null;
  } finally {
    await reader.cancel().catch(() => {});
  }
  return concat(...pieces);
}
