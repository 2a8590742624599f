// Codes and findings: the vocabulary in which the record says what is wrong with it. A DiaryError
// stops the reading of one object; a finding is a statement about a subject, and the check goes on.

/**
 * @typedef {"bundle" | "device" | "disclosure" | "log" | "segment"} SubjectKind
 * @typedef {{kind: SubjectKind, subject: string, code: string, detail: string}} Finding
 */

/** One object cannot be accepted: a stable code, and in words what was wrong with which part. */
export class DiaryError extends Error {
  /**
   * @param {string} code
   * @param {string} detail
   */
  constructor(code, detail) {
    super(`${code}: ${detail}`);
    this.code = code;
    this.detail = detail;
  }
}

/** Findings that make a segment's time unpaid: all rest on bytes that device or log signed. */
export const UNPAYING = new Set([
  "E_FORMAT",
  "E_ALG",
  "E_TYP",
  "E_KID_UNKNOWN",
  "E_SIG",
  "E_KEY_WEAK",
  "E_DEVICE_UNLOGGED",
  "E_INCLUSION",
  "E_NOT_RECEIVED",
  "E_FORK",
  "E_PREV",
  "E_REVOKED",
  "E_RETIRED",
  "E_KIND",
  "E_TERMS",
  "E_LATE",
  "E_SLOT_ALIGN",
  "E_TIME_RANGE",
  "E_AFTER_RECEIPT",
  "E_BEACON",
  "E_BEFORE_BEACON",
  "E_BEACON_CHOICE",
  "E_MOMENT",
  "E_SHOT_TIME",
]);

/** @param {Iterable<string>} codes */
export function pays(codes) {
  for (const code of codes) if (UNPAYING.has(code)) return false;
  return true;
}

/**
 * The error if it is one of the record's own; anything else is a fault of this program and goes on.
 * @param {unknown} error
 * @returns {DiaryError}
 */
export function diaryError(error) {
  if (error instanceof DiaryError) return error;
  throw error;
}

/**
 * Orders texts by code points, as every verifier does.
 * @param {string} a
 * @param {string} b
 */
export function compareText(a, b) {
  if (a === b) return 0;
  const one = a[Symbol.iterator]();
  const two = b[Symbol.iterator]();
  for (;;) {
    const left = one.next();
    const right = two.next();
    if (left.done) return -1;
    if (right.done) return 1;
    const difference = left.value.codePointAt(0) - right.value.codePointAt(0);
    if (difference) return difference;
  }
}

/** Orders findings by kind, subject, code. @param {Finding} a @param {Finding} b */
export function compareFindings(a, b) {
  return (
    compareText(a.kind, b.kind) ||
    compareText(a.subject, b.subject) ||
    compareText(a.code, b.code) ||
    compareText(a.detail, b.detail)
  );
}
