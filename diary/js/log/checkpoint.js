// C2SP tlog-checkpoint: origin, tree size and root hash of the log, as a signed note.

import { b64Decode, decimal } from "../formats/encoding.js";
import { DiaryError, diaryError } from "../core/findings.js";
import { openNote } from "./signed_note.js";

/** @typedef {{origin: string, size: number, root: Uint8Array}} Checkpoint */

/**
 * Verify and read a signed checkpoint. Throws E_CP_SIG. The signing key's name must be the origin,
 * so that one log's key cannot sign for another. Extension lines are ignored.
 * @param {Uint8Array} data
 * @param {import("./signed_note.js").NoteVerifier[]} verifiers
 * @returns {Promise<Checkpoint>}
 */
export async function openCheckpoint(data, verifiers) {
  const { text, signer } = await openNote(data, verifiers);
  const lines = text.slice(0, -1).split("\n");
  if (lines.length < 3 || lines.includes("")) {
    throw new DiaryError("E_CP_SIG", "the checkpoint has not its three lines");
  }
  let checkpoint;
  try {
    checkpoint = { origin: lines[0], size: decimal(lines[1]), root: b64Decode(lines[2], 32) };
  } catch (error) {
    throw new DiaryError("E_CP_SIG", `the checkpoint: ${diaryError(error).detail}`);
  }
  if (checkpoint.origin !== signer.name) {
    throw new DiaryError("E_CP_SIG", "the checkpoint is of another log than its key");
  }
  return checkpoint;
}
