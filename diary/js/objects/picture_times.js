// Picture times: drawn at random, verifiable afterwards. A device commits to one hash chain for each week
// before any beacon of that week exists; the log publishes one random beacon for each slot. Together they
// fix the picture times.

import { concat, equal, uint32be, utf8 } from "../formats/bytes.js";
import { sha256 } from "../formats/sha256.js";
import { ms, numberInWeek, weekOf } from "../core/slots.js";

export const DRAWS = 64;
export const ANCHORS = 56;
const SLOT_MS = 600_000n;
const CHAIN = utf8("wd1-chain");
const DRAW = utf8("wd1-draw");

/**
 * Checks revealed values against one enrolment's anchors. Verified values are cached, so that a later
 * slot of the week is hashed only down to the last one: a week costs at most 1,008 hashes for any number
 * of segments, if the slots are given in order.
 */
export class HashChainVerifier {
  /** @type {Map<number, Map<number, Uint8Array>>} */
  #met = new Map();

  /**
   * Whether hashing `value` k times, k the slot's number in its week, gives the anchor.
   * @param {Uint8Array} value
   * @param {number} slot
   * @param {Uint8Array} weekAnchor
   */
  async verify(value, slot, weekAnchor) {
    const week = weekOf(slot);
    const met = this.#met.get(week) ?? new Map([[0, weekAnchor]]);
    this.#met.set(week, met);
    const number = numberInWeek(slot);
    let step = number;
    let walked = value;
    while (!met.has(step)) {
      walked = await sha256(concat(CHAIN, walked));
      step -= 1;
    }
    if (!equal(walked, met.get(step))) return false;
    met.set(number, value);
    return true;
  }
}

/**
 * The 32 bytes that the draws of `slot` take from a beacon. One of an older slot gives zeroes, so that
 * a device without the slot's own beacon cannot choose among those that it holds.
 * @param {import("./beacon_and_terms.js").Beacon} beacon
 * @param {number} slot
 */
export const drawValue = (beacon, slot) => (beacon.slot === slot ? beacon.val : new Uint8Array(32));

/**
 * The drawn time of index j, Unix ms.
 * @param {Uint8Array} value
 * @param {Uint8Array} beacon
 * @param {number} slot
 * @param {number} j
 */
async function pickTime(value, beacon, slot, j) {
  const drawn = await sha256(concat(DRAW, value, beacon, uint32be(j)));
  const number = new DataView(drawn.buffer).getBigUint64(0);
  return ms(slot) + ((number * SLOT_MS) >> 64n);
}

/**
 * The 64 drawn times of a slot, Unix ms, in the order of their index j.
 * @param {Uint8Array} value
 * @param {Uint8Array} beacon
 * @param {number} slot
 */
export function pickTimes(value, beacon, slot) {
  return Promise.all(Array.from({ length: DRAWS }, (_, j) => pickTime(value, beacon, slot, j)));
}

/**
 * The `count` picture times of a segment that begins at `t0` (Unix s), Unix ms, ascending: the draws with
 * the lowest indices that are not before `t0`. There may be fewer. Computes only the needed draws.
 * @param {Uint8Array} value
 * @param {Uint8Array} beacon
 * @param {number} slot
 * @param {number} t0
 * @param {number} count
 */
export async function scheduledTimes(value, beacon, slot, t0, count) {
  const eligible = [];
  for (let j = 0; j < DRAWS && eligible.length < count; j++) {
    const due = await pickTime(value, beacon, slot, j);
    if (due >= ms(t0)) eligible.push(due);
  }
  return inOrder(eligible);
}

/** @param {bigint[]} dues */
export function inOrder(dues) {
  return [...dues].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}
