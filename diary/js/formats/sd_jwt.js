// SD-JWT (RFC 9901) as the diary uses it: flat, top-level disclosures, no key binding, no decoys. A
// disclosure is base64url of the JSON array [salt, name, value]; its digest is over that text.

import { fromAscii, split } from "./bytes.js";
import { b64urlDecode, digest, parseValue } from "./encoding.js";
import { DiaryError, diaryError } from "../core/findings.js";
import { parse as parseJws } from "./jws.js";

export const MAX_SDJWT = 65_536;
const SALT_BYTES = 16;
const TILDE = 0x7e;

/**
 * @typedef {{name: string, value: any, digest: string, text: string}} Disclosure
 */

/**
 * A parsed SD-JWT. `problems` holds one error for each disclosure that is doubled, misnamed,
 * malformed or matches no digest, and so counts as absent; `withheld` the digests without a disclosure.
 * @typedef {object} SdJwt
 * @property {import("./jws.js").Jws} jws
 * @property {Disclosure[]} disclosures
 * @property {string[]} withheld
 * @property {DiaryError[]} problems
 */

/**
 * Parse an SD-JWT. Throws E_FORMAT, E_ALG, E_TYP for its signed part. Nothing is verified here.
 * @param {Uint8Array} data
 * @param {string} typ
 * @returns {Promise<SdJwt>}
 */
export async function parse(data, typ) {
  if (data.length > MAX_SDJWT) {
    throw new DiaryError("E_FORMAT", "the segment is longer than 65,536 bytes");
  }
  const [head, ...texts] = split(data, TILDE);
  if (!texts.length || texts.at(-1).length) {
    throw new DiaryError("E_FORMAT", "the serialization does not end with a tilde");
  }
  const jws = await parseJws(head, typ);
  const digests = listed(jws.payload);
  /** @type {Map<string, Disclosure>} */
  const found = new Map();
  const problems = [];
  const names = new Set([...Object.keys(jws.payload), "..."]);
  for (const read of await Promise.allSettled(texts.slice(0, -1).map(disclosed))) {
    try {
      if (read.status === "rejected") throw read.reason;
      const disclosure = read.value;
      if (!digests.includes(disclosure.digest)) {
        throw new DiaryError("E_DISC_UNMATCHED", "a disclosure matches no digest");
      }
      if (found.has(disclosure.digest) || names.has(disclosure.name)) {
        const shown = [...disclosure.name].slice(0, 40).join("");
        throw new DiaryError("E_DISC_DUP", `${JSON.stringify(shown)} appears twice`);
      }
      found.set(disclosure.digest, disclosure);
      names.add(disclosure.name);
    } catch (error) {
      problems.push(diaryError(error));
    }
  }
  return {
    jws,
    disclosures: digests.flatMap((d) => found.get(d) ?? []),
    withheld: digests.filter((d) => !found.has(d)),
    problems,
  };
}

/**
 * The results of `read` for the disclosed parts, by name. A part for which it throws E_FORMAT goes into
 * `problems` and counts as absent, so that showing it and leaving it out have the same effect.
 * @param {SdJwt} sdjwt
 * @param {(part: Disclosure) => any} read
 * @returns {[SdJwt, Map<string, any>]}
 */
export function readParts(sdjwt, read) {
  const values = new Map();
  const kept = [];
  const withheld = [...sdjwt.withheld];
  const problems = [...sdjwt.problems];
  for (const part of sdjwt.disclosures) {
    try {
      values.set(part.name, read(part));
      kept.push(part);
    } catch (error) {
      problems.push(diaryError(error));
      withheld.push(part.digest);
    }
  }
  return [{ ...sdjwt, disclosures: kept, withheld: withheld.sort(), problems }, values];
}

/**
 * @param {import("./encoding.js").Json} payload
 * @returns {string[]}
 */
function listed(payload) {
  const digests = Object.hasOwn(payload, "_sd") ? payload._sd : null;
  const algorithm = Object.hasOwn(payload, "_sd_alg") ? payload._sd_alg : null;
  if (algorithm !== "sha-256" || !Array.isArray(digests)) {
    throw new DiaryError("E_FORMAT", "_sd or _sd_alg is missing or of another kind");
  }
  for (const item of digests) b64urlDecode(item, 32);
  if (digests.some((item, i) => i > 0 && digests[i - 1] >= item)) {
    throw new DiaryError("E_FORMAT", "_sd is not sorted, or a digest appears twice");
  }
  return digests;
}

/**
 * @param {Uint8Array} data
 * @returns {Promise<Disclosure>}
 */
async function disclosed(data) {
  const text = fromAscii(data);
  let value;
  try {
    value = parseValue(b64urlDecode(text));
  } catch (error) {
    diaryError(error);
    throw new DiaryError("E_DISC_UNMATCHED", "a disclosure is malformed");
  }
  if (!Array.isArray(value) || value.length !== 3 || typeof value[1] !== "string") {
    throw new DiaryError("E_DISC_UNMATCHED", "a disclosure is not [salt, name, value]");
  }
  try {
    b64urlDecode(value[0], SALT_BYTES);
  } catch (error) {
    diaryError(error);
    throw new DiaryError("E_DISC_UNMATCHED", "a salt is not 16 bytes");
  }
  return { name: value[1], value: value[2], digest: await digest(data), text };
}
