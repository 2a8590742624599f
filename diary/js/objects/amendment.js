// `wd-amend+sd-jwt`: another memo for a sealed segment. The last amendment logged before the week locks
// is shown as the memo; the earlier memos stay visible.

import { DiaryError } from "../core/findings.js";
import * as fields from "../formats/json_fields.js";
import { parse } from "../formats/sd_jwt.js";
import { MAX_TEXT } from "./segment.js";

const TYP = "wd-amend+sd-jwt";

/**
 * Parse an amendment; throws E_FORMAT, E_ALG or E_TYP. The signature is not checked here. A withheld
 * memo is null.
 * @param {Uint8Array} data
 */
export async function parseAmend(data) {
  const sdjwt = await parse(data, TYP);
  const obj = sdjwt.jws.payload;
  fields.version(obj);
  const memo = sdjwt.disclosures.find((part) => part.name === "memo");
  if (memo === undefined && !sdjwt.withheld.length) {
    throw new DiaryError("E_FORMAT", "the memo is neither shown nor withheld");
  }
  return {
    jws: sdjwt.jws,
    sdjwt,
    aud: fields.matching(obj, "aud", fields.AUD),
    segment: fields.b64(obj, "segment", 32),
    at: fields.integer(obj, "at"),
    memo: memo === undefined ? null : fields.string({ memo: memo.value }, "memo", MAX_TEXT),
    memoDigest: memo?.digest ?? null,
  };
}
