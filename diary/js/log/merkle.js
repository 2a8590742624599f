// Verification of proofs in the append-only tree of RFC 6962 §2.1.

import { concat, equal } from "../formats/bytes.js";
import { sha256 } from "../formats/sha256.js";

const LEAF = new Uint8Array([0]);
const NODE = new Uint8Array([1]);
/** Maps each byte to one character. */
const oneByOne = new TextDecoder("latin1");

/** Hash of a leaf's bytes, RFC 6962 §2.1. @param {Uint8Array} data */
export const leafHash = (data) => sha256(concat(LEAF, data));

/**
 * Hash of an inner node, RFC 6962 §2.1.
 * @param {Uint8Array} left
 * @param {Uint8Array} right
 */
export const nodeHash = (left, right) => sha256(concat(NODE, left, right));

/** @typedef {(left: Uint8Array, right: Uint8Array) => Promise<Uint8Array>} NodeHash */

/**
 * `nodeHash` with a cache. Most proofs of a diary use the same nodes, and hashing one costs more than
 * looking it up.
 * @returns {NodeHash}
 */
export function rememberingNodes() {
  /** @type {Map<string, Promise<Uint8Array>>} */
  const nodes = new Map();
  return (left, right) => {
    const key = oneByOne.decode(concat(left, right));
    const node = nodes.get(key) ?? nodeHash(left, right);
    nodes.set(key, node);
    return node;
  };
}

const half = (/** @type {number} */ n) => Math.floor(n / 2);

/**
 * Whether `proof` shows the leaf hash `leaf` at `index` in the tree (RFC 9162 §2.1.3.2). Hashes are
 * exactly 32 bytes and size is at least 1; anything else is false. Indices may be over 2^32.
 * @param {Uint8Array} leaf
 * @param {number} index
 * @param {number} size
 * @param {Uint8Array[]} proof
 * @param {Uint8Array} root
 * @param {NodeHash} [hash]
 */
export async function verifyInclusion(leaf, index, size, proof, root, hash = nodeHash) {
  if (index < 0 || index >= size || [leaf, root, ...proof].some((h) => h.length !== 32)) {
    return false;
  }
  let fn = index;
  let sn = size - 1;
  let value = leaf;
  for (const sibling of proof) {
    if (sn === 0) return false;
    if (fn % 2 === 1 || fn === sn) {
      value = await hash(sibling, value);
      while (fn % 2 === 0 && fn !== 0) {
        fn = half(fn);
        sn = half(sn);
      }
    } else {
      value = await hash(value, sibling);
    }
    fn = half(fn);
    sn = half(sn);
  }
  return sn === 0 && equal(value, root);
}

/**
 * Whether `proof` shows that the tree of `size` leaves begins with that of `old` (RFC 9162 §2.1.4.2).
 * Hashes are exactly 32 bytes and 1 <= old <= size; anything else is false.
 * @param {number} old
 * @param {number} size
 * @param {Uint8Array[]} proof
 * @param {Uint8Array} oldRoot
 * @param {Uint8Array} root
 * @param {NodeHash} [hash]
 */
export async function verifyConsistency(old, size, proof, oldRoot, root, hash = nodeHash) {
  if (old < 1 || old > size || [oldRoot, root, ...proof].some((h) => h.length !== 32)) {
    return false;
  }
  if (old === size) return !proof.length && equal(oldRoot, root);
  if (!proof.length) return false;
  const rest = [...proof];
  let fn = old - 1;
  let sn = size - 1;
  while (fn % 2 === 1) {
    fn = half(fn);
    sn = half(sn);
  }
  // A complete old tree is a node of the new one; the proof then omits its first node, the root.
  let oldValue = fn === 0 ? oldRoot : rest.shift();
  let value = oldValue;
  for (const sibling of rest) {
    if (sn === 0) return false;
    if (fn % 2 === 1 || fn === sn) {
      oldValue = await hash(sibling, oldValue);
      value = await hash(sibling, value);
      while (fn % 2 === 0 && fn !== 0) {
        fn = half(fn);
        sn = half(sn);
      }
    } else {
      value = await hash(value, sibling);
    }
    fn = half(fn);
    sn = half(sn);
  }
  return sn === 0 && equal(oldValue, oldRoot) && equal(value, root);
}
