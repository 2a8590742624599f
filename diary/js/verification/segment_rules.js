// Rules for one segment, its log entry, its terms and its beacon. Each function adds its findings; none of
// them throws. Milliseconds that are computed from seconds are BigInt.

import { b64urlDecode } from "../formats/encoding.js";
import { anchorOf } from "../objects/enrolment.js";
import { pays } from "../core/findings.js";
import { drawValue, inOrder, pickTimes, scheduledTimes } from "../objects/picture_times.js";
import { comparePositions } from "../log/position.js";
import { isMasked } from "../objects/picture.js";
import { LAWFULLY_ABSENT } from "../objects/segment.js";
import { DAY, SLOT, ms } from "../core/slots.js";

/** Slack between the session clock and the log's clock. */
const CLOCK_SLACK_MS = 5_000n;
/** Slack between the session clock's whole seconds and the awake clock's milliseconds. */
const AWAKE_SLACK_MS = 2_000n;
const LATE_MS = 30n * 60n * 1000n;
/** Changes of the device in a day, of one freelancer on one contract, that cost no protection. */
const MAX_SWITCHES = 3;
const WEAKER = ["W_LATE", "W_OFFLINE", "W_CLOCK_JUMP", "W_DEVICE_SWITCH"];
const TOO_LATE_MS = ms(60 * DAY);

/**
 * @typedef {import("./findings_collector.js").LoggedSegment} LoggedSegment
 * @typedef {import("./findings_collector.js").FindingCollector} FindingCollector
 * @typedef {import("./evidence.js").LoggedDevice} LoggedDevice
 * @typedef {import("./evidence.js").LoggedTerms} LoggedTerms
 * @typedef {import("./evidence.js").LoggedBeacon} LoggedBeacon
 * @typedef {import("../objects/beacon_and_terms.js").Terms} Terms
 */

/**
 * Slot, range, awake time, and the order of enrolment, work and receipt.
 * @param {LoggedSegment} segment
 * @param {LoggedDevice} device
 * @param {FindingCollector} notes
 */
export function checkTimes(segment, device, notes) {
  const { kind, slot, t0, t1, up0, up1, awake } = segment.sealed.segment;
  if (slot % SLOT) notes.addToSegment(segment, "E_SLOT_ALIGN", "the slot does not begin at a tenth minute");
  if (!(slot <= t0 && t0 < t1 && t1 <= slot + SLOT)) {
    notes.addToSegment(segment, "E_TIME_RANGE", "its times lie outside its slot");
  }
  if (up0 !== null && up1 !== null && awake !== null) {
    const difference = ms(t1 - t0) - BigInt(awake);
    if (difference > AWAKE_SLACK_MS || -difference > AWAKE_SLACK_MS) {
      notes.addToSegment(segment, "E_TIME_RANGE", "its length is not the time awake");
    }
    if (BigInt(up1) - BigInt(up0) - BigInt(awake) > AWAKE_SLACK_MS) {
      notes.addToSegment(segment, "E_TIME_RANGE", "the machine slept in it");
    }
  }
  if (ms(t0) < BigInt(device.rtMs) - CLOCK_SLACK_MS) {
    notes.addToSegment(segment, "E_DEVICE_UNLOGGED", "it begins before the device was enrolled");
  }
  if (segment.rtMs === null) return;
  const received = BigInt(segment.rtMs);
  if (ms(t1) > received + CLOCK_SLACK_MS) {
    notes.addToSegment(segment, "E_AFTER_RECEIPT", "it ends after it was received");
  }
  if (kind !== "manual" && received > ms(t1) + TOO_LATE_MS) {
    notes.addToSegment(segment, "E_LATE", "received more than 60 days after its end");
  } else if (kind === "auto" && received > ms(slot) + ms(SLOT) + LATE_MS) {
    notes.addToSegment(segment, "W_LATE", "received more than 30 minutes after its slot");
  }
}

/**
 * The terms of the segment, if they count; adds E_TERMS and E_KIND.
 * @param {LoggedSegment} segment
 * @param {LoggedTerms[]} known
 * @param {LoggedBeacon | null} beacon
 * @param {FindingCollector} notes
 * @returns {Terms | null}
 */
export function checkTerms(segment, known, beacon, notes) {
  const { ctr, sub, terms: hash, kind, t0 } = segment.sealed.segment;
  const mine = known.filter(({ terms }) => terms.ctr === ctr && terms.sub === sub);
  const own = mine.find((each) => each.hash === hash)?.terms;
  if (own === undefined) {
    notes.addToSegment(segment, "E_TERMS", "its terms are not in the log");
    return null;
  }
  if (own.from > t0) notes.addToSegment(segment, "E_TERMS", "its terms begin after it");
  if (own.state !== "active") notes.addToSegment(segment, "E_TERMS", "the contract was not active");
  // An offline device works under the terms that it has. Newer terms bind it from the first beacon
  // that proves that it had read a log with these terms.
  const seen = kind === "manual" ? segment.position : (beacon?.position ?? null);
  for (const { terms, position } of mine) {
    const newer = own.from < terms.from && terms.from <= t0;
    if (newer && seen !== null && comparePositions(position, seen) < 0) {
      notes.addToSegment(segment, "E_TERMS", "newer terms were in force");
    }
  }
  if ((kind === "kept" && !own.kept) || (kind === "manual" && !own.manual)) {
    notes.addToSegment(segment, "E_KIND", `the terms do not allow ${kind} time`);
  }
  return own;
}

/**
 * Manual time counts only if the log received it before its week locked (Unix ms).
 * @param {LoggedSegment} segment
 * @param {bigint} lockMs
 * @param {FindingCollector} notes
 */
export function checkLock(segment, lockMs, notes) {
  const { sealed, rtMs } = segment;
  if (sealed.segment.kind === "manual" && rtMs !== null && BigInt(rtMs) >= lockMs) {
    notes.addToSegment(segment, "E_LATE", "entered after the week was locked");
  }
}

/**
 * The beacon that the segment names, if it counts; adds E_BEACON and related findings.
 * @param {LoggedSegment} segment
 * @param {Map<string, LoggedBeacon>} known
 * @param {FindingCollector} notes
 * @returns {LoggedBeacon | null}
 */
export function checkBeacon(segment, known, notes) {
  const { bcn, slot } = segment.sealed.segment;
  if (bcn === null) return null;
  if (bcn.slot > slot) {
    notes.addToSegment(segment, "E_BEFORE_BEACON", "its beacon is of a later slot");
  } else if (bcn.slot !== slot) {
    notes.addToSegment(segment, "W_OFFLINE", "the beacon of its slot was not at hand");
  }
  const found = known.get(bcn.h);
  if (found === undefined || found.beacon.slot !== bcn.slot) {
    notes.addToSegment(segment, "E_BEACON", "no logged beacon has this digest and slot");
    return null;
  }
  return found;
}

/**
 * Check the revealed chain value, and every picture's time against those that it fixes.
 * @param {LoggedSegment} segment
 * @param {import("../objects/enrolment.js").Enrolment} enrolment
 * @param {Terms | null} terms
 * @param {LoggedBeacon | null} beacon
 * @param {import("../objects/picture_times.js").HashChainVerifier} anchors
 * @param {FindingCollector} notes
 */
export async function checkPictures(segment, enrolment, terms, beacon, anchors, notes) {
  const { kind, slot, mom, t0 } = segment.sealed.segment;
  if (kind === "manual") return;
  const anchor = anchorOf(enrolment, slot);
  if ((mom === null) !== (anchor === null)) {
    notes.addToSegment(segment, "E_MOMENT", "a moment value is missing, or no anchor covers it");
    return;
  }
  if (mom === null) return;
  const value = b64urlDecode(mom, 32);
  if (!(await anchors.verify(value, slot, b64urlDecode(anchor, 32)))) {
    notes.addToSegment(segment, "E_MOMENT", "the moment value does not meet the anchor");
    return;
  }
  if (terms === null || beacon === null) return;
  const val = drawValue(beacon.beacon, slot);
  if (kind === "kept") {
    // Draws are needed for pictures only, and most kept time has none.
    const due = segment.sealed.segment.pics ? await pickTimes(value, val, slot) : [];
    checkPictureTimes(segment, due.filter((d) => d >= ms(t0)), terms.shotTolMs, notes);
    return;
  }
  const due = await scheduledTimes(value, val, slot, t0, terms.shots);
  checkPictureCount(segment, due, terms, notes);
  checkPictureTimes(segment, due, terms.shotTolMs, notes);
}

/**
 * @param {LoggedSegment} segment
 * @param {bigint[]} due
 * @param {Terms} terms
 * @param {FindingCollector} notes
 */
function checkPictureCount(segment, due, terms, notes) {
  const { t1, pics, shot } = segment.sealed.segment;
  const end = ms(t1);
  if (pics > due.filter((d) => d < end).length) {
    notes.addToSegment(segment, "E_MOMENT", "a picture where no moment was due");
  }
  if ((shot === "none") !== (terms.shots === 0)) {
    notes.addToSegment(segment, "E_MOMENT", "the terms decide whether pictures are taken");
  }
  if (shot === "ok" && pics !== terms.shots) {
    notes.addToSegment(segment, "E_MOMENT", "fewer pictures than moments");
  }
  const tolerance = BigInt(terms.shotTolMs);
  if (shot === "ended" && pics < due.filter((d) => d + tolerance < end).length) {
    notes.addToSegment(segment, "E_MOMENT", "a moment lay inside it and no picture was taken");
  }
}

/**
 * @param {LoggedSegment} segment
 * @param {bigint[]} due
 * @param {number} toleranceMs
 * @param {FindingCollector} notes
 */
function checkPictureTimes(segment, due, toleranceMs, notes) {
  const { t0, t1, shotAt } = segment.sealed.segment;
  const open = inOrder(due);
  for (const at of shotAt) {
    const fits = open.findIndex((d) => d <= at && at <= d + BigInt(toleranceMs));
    if (fits < 0 || at < ms(t0) || at >= ms(t1)) {
      notes.addToSegment(segment, "E_SHOT_TIME", "a picture was not taken at its moment");
      continue;
    }
    open.splice(fits, 1);
  }
}

/**
 * Check disclosures and pictures, and report missing ones. None of this changes pay.
 * @param {LoggedSegment} segment
 * @param {((sha: string) => Promise<{length: number, digest: string} | null>) | null} blob
 * @param {FindingCollector} notes
 */
export async function checkParts(segment, blob, notes) {
  const { sealed, shown } = segment;
  for (const { code, detail } of sealed.sdjwt.problems) {
    notes.add("disclosure", sealed.hash, code, detail);
  }
  if (shown.withheld) notes.addToSegment(segment, "W_WITHHELD", "a part is not shown");
  const { kind, shot } = sealed.segment;
  if (kind === "auto" && shot !== "ok" && !LAWFULLY_ABSENT.has(shot)) {
    notes.addToSegment(segment, "W_SHOT_MISSING", `no picture: ${shot}`);
  }
  if (shot === "masked" || [...shown.pictures.values()].some(isMasked)) {
    notes.addToSegment(segment, "N_MASKED", "masked by the freelancer");
  }
  if (blob === null) return;
  for (const [number, { blob: full, thumb }] of shown.pictures) {
    await checkBlob(segment, `shot_${number}`, full, blob, notes);
    await checkBlob(segment, `shot_${number}/thumb`, thumb, blob, notes);
  }
}

/**
 * @param {LoggedSegment} segment
 * @param {string} name
 * @param {import("../objects/picture.js").Blob} part
 * @param {(sha: string) => Promise<{length: number, digest: string} | null>} blob
 * @param {FindingCollector} notes
 */
async function checkBlob(segment, name, part, blob, notes) {
  const facts = await blob(part.sha256);
  if (facts === null) {
    notes.addToSegment(segment, "W_BLOB_MISSING", "a picture has not arrived");
  } else if (facts.length !== part.bytes || facts.digest !== part.sha256) {
    const subject = `${segment.sealed.hash}/${name}`;
    notes.add("disclosure", subject, "E_SHOT_HASH", "the picture was changed");
  }
}

/**
 * `A`, `B` or `C`. A segment that is not logged yet is `C`.
 * @param {LoggedSegment} segment
 * @param {LoggedDevice} device
 * @param {LoggedBeacon | null} beacon
 */
export function assurance(segment, device, beacon) {
  const { kind, mom } = segment.sealed.segment;
  if (!pays(segment.codes) || kind === "manual" || mom === null || segment.rtMs === null) {
    return "C";
  }
  if (segment.switches > MAX_SWITCHES) return "C";
  const weaker = WEAKER.some((code) => segment.codes.has(code));
  const ownBeacon = beacon !== null && comparePositions(beacon.position, device.position) > 0;
  return kind === "auto" && ownBeacon && !weaker ? "A" : "B";
}
