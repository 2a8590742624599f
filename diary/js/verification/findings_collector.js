// Collects the findings of a check; a finding about a segment is also added to that segment's codes.

import { compareFindings } from "../core/findings.js";

/**
 * An authentic segment during a check. `position`, `rtMs` and `received` (the mask of the parts that the
 * marketplace had) are null if it is not logged; `shown` has its visible parts;
 * `switches` is its number among the day's changes of the device, 0 if it is none.
 * @typedef {object} LoggedSegment
 * @property {import("../objects/segment.js").SealedSegment} sealed
 * @property {import("../log/position.js").LogPosition | null} position
 * @property {number | null} rtMs
 * @property {number | null} received
 * @property {number} switches
 * @property {import("./current_view.js").CurrentView} shown
 * @property {Set<string>} codes
 */

export class FindingCollector {
  /** @type {Map<string, import("../core/findings.js").Finding>} */
  #findings = new Map();

  /**
   * Add one finding; a repeated one is dropped.
   * @param {import("../core/findings.js").SubjectKind} kind
   * @param {string} subject
   * @param {string} code
   * @param {string} [detail]
   */
  add(kind, subject, code, detail = "") {
    const key = JSON.stringify([kind, subject, code, detail]);
    this.#findings.set(key, { kind, subject, code, detail });
  }

  /**
   * Add a finding about a segment.
   * @param {LoggedSegment} segment
   * @param {string} code
   * @param {string} [detail]
   */
  addToSegment(segment, code, detail = "") {
    segment.codes.add(code);
    this.add("segment", segment.sealed.hash, code, detail);
  }

  /**
   * Add the reason why an object does not count. A bad checkpoint is a finding about the log.
   * @param {import("../core/findings.js").DiaryError} error
   * @param {import("../core/findings.js").SubjectKind} kind
   * @param {string} subject
   */
  addError(error, kind, subject) {
    this.add(error.code === "E_CP_SIG" ? "log" : kind, subject, error.code, error.detail);
  }

  /** All findings, sorted. */
  sorted() {
    return [...this.#findings.values()].sort(compareFindings);
  }
}
