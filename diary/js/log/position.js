// The position of a leaf: the shard of the log, and the index in it. A shard's origin is
// `<aud>/log/<year>` or `<aud>/log/<year>-<n>`, n from 2 on, and its name is the last part of it.

import { DiaryError } from "../core/findings.js";

const ORIGIN = /^([a-z0-9.:-]{1,253})\/log\/(([0-9]{4})(?:-([1-9][0-9]{0,3}))?)$/;

/**
 * Year, the shard's part of it (1 for the first), and the index in the shard: compared in this order.
 * @typedef {[number, number, number]} LogPosition
 * @typedef {{aud: string, name: string, shard: [number, number]}} Origin
 */

/**
 * Orders positions, shards, numbers and other lists of numbers.
 * @param {number | number[]} a
 * @param {number | number[]} b
 */
export function comparePositions(a, b) {
  const [one, two] = [[a].flat(), [b].flat()];
  const at = one.findIndex((n, i) => n !== two[i]);
  return at < 0 ? 0 : one[at] - two[at];
}

/** The name of a position's shard, such as `2026` or `2026-2`. @param {LogPosition} position */
export function shardName([year, part]) {
  const name = String(year).padStart(4, "0");
  return part === 1 ? name : `${name}-${part}`;
}

/**
 * Parse a log's origin; throws E_POLICY unless it is the origin of a work diary's log.
 * @param {string} origin
 * @returns {Origin}
 */
export function parseOrigin(origin) {
  const match = ORIGIN.exec(origin);
  if (match === null || match[4] === "1") {
    throw new DiaryError("E_POLICY", "this is not the name of a work diary's log");
  }
  return { aud: match[1], name: match[2], shard: [Number(match[3]), Number(match[4] ?? 1)] };
}
