// The report about a bundle: one JSON object, the same from every verifier except for `detail`.

import { compareText, isError } from "../core/findings.js";
import { totals } from "../verification/credit.js";
import { vkeyOf } from "../log/signed_note.js";
import { comparePositions, shardName } from "../log/position.js";
import { dayOf, weekOf } from "../core/slots.js";
import { entryOf, groupBy } from "../verification/check.js";

/**
 * @typedef {import("../bundle/check.js").CheckedBundle} CheckedBundle
 * @typedef {import("../log/position.js").LogPosition} LogPosition
 * @typedef {import("../verification/check.js").Checked} Checked
 */

/** Not visible in the files alone: they have no trace of objects that their exporter left out. */
const NOT_CHECKED = [
  "amendments",
  "beacons",
  "forks",
  "other_contracts",
  "retirements",
  "reviews",
  "revocations",
  "terms",
  "tombstones",
];

/** Whether there is no error; warnings and notes are allowed. @param {CheckedBundle} opened */
const isValid = ({ findings }) => !findings.some(isError);

/** @param {LogPosition | null | undefined} position */
const positionJson = (position) => (position ? [shardName(position), position[2]] : null);

/**
 * The whole result as JSON.
 * @param {CheckedBundle} opened
 */
export function reportJson(opened) {
  const { report, files } = opened;
  const checked = [...report.segments.values()];
  const sums = (/** @type {Checked[]} */ part) => totals(part.map((each) => entryOf(each)), report.credits);
  const by = (/** @type {(time: number) => number} */ beginOf) =>
    [...groupBy(checked, (each) => String(beginOf(each.sealed.segment.t0)))]
      .map(([begin, part]) => ({ from: Number(begin), ...sums(part) }))
      .sort((a, b) => a.from - b.from);
  return {
    v: 1,
    result: isValid(opened) ? "valid" : "invalid",
    label: opened.outside ? "outside-key" : "own-key",
    aud: opened.aud,
    ctr: opened.ctr,
    sub: opened.sub,
    from: opened.first,
    to: opened.end,
    keys: opened.keys.map(vkeyOf),
    findings: opened.findings.map(({ kind, subject, code, detail }) => ({
      kind,
      subject,
      code,
      file: files.get(subject) || files.get(subject.split("/")[0]) || "",
      detail,
    })),
    devices: [...report.keys.devices].map(([kid, device]) => deviceJson(opened, kid, device)),
    chains: chainsJson(checked),
    totals: sums(checked),
    weeks: by(weekOf),
    days: by(dayOf),
    terms: report.terms.map(({ terms, hash, position, rtMs }) => ({
      digest: hash,
      from: terms.from,
      index: positionJson(position),
      rt_ms: rtMs,
      state: terms.state,
      limit_s: terms.limitS,
    })),
    segments: checked.map((each) => segmentJson(opened, each)),
    reviews: report.reviews.map(({ at, by: who, kind, segments }) => {
      return { at, by: who, kind, segments };
    }),
    not_checked: opened.pictures ? NOT_CHECKED : [...NOT_CHECKED, "pictures"].sort(),
  };
}

/**
 * @param {CheckedBundle} opened
 * @param {string} kid
 * @param {import("../verification/evidence.js").LoggedDevice} device
 */
function deviceJson({ report: { keys } }, kid, { enrolment, position }) {
  return {
    kid,
    name: enrolment.name,
    sub: enrolment.sub,
    index: positionJson(position),
    vouched: !keys.unvouched.has(kid),
    retired: keys.heads.has(kid),
    revoked: positionJson(keys.revoked.get(kid)),
  };
}

/** @param {CheckedBundle} opened @param {Checked} checked */
function segmentJson({ report, files }, { sealed, position, rtMs, shown, codes, assurance }) {
  const { hash, kid, segment: body } = sealed;
  const pictures = [...shown.pictures].sort((a, b) => a[0] - b[0]);
  return {
    hash,
    file: files.get(hash) ?? "",
    kid,
    ctr: body.ctr,
    seq: body.seq,
    epoch: body.epoch,
    kind: body.kind,
    slot: body.slot,
    t0: body.t0,
    t1: body.t1,
    index: positionJson(position),
    rt_ms: rtMs,
    assurance,
    codes: [...codes].sort(),
    ...report.credits.get(hash),
    memo: shown.memo,
    note: shown.note,
    active: body.active,
    minutes: shown.minutes,
    shot: body.shot,
    shots: pictures.map(([number, { at, blob, thumb }]) => [number, at, blob.sha256, thumb.sha256]),
    memos: shown.memos.length,
    deletions: shown.deletions,
  };
}

/** The segments of each device on each contract. @param {Checked[]} checked */
function chainsJson(checked) {
  const chains = groupBy(checked, (each) => `${each.sealed.segment.ctr}/${each.sealed.kid}`);
  return [...chains]
    .sort((a, b) => compareText(a[0], b[0]))
    .map(([name, part]) => {
      const [ctr, kid] = name.split("/");
      const numbers = part.map((each) => each.sealed.segment.seq);
      const positions = part.flatMap(({ position }) => (position === null ? [] : [position]));
      positions.sort(comparePositions);
      const ends = positions.length ? [positions[0], positions.at(-1)] : [];
      return {
        ctr,
        kid,
        segments: part.length,
        seq: [numbers.reduce((a, b) => Math.min(a, b)), numbers.reduce((a, b) => Math.max(a, b))],
        index: ends.map(positionJson),
      };
    });
}
