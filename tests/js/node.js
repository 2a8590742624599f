// Answers calls of operations.js: one JSON line in, one JSON line out.

import { createInterface } from "node:readline";
import { webcrypto } from "node:crypto";

// Node 18 has it, but not as a global.
globalThis.crypto ??= webcrypto;

const { call } = await import("./operations.js");

for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  const [name, argument] = JSON.parse(line);
  process.stdout.write(`${JSON.stringify(await call(name, argument))}\n`);
}
