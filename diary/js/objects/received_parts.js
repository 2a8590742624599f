// Which parts of a segment the marketplace had received when it logged the segment: the attribute of
// the segment's leaf. Without it a part that the freelancer never showed to the marketplace could not
// be told from one that an exporter left out.

const MEMO = 1;
const MINUTES = 4;
const FIRST_PICTURE = 8;

/**
 * The names of the disclosures that the marketplace must have received and had not.
 * @param {import("./segment.js").Segment} body
 * @param {number} received
 */
function missingParts({ kind, pics }, received) {
  const required = [["memo", MEMO]];
  if (kind !== "manual") required.push(["minutes", MINUTES]);
  for (let i = 0; i < pics; i++) required.push([`shot_${i}`, FIRST_PICTURE << i]);
  return required.filter(([, bit]) => !(received & Number(bit))).map(([name]) => name);
}

/**
 * E_NOT_RECEIVED: a part came later, or never. What was withheld or deleted since then is no matter.
 * @param {import("../verification/findings_collector.js").LoggedSegment} segment
 * @param {import("../verification/findings_collector.js").FindingCollector} notes
 */
export function checkReceivedParts(segment, notes) {
  const { received, shown, sealed } = segment;
  if (received === null) return;
  const missing = missingParts(sealed.segment, received);
  if (missing.length && shown.givenBackAt !== null) {
    // It was never paid and covered nothing, so its deletion takes no seconds from others.
    segment.shown = { ...shown, givenBackAt: segment.position };
  } else if (missing.length) {
    const detail = `the marketplace had not received ${missing.join(", ")} when it logged this`;
    notes.addToSegment(segment, "E_NOT_RECEIVED", detail);
  }
}
