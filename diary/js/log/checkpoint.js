// C2SP tlog-checkpoint: origin, tree size and root hash of the log, as a signed note.

import { b64Decode, decimal } from "../formats/encoding.js";
import { DiaryError, diaryError } from "../core/findings.js";
import { readNote } from "./signed_note.js";
import { NO_WITNESSES, isMet } from "./witnesses.js";

/** @typedef {{origin: string, size: number, root: Uint8Array}} Checkpoint */

/**
 * Verify and read a signed checkpoint. Throws E_CP_SIG, or E_QUORUM if too few of the witnesses have
 * cosigned it.
 * @param {Uint8Array} data
 * @param {import("./signed_note.js").NoteVerifier[]} verifiers
 * @param {import("./witnesses.js").WitnessPolicy} [witnesses]
 * @returns {Promise<Checkpoint>}
 */
export async function openCheckpoint(data, verifiers, witnesses = NO_WITNESSES) {
  const { checkpoint, cosigned } = await openCosigned(data, verifiers, witnesses);
  if (!cosigned) throw new DiaryError("E_QUORUM", "too few witnesses have cosigned the checkpoint");
  return checkpoint;
}

/**
 * Verify and read a signed checkpoint, and whether enough of the witnesses have cosigned it. Throws
 * E_CP_SIG, also for a wrong cosignature of a known witness (C2SP signed-note, "Signatures"). The
 * signing key's name must be the origin, so that one log's key cannot sign for another. Extension
 * lines are ignored.
 * @param {Uint8Array} data
 * @param {import("./signed_note.js").NoteVerifier[]} verifiers
 * @param {import("./witnesses.js").WitnessPolicy} witnesses
 * @returns {Promise<{checkpoint: Checkpoint, cosigned: boolean}>}
 */
export async function openCosigned(data, verifiers, witnesses) {
  const known = witnesses.witnesses.map(({ verifier }) => verifier);
  const { text, signers } = await readNote(data, [...verifiers, ...known]);
  const signer = [...signers].find((each) => verifiers.includes(each));
  if (signer === undefined) throw new DiaryError("E_CP_SIG", "no known key has signed");
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
  return { checkpoint, cosigned: isMet(witnesses, signers) };
}
