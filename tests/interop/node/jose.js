// npm jose: the compact JWS and the thumbprints of keys.

import { calculateJwkThumbprint, compactVerify, importJWK } from "jose";

import { judged } from "./refusal.js";

export async function verifyJws({ jws, jwk }) {
  const key = await importJWK(jwk, "Ed25519");
  return judged(async () => {
    const { payload, protectedHeader } = await compactVerify(jws, key, { algorithms: ["Ed25519"] });
    return { header: protectedHeader, payload: JSON.parse(new TextDecoder().decode(payload)) };
  });
}

export function thumbprint({ jwk }) {
  return calculateJwkThumbprint(jwk, "sha256");
}
