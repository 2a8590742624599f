// SHA-256 (FIPS 180-4). WebCrypto is asynchronous: each call costs some 15 µs of the page's own time for
// any length, and a week has thousands of inputs of one or two blocks (nodes of the log's tree, links of
// the hash chains, draws, disclosures). With WebCrypto for all of them a week took five times as long as
// its signatures and hashes alone. So short inputs are hashed here, as the standard describes, and longer
// ones by WebCrypto. The tests compare the results with WebCrypto and with another library at every
// length up to several blocks.

/** Up to this many bytes it is quicker to hash here. */
const SHORT = 1024;
const BLOCK = 64;

/** The first 32 bits of the fractions of the cube roots of the first 64 primes (§4.2.2). */
const K = new Uint32Array([
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
  0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
  0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
  0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
  0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
  0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
  0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
  0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
]);

/** Those of the square roots of the first 8 primes: the initial hash value (§5.3.3). */
const START = new Uint32Array([
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
]);

const schedule = new Uint32Array(64);

/** @param {number} length */
function room(length) {
  const bytes = new Uint8Array(length);
  return { bytes, view: new DataView(bytes.buffer) };
}

/** Room for every input that is short. */
const scratch = room(SHORT + BLOCK);

/** @param {number} x @param {number} by */
const rotate = (x, by) => (x >>> by) | (x << (32 - by));

/**
 * SHA-256, 32 bytes.
 * @param {Uint8Array} data
 * @returns {Promise<Uint8Array>}
 */
export async function sha256(data) {
  if (data.length <= SHORT) return shortSha256(data);
  return new Uint8Array(await globalThis.crypto.subtle.digest("SHA-256", data));
}

/**
 * SHA-256 of a short input, at once.
 * @param {Uint8Array} data
 */
export function shortSha256(data) {
  // The message, a 1 bit, zeroes, and the length in bits as 64 bits (§5.1.1).
  const length = Math.ceil((data.length + 9) / BLOCK) * BLOCK;
  const { bytes, view } = length <= SHORT + BLOCK ? scratch : room(length);
  bytes.set(data);
  bytes.fill(0, data.length, length);
  bytes[data.length] = 0x80;
  view.setUint32(length - 4, data.length * 8);
  const hash = START.slice();
  for (let at = 0; at < length; at += BLOCK) addBlock(hash, view, at);
  const result = room(32);
  for (let i = 0; i < 8; i++) result.view.setUint32(4 * i, hash[i]);
  return result.bytes;
}

/**
 * One block into the hash (§6.2.2).
 * @param {Uint32Array} hash
 * @param {DataView} view
 * @param {number} at
 */
function addBlock(hash, view, at) {
  const w = schedule;
  for (let t = 0; t < 16; t++) w[t] = view.getUint32(at + 4 * t);
  for (let t = 16; t < 64; t++) {
    const s0 = rotate(w[t - 15], 7) ^ rotate(w[t - 15], 18) ^ (w[t - 15] >>> 3);
    const s1 = rotate(w[t - 2], 17) ^ rotate(w[t - 2], 19) ^ (w[t - 2] >>> 10);
    w[t] = w[t - 16] + s0 + w[t - 7] + s1;
  }
  let a = hash[0];
  let b = hash[1];
  let c = hash[2];
  let d = hash[3];
  let e = hash[4];
  let f = hash[5];
  let g = hash[6];
  let h = hash[7];
  for (let t = 0; t < 64; t++) {
    const s1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + K[t] + w[t]) | 0;
    const s0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + t1) | 0;
    d = c;
    c = b;
    b = a;
    a = (t1 + t2) | 0;
  }
  hash[0] += a;
  hash[1] += b;
  hash[2] += c;
  hash[3] += d;
  hash[4] += e;
  hash[5] += f;
  hash[6] += g;
  hash[7] += h;
}
