// The check of a diary: evidence in, findings and assurance out. All findings are reported, sorted. Only
// a signer can cancel pay, so an unsigned fact is at most a warning.

import { checkChain, checkSwitches, timeOrder } from "./chain_rules.js";
import { applyChanges, checkEnded, lockMs, readKeys, readReviews } from "./statements.js";
import { DiaryError, diaryError, pays } from "../core/findings.js";
import { digest } from "../formats/encoding.js";
import { readBeacons, readDevices, readTerms } from "./evidence.js";
import { verifyJws } from "../formats/jws.js";
import { credit, parallel } from "./credit.js";
import { ReceiptSet } from "../log/receipt_set.js";
import { HashChainVerifier } from "../objects/picture_times.js";
import { FindingCollector } from "./findings_collector.js";
import { forEach, yieldToPage } from "../core/progress.js";
import { comparePositions } from "../log/position.js";
import { checkReceivedParts } from "../objects/received_parts.js";
import * as rules from "./segment_rules.js";
import { parseSegment } from "../objects/segment.js";
import { currentView } from "./current_view.js";
import { SLOT } from "../core/slots.js";

/**
 * @typedef {import("./statements.js").Keys} Keys
 * @typedef {import("./evidence.js").Evidence} Evidence
 * @typedef {import("./evidence.js").LoggedDevice} LoggedDevice
 * @typedef {import("./evidence.js").LoggedTerms} LoggedTerms
 * @typedef {import("./findings_collector.js").LoggedSegment} LoggedSegment
 */

/**
 * One authentic segment after the check; `limitS` is the weekly limit of its own terms and `client` their
 * client, null and an empty text if its terms do not count.
 * @typedef {LoggedSegment & {assurance: string, limitS: number | null, client: string}} Checked
 */

/**
 * All findings, sorted; every authentic segment by its hash, in order of time; the credit of each; the
 * devices that count; the review entries; the counted terms of the segments' contracts, in log order.
 * @typedef {object} Report
 * @property {import("../core/findings.js").Finding[]} findings
 * @property {Map<string, Checked>} segments
 * @property {Map<string, import("./credit.js").Credit>} credits
 * @property {Keys} keys
 * @property {ReturnType<typeof import("../objects/review_entry.js").parseReview>[]} reviews
 * @property {LoggedTerms[]} terms
 */

/**
 * A checked segment as input to `credit`.
 * @param {Checked} checked
 * @param {boolean} [allowed] Whether its client allowed its time over the limit.
 * @returns {import("./credit.js").CreditEntry}
 */
export function entryOf({ sealed, position, shown, codes, limitS, client }, allowed = false) {
  const { kind, slot, t0, sub, ctr } = sealed.segment;
  const inside = slot <= t0 && t0 < sealed.segment.t1 && sealed.segment.t1 <= slot + SLOT;
  const t1 = inside ? sealed.segment.t1 : t0;
  const { hash } = sealed;
  const { givenBackAt } = shown;
  const pay = { pays: pays(codes), givenBack: givenBackAt !== null, givenBackAt, limitS };
  return { hash, order: position, kind, t0, t1, ...pay, sub, client, ctr, allowed };
}

/**
 * Check all evidence. Never throws for its content; throws E_POLICY for `verifiers` that are not one for
 * each log of the marketplace `aud`.
 * @param {Evidence} evidence
 * @param {(done: number, total: number) => void} [onProgress] Called after each segment.
 * @returns {Promise<Report>}
 */
export async function check(evidence, onProgress = () => {}) {
  const notes = new FindingCollector();
  const { aud, verifiers, witnesses } = evidence;
  const receipts = await ReceiptSet.make(aud, verifiers, evidence.keys, notes, witnesses);
  const devices = await readDevices(evidence, receipts, notes);
  const keys = await readKeys(evidence, devices, receipts, notes);
  const segments = await readSegments(evidence, devices, receipts, notes, onProgress);
  const chains = groupBy(segments, (s) => `${s.sealed.kid}/${s.sealed.segment.ctr}`);
  for (const chain of chains.values()) {
    const { enrolment } = devices.get(chain[0].sealed.kid);
    checkChain(chain, enrolment.digest, evidence.partial, notes);
  }
  checkSwitches(segments, notes);
  checkEnded(segments, keys, notes);
  const knownTerms = await readTerms(evidence, receipts, notes);
  const own = await checkEach(evidence, segments, knownTerms, keys, receipts, notes);
  const reviews = await readReviews(evidence, receipts, notes);
  const checked = new Map();
  for (const segment of segments) {
    const { kid, hash } = segment.sealed;
    const { terms, beacon } = own.get(hash);
    const assurance = rules.assurance(segment, devices.get(kid), beacon);
    const client = terms?.client ?? "";
    checked.set(hash, { ...segment, assurance, limitS: terms?.limitS ?? null, client });
  }
  const credits = creditAll(checked, allowedBy(reviews, checked), notes);
  await readSeen(evidence, receipts, notes);
  await receipts.compare(evidence.checkpoints, evidence.consistency);
  const terms = termsOf(segments, knownTerms);
  return { findings: notes.sorted(), segments: checked, credits, keys, reviews, terms };
}

/**
 * Adds the checkpoints of earlier checks to those that must be one history.
 * @param {Evidence} evidence
 * @param {ReceiptSet} receipts
 * @param {FindingCollector} notes
 */
async function readSeen({ seen = [] }, receipts, notes) {
  for (const note of seen) {
    try {
      await receipts.checkpoint(note);
    } catch (error) {
      notes.addError(diaryError(error), "log", await digest(note));
    }
  }
}

/**
 * The terms of the segments' contracts, each by its first leaf, in log order.
 * @param {LoggedSegment[]} segments
 * @param {LoggedTerms[]} known
 */
function termsOf(segments, known) {
  const bodies = new Set(segments.map(({ sealed: { segment } }) => `${segment.ctr}/${segment.sub}`));
  const found = new Map();
  for (const each of [...known].sort((a, b) => comparePositions(a.position, b.position))) {
    const { ctr, sub } = each.terms;
    if (bodies.has(`${ctr}/${sub}`) && !found.has(each.hash)) found.set(each.hash, each);
  }
  return [...found.values()];
}

/**
 * @param {Evidence} evidence
 * @param {Map<string, LoggedDevice>} devices
 * @param {ReceiptSet} receipts
 * @param {FindingCollector} notes
 * @param {(done: number, total: number) => void} onProgress
 * @returns {Promise<LoggedSegment[]>}
 */
async function readSegments(evidence, devices, receipts, notes, onProgress) {
  const found = [];
  let done = 0;
  await forEach(evidence.segments, async ([name, [data, receipt]]) => {
    const segment = await readSegment(evidence, devices, receipts, notes, name, data);
    if (segment !== null && receipt !== null) await readReceipt(segment, receipt, receipts, notes);
    if (segment !== null) found.push(segment);
    onProgress(++done, evidence.segments.size);
  });
  return found.sort(timeOrder);
}

/**
 * @param {Evidence} evidence
 * @param {Map<string, LoggedDevice>} devices
 * @param {ReceiptSet} receipts
 * @param {FindingCollector} notes
 * @param {string} name
 * @param {Uint8Array} data
 * @returns {Promise<LoggedSegment | null>}
 */
async function readSegment(evidence, devices, receipts, notes, name, data) {
  let sealed;
  try {
    sealed = await authenticate(evidence, data, devices);
    if (sealed.hash !== name) {
      throw new DiaryError("E_SIG", "the name belongs to another segment");
    }
  } catch (error) {
    const { code, detail } = diaryError(error);
    notes.add("segment", name, code, detail);
    return null;
  }
  if (!isInScope(evidence, sealed.segment)) {
    const detail = "of another contract, freelancer or time than required";
    notes.add("bundle", `segments/${name}`, "E_MANIFEST", detail);
    return null;
  }
  const shown = currentView(sealed);
  const codes = new Set();
  return { sealed, position: null, rtMs: null, received: null, switches: 0, shown, codes };
}

/** @param {Evidence} evidence @param {import("../objects/segment.js").Segment} body */
function isInScope({ ctr, sub, period }, body) {
  const [first, end] = period ?? [body.t0, Infinity];
  const same = (ctr ?? body.ctr) === body.ctr && (sub ?? body.sub) === body.sub;
  return same && first <= body.t0 && body.t0 < end;
}

/**
 * Parse a segment and verify its signature; every other error is a finding. Throws E_FORMAT,
 * E_ALG, E_TYP, E_KID_UNKNOWN, E_KEY_WEAK or E_SIG.
 * @param {Evidence} evidence
 * @param {Uint8Array} data
 * @param {Map<string, LoggedDevice>} devices
 */
async function authenticate({ aud, readSegment: read = parseSegment }, data, devices) {
  const sealed = await read(data);
  const device = devices.get(sealed.kid)?.enrolment;
  if (device === undefined) throw new DiaryError("E_KID_UNKNOWN", "no such device is enrolled");
  await verifyJws(sealed.sdjwt.jws, device.key);
  const { segment } = sealed;
  if (segment.aud !== device.aud || segment.sub !== device.sub || device.aud !== aud) {
    throw new DiaryError("E_KID_UNKNOWN", "the device is enrolled for another person");
  }
  return sealed;
}

/**
 * @param {LoggedSegment} segment
 * @param {Uint8Array} receipt
 * @param {ReceiptSet} receipts
 * @param {FindingCollector} notes
 */
async function readReceipt(segment, receipt, receipts, notes) {
  const { hash } = segment.sealed;
  try {
    const { leaf, position } = await receipts.open(receipt, "segment", hash);
    segment.position = position;
    segment.rtMs = leaf.rtMs;
    segment.received = Number(leaf.attrs);
  } catch (error) {
    const { code, detail } = diaryError(error);
    if (code === "E_CP_SIG") notes.add("log", hash, code, detail);
    notes.addToSegment(segment, "E_INCLUSION", detail);
  }
}

/**
 * Check each segment against the log; returns the segments' own terms and beacons, by hash.
 * @param {Evidence} evidence
 * @param {LoggedSegment[]} segments
 * @param {LoggedTerms[]} knownTerms
 * @param {Keys} keys
 * @param {ReceiptSet} receipts
 * @param {FindingCollector} notes
 */
async function checkEach(evidence, segments, knownTerms, keys, receipts, notes) {
  const knownBeacons = await readBeacons(evidence, receipts, notes);
  const own = new Map();
  for (const segment of segments) {
    rules.checkTimes(segment, keys.devices.get(segment.sealed.kid), notes);
    const beacon = rules.checkBeacon(segment, knownBeacons, notes);
    const terms = rules.checkTerms(segment, knownTerms, beacon, notes);
    rules.checkLock(segment, lockMs(segment.sealed.segment.t0, terms), notes);
    own.set(segment.sealed.hash, { terms, beacon });
  }
  const agreed = new Map([...own].map(([hash, { terms }]) => [hash, terms]));
  await applyChanges(evidence, segments, agreed, keys, receipts, notes);
  const walked = new Map([...keys.devices.keys()].map((kid) => [kid, new HashChainVerifier()]));
  for (const segment of segments) {
    const { hash, kid } = segment.sealed;
    const { terms, beacon } = own.get(hash);
    const { enrolment } = keys.devices.get(kid);
    await yieldToPage();
    await rules.checkPictures(segment, enrolment, terms, beacon, walked.get(kid), notes);
    checkReceivedParts(segment, notes);
    await rules.checkParts(segment, evidence.blob, notes);
  }
  return own;
}

/**
 * The segments whose time over the limit their own client allowed. In `by`, a person of a client's
 * company is `client/person`.
 * @param {Report["reviews"]} reviews
 * @param {Map<string, Checked>} checked
 * @returns {Set<string>}
 */
function allowedBy(reviews, checked) {
  const found = new Set();
  for (const { kind, by, segments } of reviews) {
    if (kind !== "allow") continue;
    const [client] = by.split("/");
    for (const hash of segments) if (checked.get(hash)?.client === client) found.add(hash);
  }
  return found;
}

/**
 * The credit of all segments; `allowed` are those with `CreditEntry.allowed`. Adds W_OVERLAP and
 * W_PARALLEL to them.
 * @param {Map<string, Checked>} checked
 * @param {Set<string>} allowed
 * @param {FindingCollector} notes
 * @returns {Map<string, import("./credit.js").Credit>}
 */
function creditAll(checked, allowed, notes) {
  const entries = [...checked].map(([hash, each]) => entryOf(each, allowed.has(hash)));
  const shares = credit(entries);
  for (const [hash, { overlap }] of shares) {
    if (!overlap) continue;
    notes.addToSegment(checked.get(hash), "W_OVERLAP", `${overlap} s are in earlier ones`);
  }
  for (const hash of parallel(entries)) {
    notes.addToSegment(checked.get(hash), "W_PARALLEL", "also recorded for another client");
  }
  return shares;
}

/**
 * @template T
 * @param {Iterable<T>} items
 * @param {(item: T) => string} keyOf
 * @returns {Map<string, T[]>}
 */
export function groupBy(items, keyOf) {
  const groups = new Map();
  for (const item of items) {
    const key = keyOf(item);
    if (!groups.has(key)) groups.set(key, []);
    groups.get(key).push(item);
  }
  return groups;
}
