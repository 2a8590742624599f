// npm @sd-jwt/core: segments, complete and with withheld parts. Its caller provides hashing and
// signatures; here they are Node's own.

import { createHash, createPublicKey, verify } from "node:crypto";

import { SDJwtInstance } from "@sd-jwt/core";

import { judged } from "./refusal.js";

const hasher = (data) => new Uint8Array(createHash("sha256").update(data).digest());

function reader(jwk) {
  const key = jwk && createPublicKey({ key: jwk, format: "jwk" });
  const verifier = (data, signature) =>
    verify(null, Buffer.from(data, "ascii"), key, Buffer.from(signature, "base64url"));
  return new SDJwtInstance({ hasher, hashAlg: "sha-256", verifier });
}

export function verifySdJwt({ sdjwt, jwk }) {
  const sdJwt = reader(jwk);
  return judged(async () => {
    const { payload, header } = await sdJwt.verify(sdjwt);
    return { payload, header, names: await sdJwt.presentableKeys(sdjwt) };
  });
}

export function presentSdJwt({ sdjwt, names }) {
  const frame = Object.fromEntries(names.map((name) => [name, true]));
  return judged(() => reader(null).present(sdjwt, frame));
}
