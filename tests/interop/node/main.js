// Answers queries with libraries from npm, one JSON object per line (tests/interop/program.py). If a
// library refuses its input, the answer is {"refused": reason}; any other error ends the program.

import { createInterface } from "node:readline";

import { Refusal } from "./refusal.js";
import { verifyJws, thumbprint } from "./jose.js";
import { beginSignIn, finishSignIn } from "./oauth.js";
import { presentSdJwt, verifySdJwt } from "./sdjwt.js";
import { openCheckpoint, verifyInclusion, verifyReceipt } from "./sigstore.js";

const QUESTIONS = {
  "verify jws": verifyJws,
  thumbprint,
  "verify sd-jwt": verifySdJwt,
  "present sd-jwt": presentSdJwt,
  "begin sign-in": beginSignIn,
  "finish sign-in": finishSignIn,
  "open checkpoint": openCheckpoint,
  "verify inclusion": verifyInclusion,
  "verify receipt": verifyReceipt,
};

for await (const line of createInterface({ input: process.stdin })) {
  const asked = JSON.parse(line);
  let answer;
  try {
    answer = { value: await QUESTIONS[asked.ask](asked) };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    answer = { refused: error.message };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
