// The operations of the JavaScript verifier for the tests, by name: JSON in, JSON out. The same module
// runs in Node and in Chromium.

import { parseAmend } from "../../diary/js/objects/amendment.js";
import { Archive, ArchiveError } from "../../diary/js/bundle/zip_reader.js";
import { verifyFiles } from "../../diary/js/bundle/check.js";
import { fromAscii, hex, utf8 } from "../../diary/js/formats/bytes.js";
import { openCheckpoint } from "../../diary/js/log/checkpoint.js";
import { b64Decode, b64Encode, b64urlDecode, b64urlEncode, canonical, digest, parseValue } from "../../diary/js/formats/encoding.js";
import { anchorOf, parseEnrolment } from "../../diary/js/objects/enrolment.js";
import { DiaryError, diaryError } from "../../diary/js/core/findings.js";
import { verifyJws } from "../../diary/js/formats/jws.js";
import { parseRetire, parseRevoke, parseVouch } from "../../diary/js/objects/device_lifecycle.js";
import { isCanonicalPoint, thumbprint, verify } from "../../diary/js/formats/ed25519.js";
import { chosenLanguage } from "../../diary/js/page/language.js";
import { parseLeaf } from "../../diary/js/log/leaf.js";
import { activityLevel, credit, parallel } from "../../diary/js/verification/credit.js";
import { extendTrust } from "../../diary/js/log/shard_keys.js";
import { leafHash, verifyConsistency, verifyInclusion } from "../../diary/js/log/merkle.js";
import { HashChainVerifier, pickTimes, scheduledTimes } from "../../diary/js/objects/picture_times.js";
import { parseVerifier, vkeyOf } from "../../diary/js/log/signed_note.js";
import { parseBeacon, parseTerms } from "../../diary/js/objects/beacon_and_terms.js";
import { parsePolicy } from "../../diary/js/log/policy.js";
import { openReceipt, parseReceipt } from "../../diary/js/log/receipt.js";
import { parseReview } from "../../diary/js/objects/review_entry.js";
import { parseSegment } from "../../diary/js/objects/segment.js";
import { sha256, shortSha256 } from "../../diary/js/formats/sha256.js";
import { parseTombstone, parseTombstoneObject } from "../../diary/js/objects/tombstone.js";
import { check, entryOf } from "../../diary/js/verification/check.js";

const unhex = (text) => Uint8Array.from(text.match(/../g) ?? [], (two) => parseInt(two, 16));

const SIGNED = {
  vouch: parseVouch,
  retire: parseRetire,
  amend: parseAmend,
  tombstone: parseTombstone,
};
/** The parser of each kind of object in refusals.json. */
const READERS = {
  segment: parseSegment,
  enrolment: parseEnrolment,
  vouch: parseVouch,
  retire: parseRetire,
  amend: parseAmend,
  "signed tombstone": parseTombstone,
  tombstone: parseTombstoneObject,
  terms: parseTerms,
  beacon: parseBeacon,
  review: parseReview,
  revoke: parseRevoke,
  vkey: (data) => parseVerifier(new TextDecoder("utf-8", { ignoreBOM: true }).decode(data)),
};
const MARKETPLACE_OBJECTS = { revoke: parseRevoke, tombstone: parseTombstoneObject, review: parseReview };

const operations = {
  async sha256({ data }) {
    const bytes = b64urlDecode(data);
    return [hex(await sha256(bytes)), hex(shortSha256(bytes))];
  },
  async signed({ kind, text, key }) {
    const statement = await SIGNED[kind](utf8(text));
    await verifyJws(statement.jws, unhex(key));
    const { digest, kid, typ, payload } = statement.jws;
    const disclosures = statement.sdjwt?.disclosures ?? [];
    return { digest, kid, typ, payload, disclosures };
  },
  async refusal({ reader, bytes, vkey }) {
    if (reader === "checkpoint") await openCheckpoint(b64urlDecode(bytes), [await parseVerifier(vkey)]);
    else await READERS[reader](b64urlDecode(bytes));
    return null;
  },
  marketplaceObject: ({ kind, text }) => MARKETPLACE_OBJECTS[kind](utf8(text)),
  chosenLanguage: ({ wanted }) => chosenLanguage(wanted),
  async policy({ text }) {
    return (await parsePolicy(utf8(text))).logs.map(vkeyOf);
  },
  async witnesses({ policy, file }) {
    const { logs, witnesses } = await parsePolicy(utf8(policy));
    try {
      await openReceipt(utf8(file), logs, "beacon", null, witnesses);
      return null;
    } catch (error) {
      return diaryError(error).code;
    }
  },
  async trust({ vkeys, receipts }) {
    const given = await Promise.all(vkeys.map(parseVerifier));
    return (await extendTrust(given, receipts.map(utf8))).verifiers.map(vkeyOf);
  },
  canonical: ({ value }) => b64urlEncode(utf8(canonical(value))),
  parse: ({ bytes }) => ({ value: parseValue(b64urlDecode(bytes)) }),
  unb64u: ({ text }) => hex(b64urlDecode(text)),
  good_point: ({ key }) => isCanonicalPoint(unhex(key)),
  verify: ({ key, signature, message }) => verify(unhex(key), unhex(signature), b64urlDecode(message)),
  thumbprint: ({ jwk }) => thumbprint(jwk),
  async enrolment({ jws, slots }) {
    const made = await parseEnrolment(utf8(jws));
    const { digest, kid, anchors } = made;
    return { digest, kid, anchors, covered: slots.map((slot) => anchorOf(made, slot)) };
  },
  meets: ({ value, slot, anchor }) => new HashChainVerifier().verify(b64urlDecode(value), slot, b64urlDecode(anchor)),
  async draws({ value, beacon, slot }) {
    return (await pickTimes(b64urlDecode(value), b64urlDecode(beacon), slot)).map(Number);
  },
  async moments({ value, beacon, slot, t0, count }) {
    return (await scheduledTimes(b64urlDecode(value), b64urlDecode(beacon), slot, t0, count)).map(Number);
  },
  async segment({ sdjwt }) {
    const { hash, kid, sdjwt: opened } = await parseSegment(utf8(sdjwt));
    const { jws, disclosures, withheld, problems } = opened;
    const codes = problems.map((problem) => problem.code);
    return { hash, kid, payload: jws.payload, disclosures, withheld, problems: codes };
  },
  async leaf({ text }) {
    const { type, digest, rtMs, attrs, data } = parseLeaf(utf8(text));
    return { type, digest, rt_ms: rtMs, attrs, hash: b64Encode(await leafHash(data)) };
  },
  async inclusion({ leaf, leaf_hash: given, index, size, proof, root }) {
    const path = proof.map((node) => b64Decode(node));
    const hash = given === undefined ? await leafHash(utf8(leaf)) : b64Decode(given);
    return verifyInclusion(hash, index, size, path, b64Decode(root));
  },
  consistency({ old, size, proof, old_root, root }) {
    const path = proof.map((node) => b64Decode(node));
    return verifyConsistency(old, size, path, b64Decode(old_root), b64Decode(root));
  },
  async vkey({ vkey }) {
    return vkeyOf(await parseVerifier(vkey));
  },
  async checkpoint({ note, vkeys }) {
    const verifiers = await Promise.all(vkeys.map(parseVerifier));
    const { origin, size, root } = await openCheckpoint(utf8(note), verifiers);
    return `${origin}\n${size}\n${b64Encode(root)}\n`;
  },
  receipt({ file }) {
    const { leaf, object, index, proof } = parseReceipt(utf8(file));
    const text = object && fromAscii(object);
    return { leaf: fromAscii(leaf.data), object: text, index, proof: proof.map(b64Encode) };
  },
  credit({ entries }) {
    const listed = entries.map(
      ({ given_back: givenBack, given_back_at: givenBackAt, limit_s: limitS, ...entry }) => {
        return { ...entry, givenBack, givenBackAt, limitS };
      },
    );
    return { shares: Object.fromEntries(credit(listed)), parallel: [...parallel(listed)].sort() };
  },
  level: ({ minutes }) => activityLevel(minutes),
  async bundle({ files, asked }) {
    const held = new Map(Object.entries(files).map(([name, data]) => [name, b64urlDecode(data)]));
    return plain(await verifyFiles(held, asked));
  },
  async archive({ data, asked }) {
    try {
      return plain(await verifyFiles(await Archive.open(new Blob([b64urlDecode(data)])), asked));
    } catch (error) {
      if (error instanceof ArchiveError) throw new DiaryError("not_an_archive", error.message);
      throw error;
    }
  },
  async files_of({ data }) {
    let archive;
    try {
      archive = await Archive.open(new Blob([b64urlDecode(data)]));
    } catch (error) {
      if (error instanceof ArchiveError) return null;
      throw error;
    }
    const found = archive.findings.map(({ subject }) => [subject, null]);
    for (const name of archive.names()) {
      try {
        found.push([name, await digest(await archive.read(name))]);
      } catch (error) {
        if (!(error instanceof DiaryError)) throw error;
        found.push([name, null]);
      }
    }
    return found;
  },
  check: ({ texts, ...given }) => checkCase(texts, given),
  all: ([name, items]) => Promise.all(items.map((argument) => call(name, argument))),
};

/** The report with each BigInt as the nearest number, for JSON. */
function plain(report) {
  const number = (key, value) => (typeof value === "bigint" ? Number(value) : value);
  return JSON.parse(JSON.stringify(report, number));
}

/** Check a case of cases.json; returns the result in that file's form. */
async function checkCase(texts, given) {
  const text = (name) => utf8(texts[name]);
  const pairs = (listed) => listed.map(([data, proof]) => [data && text(data), proof && text(proof)]);
  const files = (listed) => new Map(Object.entries(listed).map(([key, name]) => [key, text(name)]));
  const { aud, blobs, checkpoints, partial, ctr, sub, period } = given;
  const report = await check({
    aud,
    verifiers: await Promise.all(given.vkeys.map(parseVerifier)),
    keys: given.keys.map(text),
    devices: pairs(given.devices),
    vouches: pairs(given.vouches),
    retires: pairs(given.retires),
    revokes: given.revokes.map(text),
    terms: given.terms.map(text),
    amends: pairs(given.amends),
    tombstones: pairs(given.tombstones),
    reviews: given.reviews.map(text),
    checkpoints: checkpoints && files(checkpoints),
    witnesses: given.policy ? (await parsePolicy(utf8(given.policy))).witnesses : undefined,
    consistency: new Map(given.consistency.map(([log, size, n]) => [`${log}/${size}`, text(n)])),
    beacons: files(given.beacons),
    segments: new Map(
      Object.entries(given.segments).map(([hash, [data, proof]]) => [
        hash,
        [text(data), proof && text(proof)],
      ]),
    ),
    blob: blobs && (async (sha) => (Object.hasOwn(blobs, sha) ? blobs[sha] : null)),
    partial,
    ctr,
    sub,
    period,
  });
  const triples = report.findings.map(({ kind, subject, code }) => [kind, subject, code]);
  return {
    findings: triples.filter((t, i) => i === 0 || String(t) !== String(triples[i - 1])),
    checked: Object.fromEntries(
      [...report.segments].map(([hash, checked]) => [
        hash,
        {
          place: checked.position,
          assurance: checked.assurance,
          pays: entryOf(checked).pays,
          codes: [...checked.codes].sort(),
          memo: checked.shown.memo,
          credit: report.credits.get(hash),
        },
      ]),
    ),
  };
}

/** Run an operation; a DiaryError is returned as its code, any other error is thrown. */
export async function call(name, argument) {
  try {
    return { value: await operations[name](argument) };
  } catch (error) {
    if (error instanceof DiaryError) return { error: error.code };
    throw error;
  }
}
