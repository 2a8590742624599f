// The check of a bundle: the record of whole weeks of one contract as files. A contradiction to the
// manifest is reported and never changes pay, since a manifest is unsigned.

import { BundleFiles, evidenceOf, readAll } from "./reader.js";
import { DiaryError, compareFindings, diaryError } from "../core/findings.js";
import { MANIFEST, POLICY, PROOF } from "./layout.js";
import { extendTrust } from "../log/shard_keys.js";
import { parseManifest } from "./manifest.js";
import { parseVerifier, sameVerifier } from "../log/signed_note.js";
import { comparePositions, parseOrigin } from "../log/position.js";
import { parsePolicy } from "../log/policy.js";
import { NO_WITNESSES } from "../log/witnesses.js";
import { reportJson } from "../page/bundle_report.js";
import { check } from "../verification/check.js";

/**
 * The trusted keys of the log, and the contract, freelancer and time that the bundle must be about. Times
 * in Unix s. Without keys the bundle's own policy is trusted.
 * @typedef {object} CheckOptions
 * @property {string[]} [keys]
 * @property {string | null} [ctr]
 * @property {string | null} [sub]
 * @property {number | null} [from]
 * @property {number | null} [to]
 * @property {Uint8Array[]} [seen] Checkpoints of earlier checks: the bundle must continue them.
 */

/**
 * @typedef {object} Progress
 * @property {(bytes: number) => void} [onRead] Called with the length of each file.
 * @property {(done: number, total: number) => void} [onCheck] Called after each segment.
 */

/**
 * A bundle after its check. `findings` are all of them, sorted, each subject and code once; `files` the
 * file of each subject; `keys` those that were trusted from the beginning, `outside` whether they were
 * given to the check. `pictures` is false if pictures are disclosed and the bundle holds none.
 * @typedef {object} CheckedBundle
 * @property {string} aud
 * @property {string | null} ctr
 * @property {string | null} sub
 * @property {number | null} first
 * @property {number | null} end
 * @property {import("../log/signed_note.js").NoteVerifier[]} keys
 * @property {boolean} outside
 * @property {import("../core/findings.js").Finding[]} findings
 * @property {Map<string, string>} files
 * @property {import("../verification/check.js").Report} report
 * @property {boolean} pictures
 */

/**
 * Check the files of a bundle; returns the report as JSON. Throws a DiaryError if nothing can be checked.
 * @param {Map<string, Uint8Array | Blob> | import("./reader.js").FileSource} files
 * @param {CheckOptions} [options]
 * @param {Progress} [progress]
 */
export async function verifyFiles(files, options = {}, progress = {}) {
  const given = files instanceof Map ? new BundleFiles(files) : files;
  return reportJson(await checkBundle(given, options, progress));
}

/**
 * Check a bundle. Throws E_MANIFEST if this is no bundle, E_POLICY or E_KEY_WEAK without a usable key, or
 * if the given keys are not those of one marketplace.
 * @param {import("./reader.js").FileSource} files
 * @param {CheckOptions} options
 * @param {Progress} [progress]
 * @returns {Promise<CheckedBundle>}
 */
export async function checkBundle(files, options, { onRead = () => {}, onCheck } = {}) {
  const contents = await readAll(files, onRead);
  if (!contents.held.has(MANIFEST) && !contents.of("segments", "sdjwt").length) {
    throw new DiaryError("E_MANIFEST", "there is neither a manifest nor a segment in it");
  }
  const manifest = readManifest(contents, options);
  const { keys, aud, outside, witnesses } = await trustedKeys(contents, options);
  if (manifest !== null && manifest.aud !== aud) {
    contents.note(MANIFEST, "the bundle is of another marketplace than its key");
  }
  const first = options.from ?? manifest?.first ?? null;
  const end = options.to ?? manifest?.end ?? null;
  const ctr = options.ctr || (manifest?.ctr ?? null);
  const sub = options.sub || (manifest?.sub ?? null);
  const period = first === null || end === null ? null : [first, end];
  const evidence = await evidenceOf(contents, aud, keys, ctr, sub, period);
  evidence.seen = options.seen ?? [];
  evidence.witnesses = witnesses;
  const report = await check(evidence, onCheck);
  for (const [hash, { sealed }] of report.segments) {
    for (const [number, { blob, thumb }] of sealed.pictures) {
      contents.about(`${hash}/shot_${number}`, `blobs/${blob.sha256}`);
      contents.about(`${hash}/shot_${number}/thumb`, `blobs/${thumb.sha256}`);
    }
  }
  const shown = [...report.segments.values()].some((checked) => checked.shown.pictures.size);
  return {
    aud,
    ctr,
    sub,
    first,
    end,
    keys,
    outside,
    findings: once([...report.findings, ...contents.findings]),
    files: contents.subjects,
    report,
    pictures: contents.blobs.size > 0 || !shown,
  };
}

/** Sorted, each subject and code once. @param {import("../core/findings.js").Finding[]} findings */
export function once(findings) {
  const found = new Map();
  for (const finding of [...findings].sort(compareFindings)) {
    const key = JSON.stringify([finding.kind, finding.subject, finding.code]);
    if (!found.has(key)) found.set(key, finding);
  }
  return [...found.values()];
}

/**
 * The manifest if it is valid, after comparing it with the files and the options.
 * @param {import("./reader.js").BundleContents} contents
 * @param {CheckOptions} options
 */
function readManifest(contents, options) {
  let manifest;
  try {
    const data = contents.held.get(MANIFEST);
    if (data === undefined) {
      throw new DiaryError("E_MANIFEST", "the bundle has no manifest that can be read");
    }
    manifest = parseManifest(data);
  } catch (error) {
    contents.note(MANIFEST, diaryError(error).detail);
    return null;
  }
  const there = new Map([...contents.digests].filter(([name]) => name !== MANIFEST));
  for (const [name, digest] of manifest.files) {
    if (!there.has(name)) {
      contents.note(name, "the manifest names this file, which is missing");
    } else if (there.get(name) !== null && there.get(name) !== digest) {
      contents.note(name, "the file is not the one that the manifest names");
    }
  }
  for (const name of there.keys()) {
    if (!manifest.files.has(name)) contents.note(name, "the manifest does not name this file");
  }
  const { ctr, sub, first, end } = manifest;
  const differs = (/** @type {any} */ want, /** @type {any} */ value) =>
    want !== undefined && want !== null && want !== value;
  if (
    differs(options.ctr, ctr) ||
    differs(options.sub, sub) ||
    differs(options.from, first) ||
    differs(options.to, end)
  ) {
    contents.note(MANIFEST, "it is of another contract, freelancer or time than required");
  }
  return manifest;
}

/**
 * The initially trusted keys, the marketplace, and the bundle's own witnesses. Throws E_POLICY.
 * @param {import("./reader.js").BundleContents} contents
 * @param {CheckOptions} options
 */
async function trustedKeys(contents, options) {
  const given = await givenKeys(options.keys ?? []);
  const outside = given.length > 0;
  /** @type {Awaited<ReturnType<typeof parsePolicy>>} */
  let own = { logs: [], witnesses: NO_WITNESSES };
  try {
    const data = contents.held.get(POLICY);
    if (data === undefined) {
      throw new DiaryError("E_POLICY", "the bundle has no policy that can be read");
    }
    own = await parsePolicy(data);
  } catch (error) {
    const { code, detail } = diaryError(error);
    if (!outside) throw error;
    contents.note(POLICY, detail, code);
  }
  if (outside) {
    const announced = contents.of("keys", PROOF).map(({ name }) => contents.held.get(name));
    const { verifiers } = await extendTrust(given, announced);
    if (!own.logs.every((key) => verifiers.some((known) => sameVerifier(known, key)))) {
      contents.note(POLICY, "it names a key that is neither given nor announced", "E_POLICY");
    }
  }
  const keys = outside ? given : own.logs;
  return { keys, outside, aud: parseOrigin(keys[0].name).aud, witnesses: own.witnesses };
}

/** @param {string[]} vkeys */
async function givenKeys(vkeys) {
  /** @type {import("../log/signed_note.js").NoteVerifier[]} */
  const given = [];
  for (const verifier of await Promise.all(vkeys.map(parseVerifier))) {
    if (!given.some((known) => sameVerifier(known, verifier))) given.push(verifier);
  }
  if (new Set(given.map(({ name }) => parseOrigin(name).aud)).size > 1) {
    throw new DiaryError("E_POLICY", "the keys are of different marketplaces");
  }
  if (new Set(given.map(({ name }) => name)).size < given.length) {
    throw new DiaryError("E_POLICY", "there are two keys for one log");
  }
  return given.sort((a, b) => comparePositions(parseOrigin(a.name).shard, parseOrigin(b.name).shard));
}
