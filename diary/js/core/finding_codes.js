// The finding codes of WD-1 (docs/protocol.md, 9.3).
// Made from diary/core/findings.toml by `make generate`; edit that file instead.

/** @typedef {"error" | "warning" | "note"} Severity */

/**
 * `costsPay`: a segment with this code is not paid. `sentence`: the explanation, in English.
 * @type {Record<string, {severity: Severity, costsPay: boolean, sentence: string}>}
 */
export const CODES = {
  E_FORMAT: {
    severity: "error",
    costsPay: true,
    sentence: "The data is malformed.",
  },
  E_ALG: {
    severity: "error",
    costsPay: true,
    sentence: "The data is signed with an algorithm that the protocol does not allow.",
  },
  E_TYP: {
    severity: "error",
    costsPay: true,
    sentence: "The data is a signed object of another type.",
  },
  E_KID_UNKNOWN: {
    severity: "error",
    costsPay: true,
    sentence: "The signing key does not belong to an enrolled computer of this freelancer.",
  },
  E_SIG: {
    severity: "error",
    costsPay: true,
    sentence: "The signature does not match the signed data.",
  },
  E_KEY_WEAK: {
    severity: "error",
    costsPay: true,
    sentence: "The signing key is weak and proves nothing.",
  },
  E_DEVICE_UNLOGGED: {
    severity: "error",
    costsPay: true,
    sentence: "The log did not contain this computer before the work began.",
  },
  E_INCLUSION: {
    severity: "error",
    costsPay: true,
    sentence: "The receipt does not prove that the log contains this.",
  },
  E_NOT_RECEIVED: {
    severity: "error",
    costsPay: true,
    sentence: "The marketplace logged the segment without its memo, its minutes or one of its pictures.",
  },
  E_FORK: {
    severity: "error",
    costsPay: true,
    sentence: "Another segment with the same number was logged first.",
  },
  E_REVOKED: {
    severity: "error",
    costsPay: true,
    sentence: "The computer's key was revoked before this was logged.",
  },
  E_RETIRED: {
    severity: "error",
    costsPay: true,
    sentence: "The computer was signed out before this was logged.",
  },
  E_GAP: {
    severity: "error",
    costsPay: false,
    sentence: "The segment that this refers to is missing.",
  },
  E_PREV: {
    severity: "error",
    costsPay: true,
    sentence: "The segment does not follow the one before it.",
  },
  E_SLOT_ALIGN: {
    severity: "error",
    costsPay: true,
    sentence: "The slot does not begin at a full ten minutes.",
  },
  E_TIME_RANGE: {
    severity: "error",
    costsPay: true,
    sentence: "The times do not match the slot or the measured duration.",
  },
  E_TERMS: {
    severity: "error",
    costsPay: true,
    sentence: "The contract's terms named here did not apply at that time.",
  },
  E_KIND: {
    severity: "error",
    costsPay: true,
    sentence: "The contract does not allow this kind of time.",
  },
  E_LATE: {
    severity: "error",
    costsPay: true,
    sentence: "This arrived too late to count.",
  },
  E_AFTER_RECEIPT: {
    severity: "error",
    costsPay: true,
    sentence: "The segment ends after the log received it.",
  },
  E_BEACON: {
    severity: "error",
    costsPay: true,
    sentence: "The log did not publish the random value named here.",
  },
  E_BEFORE_BEACON: {
    severity: "error",
    costsPay: true,
    sentence: "The random value named here belongs to a later slot.",
  },
  E_BEACON_CHOICE: {
    severity: "error",
    costsPay: true,
    sentence: "The computer used an older random value than before.",
  },
  E_MOMENT: {
    severity: "error",
    costsPay: true,
    sentence: "The random time or the number of the pictures is not the one that was drawn.",
  },
  E_SHOT_TIME: {
    severity: "error",
    costsPay: true,
    sentence: "A picture was not taken at its random time.",
  },
  E_DISC_UNMATCHED: {
    severity: "error",
    costsPay: false,
    sentence: "A part that was never signed is shown. It is ignored.",
  },
  E_DISC_DUP: {
    severity: "error",
    costsPay: false,
    sentence: "A part appears twice or uses the name of a signed field. It is ignored.",
  },
  E_SHOT_HASH: {
    severity: "error",
    costsPay: false,
    sentence: "A picture file differs from the one that was signed.",
  },
  E_CP_SIG: {
    severity: "error",
    costsPay: false,
    sentence: "The log's signature does not match any trusted key.",
  },
  E_QUORUM: {
    severity: "error",
    costsPay: false,
    sentence: "Too few witnesses have confirmed this state of the log.",
  },
  E_CONSISTENCY: {
    severity: "error",
    costsPay: false,
    sentence: "The log does not prove that it only added entries.",
  },
  E_SPLIT_VIEW: {
    severity: "error",
    costsPay: false,
    sentence: "The log showed two different histories.",
  },
  E_LOG_TIME: {
    severity: "error",
    costsPay: false,
    sentence: "The times in the log run backwards.",
  },
  E_POLICY: {
    severity: "error",
    costsPay: false,
    sentence: "A log key cannot be used or was not announced.",
  },
  E_MANIFEST: {
    severity: "error",
    costsPay: false,
    sentence: "A file is missing, was changed, or is not the one that was asked for.",
  },
  W_OVERLAP: {
    severity: "warning",
    costsPay: false,
    sentence: "Part of this time was already recorded and is paid only once.",
  },
  W_PARALLEL: {
    severity: "warning",
    costsPay: false,
    sentence: "Was this time also worked for another client? A recording may have been left running, or both clients may have agreed to it.",
  },
  W_EPOCH: {
    severity: "warning",
    costsPay: false,
    sentence: "The segment was recorded after a restored backup, beside a copy of the folder, or after a wrong clock.",
  },
  W_CLOCK_JUMP: {
    severity: "warning",
    costsPay: false,
    sentence: "The computer's clock was moved before this segment.",
  },
  W_DEVICE_SWITCH: {
    severity: "warning",
    costsPay: false,
    sentence: "Another computer of this person had recorded shortly before.",
  },
  W_LATE: {
    severity: "warning",
    costsPay: false,
    sentence: "The segment arrived more than half an hour after its slot.",
  },
  W_OFFLINE: {
    severity: "warning",
    costsPay: false,
    sentence: "The computer had no random value for this slot, for example because it was offline.",
  },
  W_SHOT_MISSING: {
    severity: "warning",
    costsPay: false,
    sentence: "A picture was due and is missing.",
  },
  W_BLOB_MISSING: {
    severity: "warning",
    costsPay: false,
    sentence: "A picture file is not available.",
  },
  W_WITHHELD: {
    severity: "warning",
    costsPay: false,
    sentence: "A part is not shown.",
  },
  W_UNVOUCHED: {
    severity: "warning",
    costsPay: false,
    sentence: "No earlier computer of this person has confirmed this one.",
  },
  N_DELETED: {
    severity: "note",
    costsPay: false,
    sentence: "A part of the segment or its time was deleted.",
  },
  N_MASKED: {
    severity: "note",
    costsPay: false,
    sentence: "The freelancer masked or blurred at least part of a picture.",
  },
};
