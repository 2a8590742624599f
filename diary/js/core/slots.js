// Slots, minutes, weeks: the calendar of the diary, in Unix seconds, UTC. Unix time 0 was a Thursday,
// so Mondays are at 345,600 s (4 days) modulo one week.

export const SLOT = 600;
export const MINUTE = 60;
export const DAY = 86_400;
export const WEEK = 604_800;
const FIRST_MONDAY = 4 * DAY;

/** Remainder that is never negative. @param {number} n @param {number} by */
export function modulo(n, by) {
  return ((n % by) + by) % by;
}

/** Start of the UTC day that holds the instant. @param {number} time */
export function dayOf(time) {
  return time - modulo(time, DAY);
}

/** Monday 00:00 UTC of the week that holds the instant. @param {number} time */
export function weekOf(time) {
  return time - modulo(time - FIRST_MONDAY, WEEK);
}

/** The slot's number in its week, 1 to 1008. @param {number} slot */
export function numberInWeek(slot) {
  return Math.floor((slot - weekOf(slot)) / SLOT) + 1;
}

/**
 * For each of the slot's ten minutes, whether [t0, t1) covers any part of it.
 * @param {number} slot
 * @param {number} t0
 * @param {number} t1
 */
export function coveredMinutes(slot, t0, t1) {
  return Array.from(
    { length: SLOT / MINUTE },
    (_, i) => t0 < slot + (i + 1) * MINUTE && t1 > slot + i * MINUTE,
  );
}

/**
 * Seconds as exact milliseconds: a product may be over 2^53.
 * @param {number} seconds
 */
export const ms = (seconds) => BigInt(seconds) * 1000n;
