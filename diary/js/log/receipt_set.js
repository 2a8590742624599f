// The receipts of one check: each is opened once, and all are compared with one another. A checkpoint
// is a signed statement about the whole log, whatever its source; so all of them must be one history:
// one root for each size, each tree a prefix of the newest, and times that never decrease. A
// contradiction is a finding about the log and never voids a segment.

import { fromAscii, fromUtf8, hex } from "../formats/bytes.js";
import { openCosigned } from "./checkpoint.js";
import { b64Decode, b64urlDecode, digest } from "../formats/encoding.js";
import { DiaryError, diaryError } from "../core/findings.js";
import { extendTrust } from "./shard_keys.js";
import { rememberingNodes, verifyConsistency } from "./merkle.js";
import { sameVerifier } from "./signed_note.js";
import { yieldToPage } from "../core/progress.js";
import { comparePositions, parseOrigin } from "./position.js";
import { parseReceipt, prove } from "./receipt.js";
import { NO_WITNESSES } from "./witnesses.js";

/** A proof of consistency has at most twice as many hashes as a tree of 2^53 leaves is high. */
export const MAX_CONSISTENCY = 8_192;

/**
 * @typedef {import("./checkpoint.js").Checkpoint} Checkpoint
 * @typedef {import("./position.js").LogPosition} LogPosition
 * @typedef {import("./receipt.js").LoggedObject & {position: LogPosition}} PlacedObject
 */

/** One size of one log, with all roots seen for it. */
class TreeState {
  /** @type {Map<string, Uint8Array>} */
  roots = new Map();

  /** @param {string} origin @param {number} size */
  constructor(origin, size) {
    this.origin = origin;
    this.size = size;
  }
}

/** Opens receipts with trusted keys and keeps their checkpoints and leaves. */
export class ReceiptSet {
  /** @type {import("./signed_note.js").NoteVerifier[]} */
  verifiers = [];
  /** Its quorum is required of the newest checkpoints, to which all others must lead. */
  witnesses = NO_WITNESSES;
  /** @type {Map<string, ReturnType<typeof openCosigned>>} */
  #opened = new Map();
  #hash = rememberingNodes();
  /** @type {Map<string, TreeState>} */
  #states = new Map();
  /** @type {Map<string, {position: LogPosition, origin: string, leaves: Map<string, number>}>} */
  #leaves = new Map();
  /** The final size of old shards, from the openings of later ones, by origin. @type {Map<string, number>} */
  #finals = new Map();

  /** @param {import("../verification/findings_collector.js").FindingCollector} notes */
  constructor(notes) {
    this.notes = notes;
  }

  /**
   * Throws E_POLICY unless the keys are of logs of `aud`, one for each.
   * @param {string} aud
   * @param {import("./signed_note.js").NoteVerifier[]} verifiers The keys trusted from outside.
   * @param {Uint8Array[]} keys Receipts of key leaves, which may announce more.
   * @param {import("../verification/findings_collector.js").FindingCollector} notes
   * @param {import("./witnesses.js").WitnessPolicy} [witnesses]
   */
  static async make(aud, verifiers, keys, notes, witnesses = NO_WITNESSES) {
    if (verifiers.some((verifier) => parseOrigin(verifier.name).aud !== aud)) {
      throw new DiaryError("E_POLICY", "a key is of another marketplace");
    }
    for (const one of verifiers) {
      if (verifiers.some((other) => other.name === one.name && !sameVerifier(one, other))) {
        throw new DiaryError("E_POLICY", "two keys for one log");
      }
    }
    const set = new ReceiptSet(notes);
    set.witnesses = witnesses;
    const extended = await extendTrust(verifiers, keys);
    set.verifiers = extended.verifiers;
    for (const [data, result] of extended.results) {
      if (result instanceof DiaryError) {
        notes.addError(result, "bundle", `keys/${await digest(data)}`);
      } else {
        set.#noteKey(result);
      }
    }
    return set;
  }

  /**
   * Verify a receipt completely, with the trusted keys. Throws E_FORMAT, E_CP_SIG or E_INCLUSION.
   * @param {Uint8Array} data
   * @param {string} type
   * @param {string | null} [objectDigest]
   * @returns {Promise<PlacedObject>}
   */
  async open(data, type, objectDigest = null) {
    const receipt = parseReceipt(data);
    const checkpoint = await this.checkpoint(receipt.checkpoint);
    const logged = await prove(receipt, checkpoint, type, objectDigest, this.#hash);
    return { ...logged, position: this.#noteLeaf(logged) };
  }

  /**
   * Verify a checkpoint and keep it; the same bytes are verified once. Throws E_CP_SIG.
   * @param {Uint8Array} data
   * @returns {Promise<Checkpoint>}
   */
  async checkpoint(data) {
    return (await this.#open(data)).checkpoint;
  }

  /** A checkpoint, and whether it reaches the quorum. @param {Uint8Array} data */
  async #open(data) {
    const text = fromUtf8(data);
    if (text === null) return openCosigned(data, this.verifiers, this.witnesses);
    let opening = this.#opened.get(text);
    if (opening === undefined) {
      opening = openCosigned(data, this.verifiers, this.witnesses);
      this.#opened.set(text, opening);
    }
    const opened = await opening;
    const { origin, size, root } = opened.checkpoint;
    this.#noteRoot(origin, size, root);
    return opened;
  }

  /** @param {string} origin @param {number} size @param {Uint8Array} root */
  #noteRoot(origin, size, root) {
    const name = `${origin} ${size}`;
    const state = this.#states.get(name) ?? new TreeState(origin, size);
    this.#states.set(name, state);
    state.roots.set(hex(root), root);
  }

  /** @param {import("./shard_keys.js").KeyLeaf} leaf */
  #noteKey({ key, logged, isOpening }) {
    const { origin, size, root } = logged.checkpoint;
    this.#noteRoot(origin, size, root);
    this.#noteLeaf(logged);
    if (!isOpening) return;
    const known = this.#finals.get(key.prevOrigin) ?? Infinity;
    this.#finals.set(key.prevOrigin, Math.min(known, key.prevSize));
    this.#noteRoot(key.prevOrigin, key.prevSize, b64urlDecode(key.prevRoot, 32));
  }

  /** @param {import("./receipt.js").LoggedObject} logged @returns {LogPosition} */
  #noteLeaf({ leaf, index, checkpoint: { origin } }) {
    /** @type {LogPosition} */
    const position = [...parseOrigin(origin).shard, index];
    const name = position.join(" ");
    const known = this.#leaves.get(name) ?? { position, origin, leaves: new Map() };
    this.#leaves.set(name, known);
    known.leaves.set(fromAscii(leaf.data), leaf.rtMs);
    return position;
  }

  /**
   * Note all findings about the log, once everything has been opened.
   * @param {Map<string, Uint8Array> | null} checkpoints The newest of each shard by the log's name;
   *   null without any to compare with.
   * @param {Map<string, Uint8Array>} proofs Consistency proofs to them, by `<log's name>/<older size>`.
   */
  async compare(checkpoints, proofs) {
    const newest = checkpoints === null ? null : await this.#newest(checkpoints);
    this.#checkTimes();
    const split = this.#split();
    for (const state of split) {
      this.#log("E_SPLIT_VIEW", state.origin, state.size, "the log has shown two histories");
    }
    if (newest === null) return;
    for (const state of this.#states.values()) {
      await yieldToPage();
      if (!split.has(state)) await this.#checkConsistency(state, newest, proofs);
    }
  }

  /**
   * @param {Map<string, Uint8Array>} checkpoints
   * @returns {Promise<Map<string, Checkpoint>>}
   */
  async #newest(checkpoints) {
    const newest = new Map();
    for (const [name, data] of checkpoints) {
      try {
        const { checkpoint, cosigned } = await this.#open(data);
        if (parseOrigin(checkpoint.origin).name !== name) {
          throw new DiaryError("E_MANIFEST", "the checkpoint is of another log");
        }
        newest.set(checkpoint.origin, checkpoint);
        if (!cosigned) {
          const detail = "too few witnesses have cosigned the checkpoint";
          this.#log("E_QUORUM", checkpoint.origin, checkpoint.size, detail);
        }
      } catch (error) {
        this.notes.addError(diaryError(error), "bundle", `checkpoint/${name}`);
      }
    }
    return newest;
  }

  #split() {
    const states = [...this.#states.values()];
    const split = new Set(states.filter((state) => state.roots.size > 1));
    for (const [origin, size] of this.#finals) {
      for (const state of states) {
        if (state.origin === origin && state.size > size) split.add(state);
      }
    }
    const largest = new Map();
    for (const state of states) {
      if (!(largest.get(state.origin)?.size >= state.size)) largest.set(state.origin, state);
    }
    for (const { origin, leaves } of this.#leaves.values()) {
      // Proven in trees of different sizes, so no single state shows it.
      if (leaves.size > 1) split.add(largest.get(origin));
    }
    return split;
  }

  #checkTimes() {
    let latest = 0;
    const ordered = [...this.#leaves.values()].sort((a, b) => comparePositions(a.position, b.position));
    for (const { position, origin, leaves } of ordered) {
      for (const rtMs of [...leaves.values()].sort((a, b) => a - b)) {
        if (rtMs < latest) {
          this.#log("E_LOG_TIME", origin, position[2], "it is older than a leaf before it");
        }
        latest = Math.max(latest, rtMs);
      }
    }
  }

  /**
   * @param {TreeState} state
   * @param {Map<string, Checkpoint>} newest
   * @param {Map<string, Uint8Array>} proofs
   */
  async #checkConsistency({ origin, size, roots }, newest, proofs) {
    const last = newest.get(origin);
    const [root] = roots.values();
    if (last === undefined || size > last.size) {
      this.#log("E_CONSISTENCY", origin, size, "no newer checkpoint to compare it with");
    } else if (size < last.size) {
      const proof = readConsistency(proofs.get(`${parseOrigin(origin).name}/${size}`));
      if (proof === null) {
        this.#log("E_CONSISTENCY", origin, size, "no proof leads to the newest checkpoint");
      } else if (!(await verifyConsistency(size, last.size, proof, root, last.root, this.#hash))) {
        this.#log("E_CONSISTENCY", origin, size, "the newest checkpoint does not hold it");
      }
    }
  }

  /** @param {string} code @param {string} origin @param {number} at @param {string} detail */
  #log(code, origin, at, detail) {
    this.notes.add("log", `${origin} ${at}`, code, detail);
  }
}

/**
 * The hashes of a proof file, one base64 line each; null for a missing or malformed file.
 * @param {Uint8Array | undefined} data
 */
function readConsistency(data) {
  const text = data === undefined || data.length > MAX_CONSISTENCY ? null : fromAscii(data);
  if (text === null || (text !== "" && !text.endsWith("\n"))) return null;
  try {
    return text.split("\n").slice(0, -1).map((line) => b64Decode(line, 32));
  } catch (error) {
    diaryError(error);
    return null;
  }
}
