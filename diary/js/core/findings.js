// Findings and errors of a check. A DiaryError stops the reading of one object; a check reports a
// finding about its subject and continues.

import { CODES } from "./finding_codes.js";

/**
 * @typedef {"bundle" | "device" | "disclosure" | "log" | "segment"} SubjectKind
 * @typedef {{kind: SubjectKind, subject: string, code: string, detail: string}} Finding
 */

/** One object cannot be accepted: a stable code, the part and its fault. */
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

/** The severity of a code. @param {string} code */
export const severityOf = (code) => CODES[code].severity;

/** @param {{code: string}} finding */
export const isError = ({ code }) => severityOf(code) === "error";

/** Whether a code costs a segment its pay. @param {string} code */
export const costsPay = (code) => CODES[code].costsPay;

/** Whether a segment with these codes is paid. @param {Iterable<string>} codes */
export function pays(codes) {
  for (const code of codes) if (costsPay(code)) return false;
  return true;
}

/**
 * Return a DiaryError; throw any other error again, since it is a defect of this program.
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
