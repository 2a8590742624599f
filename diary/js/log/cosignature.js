// C2SP tlog-cosignature v1 with Ed25519 (type 0x04): a witness's signed statement that a checkpoint was,
// at a time, the largest consistent one that it had seen of the log. Only this type is supported: no
// browser verifies ML-DSA-44 (type 0x06) yet.

import { concat, utf8 } from "../formats/bytes.js";
import { verify } from "../formats/ed25519.js";
import { parseVkey } from "./signed_note.js";

const TYPE = 4;
const TIME = 8;
const MAX_TIME = 2n ** 63n - 1n;

/** @typedef {import("./signed_note.js").NoteVerifier} NoteVerifier */

/**
 * Read a witness's published key. Throws E_POLICY or E_KEY_WEAK.
 * @param {string} vkey
 * @returns {Promise<NoteVerifier>}
 */
export async function parseWitnessKey(vkey) {
  const { name, key, id } = await parseVkey(vkey, TYPE);
  return { name, key, id, verifies: (text, signature) => verifies(key, text, signature) };
}

/**
 * Whether a `timestamped_signature` is of this checkpoint's text by this key.
 * @param {Uint8Array} key
 * @param {Uint8Array} text
 * @param {Uint8Array} signature
 */
async function verifies(key, text, signature) {
  if (signature.length < TIME) return false;
  const time = new DataView(signature.buffer, signature.byteOffset).getBigUint64(0);
  if (time > MAX_TIME) return false;
  const message = concat(utf8(`cosignature/v1\ntime ${time}\n`), text);
  return verify(key, signature.subarray(TIME), message);
}
