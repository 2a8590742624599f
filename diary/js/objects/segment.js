// The segment: uninterrupted work on one contract with one memo inside one slot. This module has its
// canonical encoding and the rules about a segment alone (E_FORMAT); rules that need the log, the beacon
// or other segments are in verification/.

import { MAX_INT, isObject } from "../formats/encoding.js";
import { DiaryError } from "../core/findings.js";
import * as fields from "../formats/json_fields.js";
import { parse as parseSdJwt, readParts } from "../formats/sd_jwt.js";
import { checkMinutes, parsePicture, rowsWithInput } from "./picture.js";

export const TYP = "wd-segment+sd-jwt";
export const MAX_TEXT = 2_000;
const KINDS = ["auto", "kept", "manual"];
const INPUTS = ["ok", "active-only", "unavailable", "denied"];
const PICTURE_REASONS = [
  "ok",
  "ended",
  "locked",
  "masked",
  "denied",
  "unavailable",
  "error",
  "none",
];
const ENDS = ["slot", "stop", "switch", "idle", "lock", "suspend", "limit", "deleted", "crash"];
/** Reasons for which the absence of a picture is lawful and costs no protection. */
export const LAWFULLY_ABSENT = new Set(["ended", "none"]);

/**
 * The signed fields. Times: slot, t0, t1 in Unix s; up0, up1, awake, off, shotAt in ms.
 * @typedef {object} Segment
 * @property {string} aud
 * @property {string} sub
 * @property {string} ctr
 * @property {string} terms
 * @property {string} kind
 * @property {number} seq
 * @property {number} epoch
 * @property {string} prev
 * @property {number} slot
 * @property {number} t0
 * @property {number} t1
 * @property {number | null} up0
 * @property {number | null} up1
 * @property {number | null} awake
 * @property {number} off
 * @property {string | null} boot
 * @property {{slot: number, h: string} | null} bcn
 * @property {string | null} mom
 * @property {number | null} active
 * @property {string} input
 * @property {number} pics
 * @property {number[]} shotAt The start of each picture's capture, in ascending order.
 * @property {string} shot
 * @property {string} end
 * @property {string} tz
 * @property {string} app
 * @property {string} os
 */

/**
 * A parsed segment with its disclosed parts. Withheld or malformed parts are null, or missing from
 * `pictures`.
 * @typedef {object} SealedSegment
 * @property {string} hash SHA-256 of the compact JWS: the segment's name.
 * @property {string} kid
 * @property {import("../formats/sd_jwt.js").SdJwt} sdjwt
 * @property {Segment} segment
 * @property {string | null} memo
 * @property {string | null} note
 * @property {import("./picture.js").Row[] | null} minutes
 * @property {Map<number, import("./picture.js").Picture>} pictures
 */

/**
 * Parse a segment. Throws E_FORMAT, E_ALG or E_TYP; the signature is not checked here.
 * @param {Uint8Array} data
 * @returns {Promise<SealedSegment>}
 */
export async function parseSegment(data) {
  const opened = await parseSdJwt(data, TYP);
  const segment = readFields(opened.jws.payload);
  const required = 1 + Number(segment.kind !== "manual") + segment.pics;
  if (opened.disclosures.length + opened.withheld.length < required) {
    throw new DiaryError("E_FORMAT", "a part is neither shown nor withheld");
  }
  const [sdjwt, shown] = readParts(opened, (part) => readPart(segment, part));
  const pictures = new Map();
  for (let i = 0; i < segment.pics; i++) {
    if (shown.has(`shot_${i}`)) pictures.set(i, shown.get(`shot_${i}`));
  }
  return {
    hash: sdjwt.jws.digest,
    kid: sdjwt.jws.kid,
    sdjwt,
    segment,
    memo: shown.get("memo") ?? null,
    note: shown.get("note") ?? null,
    minutes: shown.get("minutes") ?? null,
    pictures,
  };
}

/** @param {Segment} segment @param {import("../formats/sd_jwt.js").Disclosure} part */
function readPart(segment, { name, value }) {
  if (name === "memo" || name === "note") {
    return fields.string({ [name]: value }, name, MAX_TEXT);
  }
  if (name === "minutes") {
    if (segment.kind === "manual") throw fields.bad("minutes");
    const minutes = checkMinutes(value, segment);
    if (segment.active !== rowsWithInput(minutes)) throw fields.bad("active");
    return minutes;
  }
  if (!name.startsWith("shot_")) return value;
  const index = segment.shotAt.findIndex((_, i) => name === `shot_${i}`);
  if (index < 0) throw fields.bad("pics");
  return parsePicture(value, segment.shotAt[index]);
}

/** @param {import("../formats/encoding.js").Json} obj @returns {Segment} */
function readFields(obj) {
  fields.version(obj);
  const app = fields.field(obj, "app");
  if (!isObject(app)) throw fields.bad("app");
  const segment = {
    aud: fields.matching(obj, "aud", fields.AUD),
    sub: fields.matching(obj, "sub", fields.ID),
    ctr: fields.matching(obj, "ctr", fields.ID),
    terms: fields.b64(obj, "terms", 32),
    kind: fields.oneOf(obj, "kind", KINDS),
    seq: fields.integer(obj, "seq"),
    epoch: fields.integer(obj, "epoch"),
    prev: fields.b64(obj, "prev", 32),
    slot: fields.integer(obj, "slot"),
    t0: fields.integer(obj, "t0"),
    t1: fields.integer(obj, "t1"),
    up0: fields.optionalInteger(obj, "up0"),
    up1: fields.optionalInteger(obj, "up1"),
    awake: fields.optionalInteger(obj, "awake"),
    off: fields.integer(obj, "off", -MAX_INT),
    boot: fields.optionalB64(obj, "boot", 16),
    bcn: beaconRef(fields.field(obj, "bcn")),
    mom: fields.optionalB64(obj, "mom", 32),
    active: fields.optionalInteger(obj, "active", 0, 10),
    input: fields.oneOf(obj, "input", INPUTS),
    pics: fields.integer(obj, "pics", 0, 3),
    shotAt: pictureTimes(obj),
    shot: fields.oneOf(obj, "shot", PICTURE_REASONS),
    end: fields.oneOf(obj, "end", ENDS),
    tz: fields.string(obj, "tz", 64),
    app: fields.string(app, "ver", 64),
    os: fields.string(app, "os", 64),
  };
  checkNulls(segment);
  return segment;
}

/** @param {import("../formats/encoding.js").Json} obj @returns {number[]} */
function pictureTimes(obj) {
  const pics = fields.integer(obj, "pics", 0, 3);
  const times = fields.array(obj, "shot_at", 3);
  for (const at of times) fields.integer({ shot_at: at }, "shot_at");
  if (times.length !== pics || times.some((at, i) => i > 0 && times[i - 1] > at)) {
    throw fields.bad("shot_at");
  }
  return times;
}

/** @param {Segment} segment */
function checkNulls(segment) {
  const { up0, up1, awake, boot, bcn, active, mom, pics, shot, input } = segment;
  const measured = [up0, up1, awake, boot, bcn, active];
  if (segment.kind === "manual") {
    const none = [...measured, mom].every((value) => value === null) && pics === 0;
    if (!none || shot !== "none" || input !== "unavailable") {
      throw new DiaryError("E_FORMAT", "manual time carries measurements");
    }
  } else if (measured.includes(null)) {
    throw new DiaryError("E_FORMAT", "a measurement is missing");
  }
}

/** @param {unknown} value */
function beaconRef(value) {
  if (value === null) return null;
  if (!isObject(value)) throw fields.bad("bcn");
  return { slot: fields.integer(value, "slot"), h: fields.b64(value, "h", 32) };
}
