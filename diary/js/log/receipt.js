// Receipts: a leaf and its C2SP tlog-proof@v1, self-contained. `extra` carries the leaf's bytes and,
// for an object of the marketplace, a further newline and the object's JSON bytes. Nothing in it is
// trusted: the leaf is hashed and proven, and the object is hashed and compared with the leaf.

import { fromAscii } from "../formats/bytes.js";
import { openCheckpoint } from "./checkpoint.js";
import { b64Decode, decimal, digest } from "../formats/encoding.js";
import { DiaryError } from "../core/findings.js";
import { parseLeaf } from "./leaf.js";
import { leafHash, nodeHash, verifyInclusion } from "./merkle.js";

const VERSION = "c2sp.org/tlog-proof@v1";
export const MAX_RECEIPT = 65_536;
const LEAF_LINES = 5;
const NEWLINE = 0x0a;

/**
 * @typedef {import("./leaf.js").Leaf} Leaf
 * @typedef {import("./signed_note.js").NoteVerifier} NoteVerifier
 */

/**
 * A parsed, not yet verified, tlog-proof.
 * @typedef {object} Receipt
 * @property {Leaf} leaf
 * @property {Uint8Array | null} object
 * @property {number} index
 * @property {Uint8Array[]} proof
 * @property {Uint8Array} checkpoint
 */

/**
 * A verified receipt: the leaf, its index, and the checkpoint that covers it.
 * @typedef {object} LoggedObject
 * @property {Leaf} leaf
 * @property {number} index
 * @property {Uint8Array | null} object
 * @property {import("./checkpoint.js").Checkpoint} checkpoint
 */

/**
 * Parse a tlog-proof; throws E_FORMAT for everything but its canonical form.
 * @param {Uint8Array} data
 * @returns {Receipt}
 */
export function parseReceipt(data) {
  if (data.length > MAX_RECEIPT) {
    throw new DiaryError("E_FORMAT", "the receipt is longer than 65,536 bytes");
  }
  const blank = blankLine(data);
  const head = fromAscii(blank < 0 ? data : data.subarray(0, blank));
  if (head === null) throw new DiaryError("E_FORMAT", "the receipt is not ASCII");
  const lines = head.split("\n");
  if (blank < 0 || lines.length < 3 || lines[0] !== VERSION) {
    throw new DiaryError("E_FORMAT", "the receipt is not a tlog-proof");
  }
  if (!lines[1].startsWith("extra ") || !lines[2].startsWith("index ")) {
    throw new DiaryError("E_FORMAT", "the receipt has no extra or no index line");
  }
  return {
    ...openExtra(b64Decode(lines[1].slice("extra ".length))),
    index: decimal(lines[2].slice("index ".length)),
    proof: lines.slice(3).map((line) => b64Decode(line, 32)),
    checkpoint: data.subarray(blank + 2),
  };
}

/** The index of the first two newlines in a row, or -1. @param {Uint8Array} data */
function blankLine(data) {
  let at = data.indexOf(NEWLINE);
  while (at >= 0 && data[at + 1] !== NEWLINE) at = data.indexOf(NEWLINE, at + 1);
  return at;
}

/** @param {Uint8Array} extra */
function openExtra(extra) {
  let end = 0;
  for (let line = 0; line < LEAF_LINES; line++) {
    const at = extra.indexOf(NEWLINE, end);
    if (at < 0) throw new DiaryError("E_FORMAT", "the receipt's extra does not hold a leaf");
    end = at + 1;
  }
  const leaf = parseLeaf(extra.subarray(0, end));
  if (end === extra.length) return { leaf, object: null };
  if (extra[end] !== NEWLINE) {
    throw new DiaryError("E_FORMAT", "the receipt's extra has a bad tail");
  }
  return { leaf, object: extra.subarray(end + 1) };
}

/**
 * Verify a receipt completely: format, log signature, quorum, inclusion, leaf type, object. Throws
 * E_FORMAT, E_CP_SIG, E_QUORUM or E_INCLUSION.
 * @param {Uint8Array} data
 * @param {NoteVerifier[]} verifiers
 * @param {string} type
 * @param {string | null} [objectDigest] The digest that the leaf must carry; without one the receipt
 *   itself must hold the object.
 * @param {import("./witnesses.js").WitnessPolicy} [witnesses]
 * @returns {Promise<LoggedObject>}
 */
export async function openReceipt(data, verifiers, type, objectDigest = null, witnesses = undefined) {
  const receipt = parseReceipt(data);
  const checkpoint = await openCheckpoint(receipt.checkpoint, verifiers, witnesses);
  return prove(receipt, checkpoint, type, objectDigest);
}

/**
 * The part of openReceipt after the checkpoint is verified. Throws E_INCLUSION.
 * @param {Receipt} receipt
 * @param {import("./checkpoint.js").Checkpoint} checkpoint
 * @param {string} type
 * @param {string | null} [objectDigest]
 * @param {import("./merkle.js").NodeHash} [hashNodes]
 * @returns {Promise<LoggedObject>}
 */
export async function prove(receipt, checkpoint, type, objectDigest = null, hashNodes = nodeHash) {
  const { leaf, object, index, proof } = receipt;
  const { size, root } = checkpoint;
  const hash = await leafHash(leaf.data);
  if (!(await verifyInclusion(hash, index, size, proof, root, hashNodes))) {
    throw new DiaryError("E_INCLUSION", "the log's tree does not hold this leaf");
  }
  if (leaf.type !== type) {
    throw new DiaryError("E_INCLUSION", `the leaf is not of type ${type}`);
  }
  if (object !== null && (await digest(object)) !== leaf.digest) {
    throw new DiaryError("E_INCLUSION", "the object is not the one in the leaf");
  }
  if (objectDigest === null && object === null) {
    throw new DiaryError("E_INCLUSION", "the receipt does not carry its object");
  }
  if (objectDigest !== null && objectDigest !== leaf.digest) {
    throw new DiaryError("E_INCLUSION", "the leaf is of another object");
  }
  return { leaf, index, object, checkpoint };
}
