// Later statements about devices and segments: revocations, retirements, vouches, amendments, tombstones,
// reviews. A statement counts only if it is authentic, logged, and signed by a party that may make it. Any
// other statement is a finding about the bundle, is ignored, and never changes pay. Statements that a
// device makes after the revocation of its key do not count.

import { split, unique, uniquePairs } from "../formats/bytes.js";
import { digest } from "../formats/encoding.js";
import { DiaryError, diaryError } from "../core/findings.js";
import { parseAmend } from "../objects/amendment.js";
import { verifyJws } from "../formats/jws.js";
import { parseRetire, parseRevoke, parseVouch } from "../objects/device_lifecycle.js";
import { comparePositions } from "../log/position.js";
import { parseReview } from "../objects/review_entry.js";
import { currentView } from "./current_view.js";
import { WEEK, ms, weekOf } from "../core/slots.js";
import { parseTombstone, parseTombstoneObject } from "../objects/tombstone.js";

const TILDE = 0x7e;

/**
 * @typedef {import("./evidence.js").Evidence} Evidence
 * @typedef {import("./evidence.js").LoggedDevice} LoggedDevice
 * @typedef {import("../log/receipt_set.js").ReceiptSet} ReceiptSet
 * @typedef {import("./findings_collector.js").LoggedSegment} LoggedSegment
 * @typedef {import("./findings_collector.js").FindingCollector} FindingCollector
 * @typedef {import("../log/position.js").LogPosition} LogPosition
 */

/**
 * The devices that count, and the state of their keys: the position of each revocation and of each first
 * retirement, the last segments of retired devices, and later devices of a freelancer for which no
 * earlier one has vouched.
 * @typedef {object} Keys
 * @property {Map<string, LoggedDevice>} devices
 * @property {Map<string, LogPosition>} revoked
 * @property {Map<string, LogPosition>} retired
 * @property {Map<string, import("../objects/device_lifecycle.js").RetirementHead[]>} heads
 * @property {Set<string>} unvouched
 */

/** Reads the signed statements of one kind. */
class StatementReader {
  /**
   * @param {ReceiptSet} receipts
   * @param {FindingCollector} notes
   * @param {Map<string, LoggedDevice>} devices
   * @param {Map<string, LogPosition>} [revoked]
   */
  constructor(receipts, notes, devices, revoked = new Map()) {
    this.receipts = receipts;
    this.notes = notes;
    this.devices = devices;
    this.revoked = revoked;
  }

  /**
   * The statements that a counted device has signed and the log holds, each once: the first leaf of an
   * object counts.
   * @param {[Uint8Array, Uint8Array][]} pairs
   * @param {string} folder
   * @param {string} type The leaf's.
   * @param {(data: Uint8Array) => Promise<any>} parse
   */
  async read(pairs, folder, type, parse) {
    const found = new Map();
    for (const [data, receipt] of uniquePairs(pairs)) {
      const name = await digest(split(data, TILDE)[0]);
      try {
        const body = await parse(data);
        const { jws } = body;
        const device = this.devices.get(jws.kid);
        if (device === undefined) {
          throw new DiaryError("E_KID_UNKNOWN", "no such device is enrolled");
        }
        const { enrolment } = device;
        await verifyJws(jws, enrolment.key);
        if (body.aud !== undefined && body.aud !== enrolment.aud) {
          throw new DiaryError("E_KID_UNKNOWN", "the device belongs to another person");
        }
        if (body.sub !== undefined && body.sub !== enrolment.sub) {
          throw new DiaryError("E_KID_UNKNOWN", "the device belongs to another person");
        }
        const { leaf, position } = await this.receipts.open(receipt, type, jws.digest);
        if (type === "retire" && leaf.attrs !== jws.kid) {
          throw new DiaryError("E_INCLUSION", "the leaf names another device");
        }
        const since = this.revoked.get(jws.kid);
        if (since !== undefined && comparePositions(since, position) < 0) {
          throw new DiaryError("E_REVOKED", "signed after its key was revoked");
        }
        if (!found.has(name) || comparePositions(position, found.get(name).position) < 0) {
          found.set(name, { body, name, device, position, rtMs: leaf.rtMs });
        }
      } catch (error) {
        this.notes.addError(diaryError(error), "bundle", `${folder}/${name}`);
      }
    }
    return found.values();
  }

  /**
   * Report the refused disclosures of a statement that counts.
   * @param {import("../formats/sd_jwt.js").SdJwt} sdjwt
   */
  disclosures(sdjwt) {
    for (const { code, detail } of sdjwt.problems) {
      this.notes.add("disclosure", sdjwt.jws.digest, code, detail);
    }
  }
}

/**
 * The states of the devices' keys; adds W_UNVOUCHED.
 * @param {Evidence} evidence
 * @param {Map<string, LoggedDevice>} devices In log order.
 * @param {ReceiptSet} receipts
 * @param {FindingCollector} notes
 * @returns {Promise<Keys>}
 */
export async function readKeys(evidence, devices, receipts, notes) {
  const revoked = new Map();
  for (const receipt of unique(evidence.revokes)) {
    try {
      const { leaf, object, position } = await receipts.open(receipt, "revoke");
      const { kid } = parseRevoke(object);
      if (leaf.attrs !== kid) {
        throw new DiaryError("E_INCLUSION", "the leaf names another device");
      }
      const first = revoked.get(kid) ?? position;
      revoked.set(kid, comparePositions(first, position) <= 0 ? first : position);
    } catch (error) {
      notes.addError(diaryError(error), "bundle", `revokes/${await digest(receipt)}`);
    }
  }
  const reader = new StatementReader(receipts, notes, devices, revoked);
  const heads = new Map();
  const retired = new Map();
  const retirements = await reader.read(evidence.retires, "retires", "retire", parseRetire);
  for (const { body, position } of retirements) {
    const { kid } = body.jws;
    reader.disclosures(body.sdjwt);
    heads.set(kid, [...(heads.get(kid) ?? []), ...body.heads]);
    const first = retired.get(kid) ?? position;
    retired.set(kid, comparePositions(first, position) <= 0 ? first : position);
  }
  return { devices, revoked, retired, heads, unvouched: await findUnvouched(evidence, reader) };
}

/** @param {Evidence} evidence @param {StatementReader} reader */
async function findUnvouched(evidence, reader) {
  const { devices, notes } = reader;
  /** @type {Map<string, string[]>} */
  const vouchers = new Map();
  for (const statement of await reader.read(evidence.vouches, "vouches", "vouch", parseVouch)) {
    const { kid } = statement.body;
    const made = devices.get(kid);
    const old = statement.device;
    if (
      made === undefined ||
      made.enrolment.sub !== old.enrolment.sub ||
      comparePositions(made.position, old.position) <= 0
    ) {
      const detail = "it is for no later device of the same freelancer";
      notes.add("bundle", `vouches/${statement.name}`, "E_KID_UNKNOWN", detail);
      continue;
    }
    vouchers.set(kid, [...(vouchers.get(kid) ?? []), old.enrolment.kid]);
  }
  const known = new Set();
  const good = new Set();
  for (const [kid, { enrolment }] of devices) {
    if (!known.has(enrolment.sub) || vouchers.get(kid)?.some((other) => good.has(other))) {
      good.add(kid);
    } else {
      notes.add("device", kid, "W_UNVOUCHED", "no earlier device has vouched for it");
    }
    known.add(enrolment.sub);
  }
  return new Set([...devices.keys()].filter((kid) => !good.has(kid)));
}

/**
 * E_REVOKED and E_RETIRED for segments that were not logged before their device was revoked or retired,
 * unless a retirement names the segment or one that follows it.
 * @param {LoggedSegment[]} segments
 * @param {Keys} keys
 * @param {FindingCollector} notes
 */
export function checkEnded(segments, keys, notes) {
  const byHash = new Map(segments.map((segment) => [segment.sealed.hash, segment]));
  for (const kid of new Set([...keys.revoked.keys(), ...keys.retired.keys()])) {
    const spared = chainUpTo(byHash, kid, keys.heads.get(kid) ?? []);
    for (const segment of segments) {
      if (segment.sealed.kid !== kid || spared.has(segment.sealed.hash)) continue;
      if (loggedAfter(segment, keys.revoked.get(kid))) {
        notes.addToSegment(segment, "E_REVOKED", "its device was revoked before it was logged");
      }
      if (loggedAfter(segment, keys.retired.get(kid))) {
        notes.addToSegment(segment, "E_RETIRED", "its device was retired before it was logged");
      }
    }
  }
}

/**
 * The segments that the heads name, and those that lead there.
 * @param {Map<string, LoggedSegment>} byHash
 * @param {string} kid
 * @param {import("../objects/device_lifecycle.js").RetirementHead[]} heads
 */
function chainUpTo(byHash, kid, heads) {
  const found = new Set();
  for (const head of heads) {
    let name = head.h;
    let number = head.seq;
    while (byHash.has(name) && !found.has(name)) {
      const { sealed } = byHash.get(name);
      const { ctr, seq, prev } = sealed.segment;
      if (sealed.kid !== kid || ctr !== head.ctr || seq !== number) break;
      found.add(name);
      name = prev;
      number -= 1;
    }
  }
  return found;
}

/**
 * Whether the log did not hold it at `end`; an unlogged one precedes nothing.
 * @param {LoggedSegment} segment
 * @param {LogPosition | undefined} end
 */
function loggedAfter(segment, end) {
  if (end === undefined) return false;
  return segment.position === null || comparePositions(segment.position, end) > 0;
}

/**
 * When the week of a segment that begins at `t0` (Unix s) locks, Unix ms: `edit_until_s` of its own
 * terms after the week's end, or at the week's end where they do not count.
 * @param {number} t0
 * @param {import("../objects/beacon_and_terms.js").Terms | null | undefined} terms
 */
export function lockMs(t0, terms) {
  return ms(weekOf(t0)) + ms(WEEK + (terms?.editUntilS ?? 0));
}

/**
 * The statements about one segment.
 * @typedef {object} Change
 * @property {LoggedSegment} segment
 * @property {bigint} lockMs
 * @property {{position: LogPosition, memo: import("./current_view.js").AmendedMemo}[]} memos
 * @property {Set<string>} deleted
 * @property {number} deletions
 * @property {LogPosition | null} givenBackAt
 */

/**
 * Apply amendments and tombstones to the visible parts of the segments, and to the time that is given
 * back. Adds N_DELETED, and findings about statements that do not count.
 * @param {Evidence} evidence
 * @param {LoggedSegment[]} segments
 * @param {Map<string, import("../objects/beacon_and_terms.js").Terms | null>} terms The segments' own, by hash.
 * @param {Keys} keys
 * @param {ReceiptSet} receipts
 * @param {FindingCollector} notes
 */
export async function applyChanges(evidence, segments, terms, keys, receipts, notes) {
  const reader = new StatementReader(receipts, notes, keys.devices, keys.revoked);
  /** @type {Map<string, Change>} */
  const changes = new Map();
  for (const segment of segments) {
    const { hash, segment: body } = segment.sealed;
    changes.set(hash, {
      segment,
      lockMs: lockMs(body.t0, terms.get(hash)),
      memos: [],
      deleted: new Set(),
      deletions: 0,
      givenBackAt: null,
    });
  }
  await readAmends(evidence, changes, reader);
  await readTombstones(evidence, changes, reader);
  for (const { segment, memos, deleted, deletions, givenBackAt } of changes.values()) {
    if (memos.length || deletions) {
      memos.sort((a, b) => comparePositions(a.position, b.position));
      const inOrder = memos.map(({ memo }) => memo);
      segment.shown = currentView(segment.sealed, { memos: inOrder, deleted, deletions, givenBackAt });
    }
    if (deletions) notes.addToSegment(segment, "N_DELETED", "a part was deleted");
  }
}

/** @param {Evidence} evidence @param {Map<string, Change>} changes @param {StatementReader} reader */
async function readAmends(evidence, changes, reader) {
  const { notes } = reader;
  for (const statement of await reader.read(evidence.amends, "amends", "amend", parseAmend)) {
    const { body } = statement;
    const subject = `amends/${statement.name}`;
    const change = target(changes, body.segment, statement.device, subject, notes);
    if (change === null) continue;
    if (statement.rtMs >= change.lockMs) {
      const detail = "the memo was changed after the week was locked";
      notes.add("bundle", subject, "E_LATE", detail);
      continue;
    }
    reader.disclosures(body.sdjwt);
    const { at, memo: text, memoDigest } = body;
    const { withheld } = body.sdjwt;
    const memo = { amendment: statement.name, at, text, digest: memoDigest, withheld };
    change.memos.push({ position: statement.position, memo });
  }
}

/** @param {Evidence} evidence @param {Map<string, Change>} changes @param {StatementReader} reader */
async function readTombstones(evidence, changes, reader) {
  const { notes, receipts } = reader;
  const signed = evidence.tombstones.filter(([data]) => data !== null);
  for (const statement of await reader.read(signed, "tombstones", "tombstone", parseTombstone)) {
    const { scope, digests, segment } = statement.body;
    const subject = `tombstones/${statement.name}`;
    const change = target(changes, segment, statement.device, subject, notes);
    if (change === null) continue;
    const inTime = statement.rtMs < change.lockMs;
    const givesTimeBack = scope.includes("time");
    if (givesTimeBack && scope.length === 1 && !inTime) {
      const detail = "time was given back after the week was locked";
      notes.add("bundle", subject, "E_LATE", detail);
    } else {
      // A picture may be deleted at any time; its time then stays as it was.
      if (inTime && givesTimeBack) {
        const { givenBackAt: earlier } = change;
        const first = earlier === null || comparePositions(statement.position, earlier) < 0;
        change.givenBackAt = first ? statement.position : earlier;
      }
      for (const each of digests) change.deleted.add(each);
      change.deletions += 1;
    }
  }
  const unsigned = evidence.tombstones.filter(([data]) => data === null);
  const known = new Set();
  for (const receipt of unique(unsigned.map(([, each]) => each))) {
    const subject = `tombstones/${await digest(receipt)}`;
    try {
      const { leaf, object } = await receipts.open(receipt, "tombstone");
      const { digests, segment } = parseTombstoneObject(object);
      const change = target(changes, segment, null, subject, notes);
      if (change === null || known.has(leaf.digest)) continue;
      known.add(leaf.digest);
      for (const each of digests) change.deleted.add(each);
      change.deletions += 1;
    } catch (error) {
      notes.addError(diaryError(error), "bundle", subject);
    }
  }
}

/**
 * The segment that a statement names, if it exists and belongs to the device's freelancer.
 * @param {Map<string, Change>} changes
 * @param {string} segment
 * @param {LoggedDevice | null} device
 * @param {string} subject
 * @param {FindingCollector} notes
 * @returns {Change | null}
 */
function target(changes, segment, device, subject, notes) {
  const change = changes.get(segment) ?? null;
  if (change === null) {
    notes.add("bundle", subject, "E_GAP", "the segment that it names is missing");
    return null;
  }
  if (device !== null && device.enrolment.sub !== change.segment.sealed.segment.sub) {
    notes.add("bundle", subject, "E_KID_UNKNOWN", "the segment belongs to another person");
    return null;
  }
  return change;
}

/**
 * The logged review entries about the segments, in log order.
 * @param {Evidence} evidence
 * @param {ReceiptSet} receipts
 * @param {FindingCollector} notes
 */
export async function readReviews(evidence, receipts, notes) {
  const found = new Map();
  for (const receipt of unique(evidence.reviews)) {
    try {
      const { leaf, object, position } = await receipts.open(receipt, "review");
      const review = parseReview(object);
      if (review.aud !== evidence.aud || review.ctr !== (evidence.ctr ?? review.ctr)) {
        throw new DiaryError("E_KID_UNKNOWN", "about another contract");
      }
      const known = found.get(leaf.digest);
      if (known === undefined || comparePositions(position, known.position) < 0) {
        found.set(leaf.digest, { position, review });
      }
    } catch (error) {
      notes.addError(diaryError(error), "bundle", `reviews/${await digest(receipt)}`);
    }
  }
  const inOrder = [...found.values()].sort((a, b) => comparePositions(a.position, b.position));
  return inOrder.map(({ review }) => review);
}
