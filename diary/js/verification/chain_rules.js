// Rules between segments. In one chain (device, contract): forks, gaps, digests, epochs, clock jumps, the
// choice of beacons. For one (freelancer, contract): changes of the device.

import { compareText } from "../core/findings.js";
import { comparePositions } from "../log/position.js";
import { dayOf, ms } from "../core/slots.js";

/** Largest drift between the session clock and the suspend-counting clock within one boot. */
const CLOCK_JUMP_MS = 2_000n;
/** After a break of this length (s) a change of the device is no choice between two picture times. */
const SWITCH_BREAK_S = 4 * 3600;

/**
 * @typedef {import("./findings_collector.js").LoggedSegment} LoggedSegment
 * @typedef {import("./findings_collector.js").FindingCollector} FindingCollector
 */

/** @param {LoggedSegment} a @param {LoggedSegment} b */
function logOrder(a, b) {
  return (
    Number(a.position === null) - Number(b.position === null) ||
    comparePositions(a.position ?? 0, b.position ?? 0) ||
    compareText(a.sealed.hash, b.sealed.hash)
  );
}

/**
 * Orders segments by t0, then number, then hash: the same for every verifier.
 * @param {LoggedSegment} a
 * @param {LoggedSegment} b
 */
export function timeOrder(a, b) {
  const [one, two] = [a.sealed.segment, b.sealed.segment];
  return one.t0 - two.t0 || one.seq - two.seq || compareText(a.sealed.hash, b.sealed.hash);
}

/**
 * Check one chain.
 * @param {LoggedSegment[]} segments
 * @param {string} enrolment The digest that `prev` of number 0 must carry.
 * @param {boolean} partial Whether the lowest number needs no segment before it.
 * @param {FindingCollector} notes
 */
export function checkChain(segments, enrolment, partial, notes) {
  /** @type {Map<number, LoggedSegment>} */
  const first = new Map();
  for (const segment of [...segments].sort(logOrder)) {
    const number = segment.sealed.segment.seq;
    if (first.has(number)) {
      notes.addToSegment(segment, "E_FORK", "another segment of this number was logged first");
    } else {
      first.set(number, segment);
    }
  }
  const lowest = segments.reduce((low, s) => Math.min(low, s.sealed.segment.seq), Infinity);
  for (const segment of segments) {
    const body = segment.sealed.segment;
    if (body.seq === 0) {
      if (body.prev !== enrolment) {
        notes.addToSegment(segment, "E_PREV", "the chain does not begin at the enrolment");
      }
      continue;
    }
    const before = first.get(body.seq - 1);
    if (before === undefined) {
      if (!(partial && body.seq === lowest)) {
        notes.addToSegment(segment, "E_GAP", "the segment before it is missing");
      }
      continue;
    }
    if (body.prev !== before.sealed.hash) {
      notes.addToSegment(segment, "E_PREV", "it does not follow the segment before it");
    }
    if (body.epoch !== before.sealed.segment.epoch) {
      notes.addToSegment(segment, "W_EPOCH", "sealed after a restored backup");
    }
  }
  const ordered = [...segments].sort(timeOrder);
  checkClock(ordered, notes);
  checkBeaconChoice(ordered, notes);
}

/** @param {LoggedSegment[]} ordered @param {FindingCollector} notes */
function checkClock(ordered, notes) {
  const measured = ordered.filter((s) => s.sealed.segment.kind !== "manual");
  for (let i = 1; i < measured.length; i++) {
    const a = measured[i - 1].sealed.segment;
    const b = measured[i].sealed.segment;
    const drift = ms(b.t0 - a.t0) - BigInt(b.up0 - a.up0);
    if (a.boot === b.boot && (drift > CLOCK_JUMP_MS || -drift > CLOCK_JUMP_MS)) {
      notes.addToSegment(measured[i], "W_CLOCK_JUMP", `the clock moved by ${drift} ms`);
    }
  }
}

/** @param {LoggedSegment[]} ordered @param {FindingCollector} notes */
function checkBeaconChoice(ordered, notes) {
  const newest = new Map();
  for (const segment of ordered) {
    const { kind, bcn, epoch } = segment.sealed.segment;
    if (kind !== "auto" || bcn === null) continue;
    if (bcn.slot < (newest.get(epoch) ?? 0)) {
      notes.addToSegment(segment, "E_BEACON_CHOICE", "an older beacon than the device had used");
    }
    newest.set(epoch, Math.max(newest.get(epoch) ?? 0, bcn.slot));
  }
}

/**
 * W_DEVICE_SWITCH: another device continues recorded time within four hours. Each device draws its own
 * picture times, so a person with several devices can choose between them. Sets `switches`, the number of
 * the change in its UTC day, for each freelancer and contract.
 * @param {LoggedSegment[]} segments
 * @param {FindingCollector} notes
 */
export function checkSwitches(segments, notes) {
  /** @type {Map<string, LoggedSegment[]>} */
  const groups = new Map();
  for (const segment of segments) {
    const { kind, sub, ctr } = segment.sealed.segment;
    if (kind !== "auto") continue;
    const key = `${sub}/${ctr}`;
    if (!groups.has(key)) groups.set(key, []);
    groups.get(key).push(segment);
  }
  for (const group of groups.values()) {
    const ordered = group.sort(timeOrder);
    const numbers = new Map();
    for (let i = 1; i < ordered.length; i++) {
      const [before, after] = [ordered[i - 1], ordered[i]];
      const { t0 } = after.sealed.segment;
      const soon = t0 - before.sealed.segment.t1 < SWITCH_BREAK_S;
      if (before.sealed.kid === after.sealed.kid || !soon) continue;
      const day = dayOf(t0);
      after.switches = (numbers.get(day) ?? 0) + 1;
      numbers.set(day, after.switches);
      notes.addToSegment(after, "W_DEVICE_SWITCH", "another device had recorded shortly before");
    }
  }
}
