// C2SP tlog-policy: the logs and witnesses, by their keys, that a reader accepts, and the quorum. A
// diary's policy names the shards of one marketplace's log: lines `log <vkey> [<url prefix>]`,
// `witness <name> <vkey> [<url prefix>]`, `group <name> <number>|any|all <name>...` and
// `quorum <name>|none`. Comments and empty lines are free; a line names only what lines before it
// define. Anything else is E_POLICY, so that a rule which this reader does not know is never ignored.

import { hex, split } from "../formats/bytes.js";
import { DiaryError, diaryError } from "../core/findings.js";
import { parseVerifier } from "./signed_note.js";
import { comparePositions, parseOrigin } from "./position.js";
import { URL_FORM, WitnessPolicyReader } from "./witnesses.js";

export const MAX_POLICY = 65_536;
const [TAB, NEWLINE, SPACE, DELETE] = [0x09, 0x0a, 0x20, 0x7f];

/** @param {string} why */
const bad = (why) => new DiaryError("E_POLICY", `the policy: ${why}`);

/**
 * Read a policy: the keys of its logs in the order of their shards, at least one, and its witnesses.
 * Throws E_POLICY. Every log's key and name appears once, and all are of one marketplace.
 * @param {Uint8Array} data
 * @returns {Promise<{logs: import("./signed_note.js").NoteVerifier[], witnesses: import("./witnesses.js").WitnessPolicy}>}
 */
export async function parsePolicy(data) {
  if (data.length > MAX_POLICY) throw bad("it is longer than 65,536 bytes");
  if (!data.every(isText) || data.at(-1) !== NEWLINE) throw bad("it is not lines of text");
  const logs = [];
  const reader = new WitnessPolicyReader();
  for (const line of split(data, NEWLINE)) {
    const fields = split(
      line.map((byte) => (byte === TAB ? SPACE : byte)),
      SPACE,
    )
      .filter((field) => field.length)
      .map(octets);
    if (!fields.length || fields[0].startsWith("#")) continue;
    if (fields[0] === "log" && (fields.length === 2 || fields.length === 3)) {
      logs.push(await readLog(fields.slice(1)));
    } else if (!(await reader.take(fields))) {
      throw bad("it has a line that a diary's policy does not have");
    }
  }
  const witnesses = reader.policy();
  if (!logs.length) throw bad("it must name a log");
  const origins = logs.map((log) => parseOrigin(log.name));
  const count = (/** @type {string[]} */ items) => new Set(items).size;
  if (count(logs.map((log) => hex(log.key))) + count(logs.map((log) => log.name)) < 2 * logs.length) {
    throw bad("a log appears twice");
  }
  if (count(origins.map(({ aud }) => aud)) !== 1) {
    throw bad("its logs are of different marketplaces");
  }
  logs.sort((a, b) => comparePositions(parseOrigin(a.name).shard, parseOrigin(b.name).shard));
  return { logs, witnesses };
}

/** @param {number} byte */
function isText(byte) {
  return byte === TAB || byte === NEWLINE || (byte >= SPACE && byte !== DELETE);
}

/** Each octet as a character: names are octets, whatever their encoding. @param {Uint8Array} field */
function octets(field) {
  return Array.from(field, (byte) => String.fromCharCode(byte)).join("");
}

/** @param {string[]} fields */
async function readLog([vkey, url]) {
  let verifier;
  try {
    verifier = await parseVerifier(vkey);
  } catch (error) {
    diaryError(error);
    throw bad("a log's key cannot be used");
  }
  if (url !== undefined && !URL_FORM.test(url)) throw bad("a log's address cannot be used");
  return verifier;
}
