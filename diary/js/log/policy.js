// C2SP tlog-policy: the logs, by their keys, that a reader accepts. A diary's policy names the shards of
// one marketplace's log and requires no witness: lines `log <vkey> <url prefix>`, and `quorum none`.
// Comments, empty lines and the order of lines are free; anything else is E_POLICY.

import { fromUtf8, hex, split } from "../formats/bytes.js";
import { DiaryError, diaryError } from "../core/findings.js";
import { parseVerifier } from "./signed_note.js";
import { comparePositions, parseOrigin } from "./position.js";

export const MAX_POLICY = 65_536;
const [TAB, NEWLINE, SPACE, DELETE] = [0x09, 0x0a, 0x20, 0x7f];

/** @param {string} why */
const bad = (why) => new DiaryError("E_POLICY", `the policy: ${why}`);

/**
 * Read a policy: the keys of its logs in the order of their shards, at least one. Throws E_POLICY.
 * Every key and every name appears once, and all are of one marketplace.
 * @param {Uint8Array} data
 * @returns {Promise<import("./signed_note.js").NoteVerifier[]>}
 */
export async function parsePolicy(data) {
  if (data.length > MAX_POLICY) throw bad("it is longer than 65,536 bytes");
  if (!data.every(isText) || data.at(-1) !== NEWLINE) throw bad("it is not lines of text");
  const logs = [];
  let quorums = 0;
  for (const line of split(data, NEWLINE)) {
    const fields = split(
      line.map((byte) => (byte === TAB ? SPACE : byte)),
      SPACE,
    ).filter((field) => field.length);
    const [first, second] = fields.map((field) => fromUtf8(field));
    if (!fields.length || fields[0][0] === 0x23) continue;
    if (first === "quorum" && second === "none" && fields.length === 2) quorums += 1;
    else if (first === "log" && (fields.length === 2 || fields.length === 3)) {
      logs.push(await readLog(fields.slice(1)));
    } else throw bad("it has a line that a diary's policy does not have");
  }
  if (quorums !== 1 || !logs.length) {
    throw bad("it must name a log, and one quorum, which is none");
  }
  const origins = logs.map((log) => parseOrigin(log.name));
  const count = (/** @type {string[]} */ items) => new Set(items).size;
  if (count(logs.map((log) => hex(log.key))) + count(logs.map((log) => log.name)) < 2 * logs.length) {
    throw bad("a log appears twice");
  }
  if (count(origins.map(({ aud }) => aud)) !== 1) {
    throw bad("its logs are of different marketplaces");
  }
  return logs.sort((a, b) => comparePositions(parseOrigin(a.name).shard, parseOrigin(b.name).shard));
}

/** @param {number} byte */
function isText(byte) {
  return byte === TAB || byte === NEWLINE || (byte >= SPACE && byte !== DELETE);
}

/** @param {Uint8Array[]} fields */
async function readLog([vkey, url]) {
  const [key, address] = [fromUtf8(vkey), url === undefined ? null : fromUtf8(url)];
  let verifier;
  try {
    if (key === null || (url !== undefined && address === null)) {
      throw new DiaryError("E_POLICY", "not UTF-8");
    }
    verifier = await parseVerifier(key);
  } catch (error) {
    diaryError(error);
    throw bad("a log's key cannot be used");
  }
  if (address !== null && !/^[!-~]{1,2048}$/.test(address)) {
    throw bad("a log's address cannot be used");
  }
  return verifier;
}
