// npm @sigstore/verify: checkpoints and inclusion, checked like those of Sigstore's log. The package
// does not export these functions, so they are imported from its files.

import { createPublicKey } from "node:crypto";

import { verifyTLogInclusion } from "@sigstore/verify/dist/tlog/index.js";
import { verifyCheckpoint } from "@sigstore/verify/dist/tlog/checkpoint.js";
import { verifyMerkleInclusion } from "@sigstore/verify/dist/tlog/merkle.js";

import { judged } from "./refusal.js";

const bytes = (base64) => Buffer.from(base64, "base64");

// A log in Sigstore's form: `id` begins with the key ID of the notes.
function authority({ origin, jwk, id }) {
  const publicKey = createPublicKey({ key: jwk, format: "jwk" });
  return { logID: bytes(id), baseURL: origin, publicKey };
}

function entry({ leaf, index, proof, note, id }) {
  return {
    canonicalizedBody: bytes(leaf ?? ""),
    logId: { keyId: bytes(id ?? "") },
    inclusionProof: {
      logIndex: String(index),
      hashes: (proof ?? []).map(bytes),
      checkpoint: { envelope: note && bytes(note).toString("utf8") },
    },
  };
}

export function openCheckpoint(asked) {
  const log = authority(asked);
  return judged(() => {
    const { origin, logSize, logHash } = verifyCheckpoint(entry(asked), [log]);
    return { origin, size: Number(logSize), root: logHash.toString("base64") };
  });
}

export function verifyInclusion(asked) {
  const head = { logSize: BigInt(asked.size), logHash: bytes(asked.root) };
  return judged(() => {
    verifyMerkleInclusion(entry(asked), head);
    return true;
  });
}

export function verifyReceipt(asked) {
  const log = authority(asked);
  return judged(() => {
    verifyTLogInclusion(entry(asked), [log]);
    return true;
  });
}
