// C2SP signed-note with Ed25519 (type 0x01): a text, a blank line, and signature lines. (name, key ID)
// identifies a key. Signatures of unknown keys are ignored; each signature of a known key must be valid,
// and at least one known key must have signed.

import { concat, equal, fromUtf8, hex, utf8 } from "../formats/bytes.js";
import { b64Decode, b64Encode } from "../formats/encoding.js";
import { DiaryError, diaryError } from "../core/findings.js";
import { checkPublic, verify } from "../formats/ed25519.js";
import { sha256 } from "../formats/sha256.js";

const ED25519 = 1;
export const MAX_NOTE = 65_536;
export const MAX_SIGNATURES = 64;
/** No plus, and no white space as Unicode has it. */
const NAME = /^[^+\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+$/u;
/** ASCII only: the set of printable characters changes with each version of Unicode. */
const KEY_NAME = /^[!-*,-~]+$/;
const CONTROL = /[\x00-\x09\x0b-\x1f]/;
const DASH = "\u2014 ";

/**
 * A name, the public key that signs under it, the key's ID, and the check of a signature (without the
 * key ID) of a note's text.
 * @typedef {object} NoteVerifier
 * @property {string} name
 * @property {Uint8Array} key
 * @property {Uint8Array} id
 * @property {(text: Uint8Array, signature: Uint8Array) => Promise<boolean>} verifies
 */

/**
 * The four bytes that identify a key of a type together with its name.
 * @param {string} name
 * @param {Uint8Array} typed The type and the key.
 */
async function keyId(name, typed) {
  return (await sha256(concat(utf8(`${name}\n`), typed))).subarray(0, 4);
}

/**
 * Read the published key of a log. Throws E_POLICY or E_KEY_WEAK.
 * @param {string} vkey
 * @returns {Promise<NoteVerifier>}
 */
export async function parseVerifier(vkey) {
  const { name, key, id } = await parseVkey(vkey, ED25519);
  return { name, key, id, verifies: (text, signature) => verify(key, signature, text) };
}

/**
 * Read a published key of a type, `name+hex key ID+base64(type || key)`. Throws E_POLICY or E_KEY_WEAK.
 * @param {string} vkey
 * @param {number} type
 */
export async function parseVkey(vkey, type) {
  const [name, id, ...rest] = vkey.split("+");
  let typed;
  try {
    typed = b64Decode(rest.join("+"), 33);
  } catch (error) {
    diaryError(error);
    throw new DiaryError("E_POLICY", "the key cannot be read");
  }
  if (!KEY_NAME.test(name) || typed[0] !== type) {
    throw new DiaryError("E_POLICY", "the key is not an Ed25519 key of the right type");
  }
  const key = typed.slice(1);
  const made = await keyId(name, typed);
  if (hex(made) !== id) {
    throw new DiaryError("E_POLICY", "the key's ID does not fit the key");
  }
  checkPublic(key);
  return { name, key, id: made };
}

/** @param {NoteVerifier} a @param {NoteVerifier} b */
export function sameVerifier(a, b) {
  return a.name === b.name && equal(a.key, b.key);
}

/**
 * The published form of a key.
 * @param {NoteVerifier} verifier
 */
export function vkeyOf({ name, key, id }) {
  return `${name}+${hex(id)}+${b64Encode(concat(new Uint8Array([ED25519]), key))}`;
}

/**
 * The text of a note and the first known key that signed it. Throws E_CP_SIG.
 * @param {Uint8Array} data
 * @param {NoteVerifier[]} verifiers
 * @returns {Promise<{text: string, signer: NoteVerifier}>}
 */
export async function openNote(data, verifiers) {
  const { text, signers } = await readNote(data, verifiers);
  const [signer] = signers;
  if (signer === undefined) throw new DiaryError("E_CP_SIG", "no known key has signed");
  return { text, signer };
}

/**
 * The text of a note, and the known keys that signed it, each once, in the order of the lines. Throws
 * E_CP_SIG for a malformed note, and if a signature of a known key does not match.
 * @param {Uint8Array} data
 * @param {NoteVerifier[]} verifiers
 * @returns {Promise<{text: string, signers: Set<NoteVerifier>}>}
 */
export async function readNote(data, verifiers) {
  const { text, lines } = takeApart(data);
  /** @type {Set<NoteVerifier>} */
  const signers = new Set();
  for (const { name, signature } of lines.map(signatureLine)) {
    for (const verifier of verifiers) {
      if (verifier.name !== name || !equal(verifier.id, signature.subarray(0, 4))) continue;
      if (!(await verifier.verifies(utf8(text), signature.subarray(4)))) {
        throw new DiaryError("E_CP_SIG", "the signature of a known key does not fit");
      }
      signers.add(verifier);
    }
  }
  return { text, signers };
}

/** @param {Uint8Array} data */
function takeApart(data) {
  if (data.length > MAX_NOTE) {
    throw new DiaryError("E_CP_SIG", "the note is longer than 65,536 bytes");
  }
  const note = fromUtf8(data);
  if (note === null) throw new DiaryError("E_CP_SIG", "the note is not UTF-8");
  if (CONTROL.test(note)) throw new DiaryError("E_CP_SIG", "the note has control characters");
  const blank = note.lastIndexOf("\n\n");
  if (blank < 0 || blank + 2 === note.length || !note.endsWith("\n")) {
    throw new DiaryError("E_CP_SIG", "the note has no signature lines");
  }
  const lines = note.slice(blank + 2, -1).split("\n");
  if (lines.length > MAX_SIGNATURES) {
    throw new DiaryError("E_CP_SIG", "the note has too many signatures");
  }
  return { text: note.slice(0, blank + 1), lines };
}

/** @param {string} line */
function signatureLine(line) {
  const rest = line.slice(DASH.length);
  const space = rest.indexOf(" ");
  const name = rest.slice(0, Math.max(space, 0));
  let signature;
  try {
    signature = b64Decode(rest.slice(space + 1));
  } catch (error) {
    diaryError(error);
    throw new DiaryError("E_CP_SIG", "a signature line is malformed");
  }
  if (!line.startsWith(DASH) || !NAME.test(name) || signature.length < 5) {
    throw new DiaryError("E_CP_SIG", "a signature line is malformed");
  }
  return { name, signature };
}
