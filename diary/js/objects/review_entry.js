// Review entries about segments: labels, comments, questions, approval, dispute. The log records the
// entry and its time; the text stays outside the log.

import { parseCanonical } from "../formats/encoding.js";
import * as fields from "../formats/json_fields.js";

/** More segments than a contract's week has in honest use. */
const MAX_SEGMENTS = 2_000;
const KINDS = ["label", "comment", "question", "answer", "approve", "dispute", "resolve", "allow"];

/** Parse a review entry; throws E_FORMAT. @param {Uint8Array} data */
export function parseReview(data) {
  const obj = parseCanonical(data);
  fields.version(obj);
  const segments = fields.array(obj, "segments", MAX_SEGMENTS);
  return {
    aud: fields.matching(obj, "aud", fields.AUD),
    ctr: fields.matching(obj, "ctr", fields.ID),
    at: fields.integer(obj, "at"),
    by: fields.string(obj, "by", 64),
    kind: fields.oneOf(obj, "kind", KINDS),
    segments: segments.map((each) => fields.b64({ segments: each }, "segments", 32)),
    text: fields.optionalB64(obj, "text", 32),
    // Entries of earlier versions have no such member.
    ...("replies_to" in obj && { replies_to: fields.optionalB64(obj, "replies_to", 32) }),
  };
}
