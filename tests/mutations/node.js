// Checks bundles for tests.mutations: one JSON line in, one JSON line out. Each line describes the
// differences of a bundle from the first one.

import { createInterface } from "node:readline";
import { webcrypto } from "node:crypto";

// Node 18 has it, but not as a global.
globalThis.crypto ??= webcrypto;

// Most of a changed bundle is unchanged: results for signatures and digests are cached by their bytes.
const subtle = globalThis.crypto.subtle;
const [verify, digest] = [subtle.verify.bind(subtle), subtle.digest.bind(subtle)];
const keys = new Map();
const known = new Map();
const text = (bytes) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");

function once(name, make) {
  if (known.size > 200_000) known.clear();
  if (!known.has(name)) known.set(name, make());
  return known.get(name);
}

subtle.verify = (algorithm, key, signature, message) => {
  if (!keys.has(key)) keys.set(key, keys.size);
  const name = `v${keys.get(key)} ${text(signature)} ${text(message)}`;
  return once(name, () => verify(algorithm, key, signature, message));
};
subtle.digest = (algorithm, bytes) => {
  return once(`${algorithm} ${text(bytes)}`, () => digest(algorithm, bytes));
};

const { call } = await import("../js/operations.js");

let honest = {};
for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  const { base, without, put, asked } = JSON.parse(line);
  if (base) honest = base;
  const files = { ...honest };
  for (const name of without) delete files[name];
  // Some names, such as __proto__, cannot be assigned.
  const named = Object.entries({ ...files }).concat(put);
  const answer = await call("bundle", { files: Object.fromEntries(named), asked });
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
