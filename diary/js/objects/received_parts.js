// The parts of a segment that the marketplace had received when it logged it: the attribute of the
// segment's leaf. It distinguishes a part that the freelancer never sent to the marketplace from one that
// an exporter left out.

const MEMO = 1;
const MINUTES = 4;
const FIRST_PICTURE = 8;

/**
 * The names of the required disclosures that the marketplace had not received.
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
 * E_NOT_RECEIVED: a part arrived later, or never. A part that was withheld or deleted later is none.
 * @param {import("../verification/findings_collector.js").LoggedSegment} segment
 * @param {import("../verification/findings_collector.js").FindingCollector} notes
 */
export function checkReceivedParts(segment, notes) {
  const { received, shown, sealed } = segment;
  if (received === null) return;
  const missing = missingParts(sealed.segment, received);
  if (missing.length && shown.givenBackAt !== null) {
    // The segment was never paid and covered nothing, so its seconds are free from its leaf on.
    segment.shown = { ...shown, givenBackAt: segment.position };
  } else if (missing.length) {
    const detail = `the marketplace had not received ${missing.join(", ")} when it logged this`;
    notes.addToSegment(segment, "E_NOT_RECEIVED", detail);
  }
}
