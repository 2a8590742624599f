// Texts of the page: explanations of finding codes, durations, dates. Every text goes through tr(),
// which takes its translation from a catalogue (scripts/dev/translations.py extracts the texts).

import { CODES } from "../core/finding_codes.js";

/** @type {Record<string, string>} */
let catalogue = {};
let locale = "en-GB";

/**
 * Use another language.
 * @param {string} tag BCP 47
 * @param {Record<string, string>} texts the translation of each English text
 */
export function useLanguage(tag, texts) {
  locale = tag;
  catalogue = texts;
}

/** Marks a text for the catalogue; it is translated where it is used. @param {string} text */
export const mark = (text) => text;

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

/** The explanation of a finding code; an unknown code itself. @param {string} code */
export const sentence = (code) => (Object.hasOwn(CODES, code) ? tr(CODES[code].sentence) : code);

/** A duration such as 2 h 14 min 5 s. @param {number | bigint} seconds */
export function duration(seconds) {
  const whole = BigInt(seconds);
  const parts = [
    [whole / 3600n, mark("{n} h")],
    [(whole / 60n) % 60n, mark("{n} min")],
    [whole % 60n, mark("{n} s")],
  ];
  const shown = parts.filter(([n]) => n).map(([n, text]) => tr(text, { n: String(n) }));
  return shown.length ? shown.join(" ") : tr("{n} min", { n: 0 });
}

/** @param {number} seconds @param {Intl.DateTimeFormatOptions} options */
function format(seconds, options) {
  const date = new Date(seconds * 1000);
  if (Number.isNaN(date.getTime())) return String(seconds);
  return new Intl.DateTimeFormat(locale, { timeZone: "UTC", ...options }).format(date);
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

/** A size in bytes or kB. @param {number} bytes */
export function size(bytes) {
  return bytes < 1000 ? tr("{n} bytes", { n: bytes }) : tr("{n} kB", { n: Math.round(bytes / 1000) });
}
