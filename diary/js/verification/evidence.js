// The input of a check, and the parts of it that are read once: devices, terms, beacons. An object that
// cannot be verified is reported and counts as absent.

import { digest } from "../formats/encoding.js";
import { parseEnrolment } from "../objects/enrolment.js";
import { DiaryError, diaryError } from "../core/findings.js";
import { contractAttr } from "../log/leaf.js";
import { parseBeacon, parseTerms } from "../objects/beacon_and_terms.js";
import { forEach } from "../core/progress.js";
import { comparePositions } from "../log/position.js";
import { ms } from "../core/slots.js";

/** A beacon counts if the log received it in [slot - 120 s, slot]. */
const BEACON_EARLY_MS = 120_000n;
const SLOT_MS = 600_000n;

/**
 * The facts of a picture's file; null for a missing one.
 * @typedef {(sha: string) => Promise<{length: number, digest: string} | null>} BlobFacts
 */

/**
 * The complete input of a check. Signed objects are paired with their receipts; objects of the
 * marketplace are inside their receipts.
 * @typedef {object} Evidence
 * @property {string} aud
 * @property {import("../log/signed_note.js").NoteVerifier[]} verifiers The log keys trusted from outside.
 * @property {[Uint8Array, Uint8Array][]} devices Enrolments with their receipts.
 * @property {Uint8Array[]} terms Receipts that carry their object.
 * @property {Map<string, Uint8Array>} beacons Files by their claimed digest.
 * @property {Map<string, [Uint8Array, Uint8Array | null]>} segments SD-JWT and receipt by claimed hash.
 * @property {typeof import("../objects/segment.js").parseSegment} [readSegment] Replaces the parser, to
 *   reuse parsed segments.
 * @property {BlobFacts | null} blob Null to check no pictures.
 * @property {boolean} partial Whether the lowest number of each chain needs no segment before it.
 * @property {Uint8Array[]} keys Receipts of key leaves.
 * @property {[Uint8Array, Uint8Array][]} vouches
 * @property {[Uint8Array, Uint8Array][]} retires
 * @property {Uint8Array[]} revokes
 * @property {[Uint8Array, Uint8Array][]} amends
 * @property {[Uint8Array | null, Uint8Array][]} tombstones The marketplace's are paired with null.
 * @property {Uint8Array[]} reviews
 * @property {Map<string, Uint8Array> | null} checkpoints The newest of each shard, by its name.
 * @property {Map<string, Uint8Array>} consistency Proofs by `<log's name>/<older size>`.
 * @property {Uint8Array[]} [seen] Checkpoints of earlier checks, which the newest must continue.
 * @property {import("../log/witnesses.js").WitnessPolicy} [witnesses] The newest must reach its quorum.
 * @property {string | null} ctr The required contract, freelancer
 * @property {string | null} sub
 * @property {[number, number] | null} period and time (Unix s, from and before).
 */

/**
 * @typedef {import("./findings_collector.js").FindingCollector} FindingCollector
 * @typedef {import("../log/receipt_set.js").ReceiptSet} ReceiptSet
 * @typedef {import("../log/position.js").LogPosition} LogPosition
 * @typedef {{enrolment: import("../objects/enrolment.js").Enrolment, position: LogPosition, rtMs: number}} LoggedDevice
 * @typedef {{terms: import("../objects/beacon_and_terms.js").Terms, hash: string, position: LogPosition, rtMs: number}} LoggedTerms
 * @typedef {{beacon: import("../objects/beacon_and_terms.js").Beacon, position: LogPosition}} LoggedBeacon
 */

/**
 * The enrolments that the log holds, by kid, in log order.
 * @param {Evidence} evidence
 * @param {ReceiptSet} receipts
 * @param {FindingCollector} notes
 * @returns {Promise<Map<string, LoggedDevice>>}
 */
export async function readDevices(evidence, receipts, notes) {
  const devices = new Map();
  for (const [data, receipt] of evidence.devices) {
    let name = await digest(data);
    try {
      const enrolment = await parseEnrolment(data);
      name = enrolment.kid;
      const { leaf, position } = await receipts.open(receipt, "device", enrolment.digest);
      if (enrolment.aud !== evidence.aud || leaf.attrs !== enrolment.kid) {
        throw new DiaryError("E_DEVICE_UNLOGGED", "enrolled elsewhere");
      }
      const known = devices.get(name);
      if (known === undefined || comparePositions(position, known.position) < 0) {
        devices.set(name, { enrolment, position, rtMs: leaf.rtMs });
      }
    } catch (error) {
      notes.addError(diaryError(error), "device", name);
      notes.add("device", name, "E_DEVICE_UNLOGGED", "its enrolment does not count");
    }
  }
  return new Map([...devices].sort((a, b) => comparePositions(a[1].position, b[1].position)));
}

/**
 * The terms that count: logged, of this marketplace, and never backdated.
 * @param {Evidence} evidence
 * @param {ReceiptSet} receipts
 * @param {FindingCollector} notes
 * @returns {Promise<LoggedTerms[]>}
 */
export async function readTerms(evidence, receipts, notes) {
  const known = [];
  for (const receipt of evidence.terms) {
    try {
      const { leaf, position, object } = await receipts.open(receipt, "terms");
      const terms = parseTerms(object);
      if (terms.aud !== evidence.aud || leaf.attrs !== (await contractAttr(terms.ctr))) {
        throw new DiaryError("E_TERMS", "terms of another marketplace or contract");
      }
      if (ms(terms.from) < leaf.rtMs) {
        throw new DiaryError("E_TERMS", "terms from before they were logged");
      }
      known.push({ terms, hash: leaf.digest, position, rtMs: leaf.rtMs });
    } catch (error) {
      notes.addError(diaryError(error), "bundle", `terms/${await digest(receipt)}`);
    }
  }
  return known;
}

/**
 * The beacons that count, by the digest of their file.
 * @param {Evidence} evidence
 * @param {ReceiptSet} receipts
 * @param {FindingCollector} notes
 * @returns {Promise<Map<string, LoggedBeacon>>}
 */
export async function readBeacons(evidence, receipts, notes) {
  const known = new Map();
  await forEach(evidence.beacons, async ([h, data]) => {
    try {
      if ((await digest(data)) !== h) {
        throw new DiaryError("E_BEACON", "the file is not the one under this digest");
      }
      known.set(h, readBeacon(await receipts.open(data, "beacon")));
    } catch (error) {
      notes.addError(diaryError(error), "bundle", `beacons/${h}`);
    }
  });
  return known;
}

/**
 * Parse a logged beacon. Throws E_FORMAT, or E_BEACON if it is void: not logged in [slot - 120 s, slot].
 * Only leaf 0, the genesis beacon of a log, may be logged until its slot ends; it precedes every enrolment
 * and so never gives class A.
 * @param {import("../log/receipt_set.js").PlacedObject} logged
 * @returns {LoggedBeacon}
 */
function readBeacon({ leaf, index, object, position }) {
  const beacon = parseBeacon(object);
  const start = ms(beacon.slot);
  const latest = index === 0 ? start + SLOT_MS - 1n : start;
  if (leaf.attrs !== String(beacon.slot)) {
    throw new DiaryError("E_BEACON", "the leaf names another slot");
  }
  if (leaf.rtMs < start - BEACON_EARLY_MS || leaf.rtMs > latest) {
    throw new DiaryError("E_BEACON", "the beacon was not logged in its time");
  }
  return { beacon, position };
}
