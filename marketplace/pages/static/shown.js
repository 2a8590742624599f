// Compares the figures that a day page shows with the checked record: the sums of the day, and the ten
// minutes of each slot; on the page of a week, its sums and its approval. The codes P_TOTAL, P_COUNT and
// P_REVIEW are about the page, not about the record.

const MINUTES = 10;
/** Counts of a minute that make it active: keys, clicks, scrolls, movement. */
const COUNTS = 4;

/** The state of a slot's ten minutes, as the page names them. @param {any[]} segments */
export function minuteStates(segments) {
  return Array.from({ length: MINUTES }, (_, index) => {
    const rows = segments.flatMap(({ minutes }) => (minutes?.[index] ? [minutes[index]] : []));
    if (!rows.length) return "none";
    const counts = rows.flatMap((row) => row.slice(0, COUNTS));
    if (counts.some((count) => count > 0)) return "active";
    return counts.some((count) => count !== null) ? "quiet" : "unmeasured";
  });
}

/** Seconds by kind and by pay. @param {any[]} segments */
export function sums(segments) {
  const found = { tracked: 0, kept: 0, manual: 0, payable: 0, overlap: 0 };
  for (const { kind, slot, t0, t1, payable, overlap } of segments) {
    // Other times count nothing: the record reports them.
    const inside = slot <= t0 && t0 < t1 && t1 <= slot + 600;
    found[kind === "auto" ? "tracked" : kind] += inside ? t1 - t0 : 0;
    found.payable += payable;
    found.overlap += overlap;
  }
  return found;
}

/**
 * Whether a page may show these sums for the record. The record of one contract does not show time that
 * overlaps another contract with the same client: it lowers what is payable, and nothing else.
 * @param {Record<string, number>} shown
 * @param {Record<string, number>} record
 */
export function sumsAgree(shown, record) {
  const kinds = ["tracked", "kept", "manual"].every((kind) => shown[kind] === record[kind]);
  const hidden = shown.overlap - record.overlap;
  return kinds && hidden >= 0 && shown.payable <= record.payable && shown.payable >= record.payable - hidden;
}

/**
 * The codes of the differences, by slot; null stands for the sums of the day.
 * @param {any[]} reports
 * @param {Map<number, HTMLElement>} links The slots of the page.
 * @returns {Map<number | null, Set<string>>}
 */
export function shownDifferences(reports, links) {
  const segments = reports.flatMap((report) => report.segments);
  const found = new Map();
  const totals = document.querySelector("#totals");
  if (totals?.dataset.sums) {
    const [begin, end] = [Number(totals.dataset.begin), Number(totals.dataset.end)];
    const today = segments.filter(({ slot }) => begin <= slot && slot < end);
    const general = new Set();
    if (!sumsAgree(JSON.parse(totals.dataset.sums), sums(today))) general.add("P_TOTAL");
    const approved = totals.dataset.approved;
    const approvals = reports.flatMap((report) => report.approvals);
    if (approved !== undefined && !approvals.includes(Number(approved))) general.add("P_REVIEW");
    if (general.size) found.set(null, general);
  }
  for (const [slot, link] of links) {
    const shown = [...link.querySelectorAll(".bars > i")].map((bar) => bar.className);
    const own = segments.filter((segment) => segment.slot === slot);
    // A crowded slot shows only some of its segments.
    if (!own.length || link.dataset.more) continue;
    const states = minuteStates(own);
    const expected = states.some((state) => state !== "none") ? states : [];
    if (String(shown) !== String(expected)) found.set(slot, new Set(["P_COUNT"]));
  }
  return found;
}
