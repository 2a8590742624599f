// Answers calls of operations.js: one JSON line in, one JSON line out.

import { createInterface } from "node:readline";
import { call } from "./operations.js";

for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  const [name, argument] = JSON.parse(line);
  process.stdout.write(`${JSON.stringify(await call(name, argument))}\n`);
}
