// Makes text from outside harmless before a page shows it, like diary/core/display.py. Markup needs no
// escaping: the page inserts every text as text.

const FSI = "\u2068";
const PDI = "\u2069";

// Controls but for tab and line feed, embeddings, overrides, isolates, deprecated format characters,
// interlinear annotations, lone surrogates. The two isolates that `isolated` adds are left out.
const HARMFUL =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066\u2067\u206a-\u206f\ufff9-\ufffb]|\p{Surrogate}/gu;

// Letters that are read from right to left, and the marks of that direction.
const RIGHT_TO_LEFT =
  /[\u0590-\u08ff\u200f\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

/**
 * The text without control characters and without characters that direct reading order.
 * @param {string} text
 */
export function tidy(text) {
  return text.replaceAll(HARMFUL, "\ufffd");
}

/**
 * A name for use inside a sentence, which the name's direction cannot reorder.
 * @param {string} text
 */
export function isolated(text) {
  const shown = tidy(text).replaceAll(/[\u2068\u2069]/g, "\ufffd");
  return RIGHT_TO_LEFT.test(shown) ? `${FSI}${shown}${PDI}` : shown;
}
