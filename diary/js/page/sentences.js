// What the pages say: a sentence for each code, durations, dates. Texts go through tr(), so that a
// catalogue can put another language in their place.

/** @type {Record<string, string>} */
let catalogue = {};

/** Use another language: English text to its translation. @param {Record<string, string>} texts */
export function translate(texts) {
  catalogue = texts;
}

/**
 * The text, translated, with {names} filled in.
 * @param {string} text
 * @param {Record<string, string | number>} [values]
 */
export function tr(text, values = {}) {
  const own = Object.hasOwn(catalogue, text) ? catalogue[text] : text;
  return own.replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
}

/** @param {string} one @param {string} many @param {number} n */
export const trn = (one, many, n) => tr(n === 1 ? one : many, { n });

/** What each code means, for somebody who reads it for the first time. */
const SENTENCES = {
  E_MANIFEST: "A file of the bundle is missing, changed, or not what its name says.",
  E_POLICY: "A key of the log was neither given nor announced, or cannot be used.",
  E_CP_SIG: "The log's signature on this does not fit any key that is trusted here.",
  E_CONSISTENCY: "It is not shown that the log only grew since then.",
  E_SPLIT_VIEW: "The log has shown two different histories.",
  E_LOG_TIME: "The log's times run backwards here.",
  E_DEVICE_UNLOGGED: "The device was not enrolled in the log before this work.",
  E_KEY_WEAK: "The key is of a kind that proves nothing.",
  E_FORMAT: "It is not in the form that the record has.",
  E_ALG: "It names another signature algorithm than the one there is.",
  E_TYP: "It is a signed object of another kind.",
  E_KID_UNKNOWN: "No device of this freelancer has the key that signed it.",
  E_SIG: "The signature does not fit: it was changed after it was signed.",
  E_FORK: "Another segment with the same number was logged first.",
  E_GAP: "Something that should come before it is missing.",
  E_PREV: "It does not follow the segment before it.",
  E_SLOT_ALIGN: "Its ten minutes do not begin at a tenth minute.",
  E_TIME_RANGE: "Its times do not add up, or lie outside its ten minutes.",
  E_TERMS: "It was not worked under the contract's terms in force.",
  E_KIND: "The terms do not allow this kind of time.",
  E_INCLUSION: "Its receipt does not prove that the log holds it.",
  E_NOT_RECEIVED: "The marketplace logged this before it had its memo, minutes or pictures.",
  E_REVOKED: "The device's key was revoked before this was logged.",
  E_RETIRED: "The device was signed out before this was logged.",
  E_LATE: "It arrived too late to count.",
  E_BEACON: "The random value that it names is not one of the log's.",
  E_BEFORE_BEACON: "It names a random value from the future.",
  E_AFTER_RECEIPT: "It ends after it was received.",
  E_BEACON_CHOICE: "It uses an older random value than the device had before.",
  E_MOMENT: "The pictures are not those that were due.",
  E_SHOT_TIME: "A picture was not taken at its moment.",
  E_DISC_UNMATCHED: "A part is shown that was never signed. It is ignored.",
  E_DISC_DUP: "A part is shown twice, or under a signed field's name. It is ignored.",
  E_SHOT_HASH: "The file of a picture was changed.",
  W_OVERLAP: "Some of its seconds are in earlier segments for the same client.",
  W_PARALLEL:
    "Was this time also worked for another client? A recording may have been left running, or both may have agreed to it.",
  W_EPOCH: "It was recorded after a backup had been restored.",
  W_CLOCK_JUMP: "The computer's clock was moved before it.",
  W_DEVICE_SWITCH: "Another device of the freelancer had recorded shortly before.",
  W_LATE: "It arrived more than half an hour after its ten minutes.",
  W_OFFLINE: "The device had no network, so the moment was known to it beforehand.",
  W_SHOT_MISSING: "There is no picture, for the reason given.",
  W_BLOB_MISSING: "The file of a picture is not in the bundle.",
  W_WITHHELD: "A part is not shown here.",
  W_UNVOUCHED: "No earlier device of the freelancer has vouched for this one.",
  N_DELETED: "The freelancer or the marketplace deleted a part.",
  N_MASKED: "The freelancer masked a part of a picture.",
};

/** @param {string} code */
export const sentence = (code) => tr(SENTENCES[code] ?? code);

/** Whole seconds in words, such as 2 h 14 min 5 s. @param {number | bigint} seconds */
export function duration(seconds) {
  const whole = BigInt(seconds);
  const parts = [
    [whole / 3600n, "{n} h"],
    [(whole / 60n) % 60n, "{n} min"],
    [whole % 60n, "{n} s"],
  ];
  const told = parts.filter(([n]) => n).map(([n, text]) => tr(text, { n: String(n) }));
  return told.length ? told.join(" ") : tr("{n} min", { n: 0 });
}

/** @param {number} seconds @param {Intl.DateTimeFormatOptions} options */
function format(seconds, options) {
  const date = new Date(seconds * 1000);
  if (Number.isNaN(date.getTime())) return String(seconds);
  return new Intl.DateTimeFormat("en-GB", { timeZone: "UTC", ...options }).format(date);
}

/** A day, UTC. @param {number} seconds */
export const day = (seconds) =>
  format(seconds, { weekday: "short", day: "numeric", month: "short", year: "numeric" });

/** A day without its year, UTC. @param {number} seconds */
export const dayOfWeek = (seconds) =>
  format(seconds, { weekday: "short", day: "numeric", month: "short" });

/** A time of day, UTC; without seconds where there are none. @param {number} seconds */
export function time(seconds) {
  const second = Math.floor(seconds) % 60 ? "2-digit" : undefined;
  return format(seconds, { hour: "2-digit", minute: "2-digit", second });
}

/** A length in bytes, for a person. @param {number} bytes */
export function size(bytes) {
  return bytes < 1000 ? tr("{n} bytes", { n: bytes }) : tr("{n} kB", { n: Math.round(bytes / 1000) });
}
