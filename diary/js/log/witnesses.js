// The witnesses of a C2SP tlog-policy: its `witness`, `group` and `quorum` lines.

import { hex } from "../formats/bytes.js";
import { DiaryError, diaryError } from "../core/findings.js";
import { parseWitnessKey } from "./cosignature.js";

/** The numbers that C2SP tlog-policy recommends at least; more would only be work for a verifier. */
const MAX_WITNESSES = 32;
const MAX_GROUPS = 32;
const NUMBER = /^[1-9][0-9]{0,3}$/;
/** Visible ASCII: an address is spelled without spaces and in ASCII. */
export const URL_FORM = /^[!-~]{1,2048}$/;

/**
 * The known witnesses, and the name of the witness or group that must have cosigned; without a quorum no
 * cosignature is required. Groups are in an order in which each names only earlier ones.
 * @typedef {object} WitnessPolicy
 * @property {{name: string, verifier: import("./signed_note.js").NoteVerifier, url: string | null}[]} witnesses
 * @property {{name: string, threshold: number, members: string[]}[]} groups
 * @property {string | null} quorum
 */

/** @type {WitnessPolicy} */
export const NO_WITNESSES = { witnesses: [], groups: [], quorum: null };

/**
 * Whether these keys suffice for the quorum.
 * @param {WitnessPolicy} policy
 * @param {Set<import("./signed_note.js").NoteVerifier>} cosigners Of the keys in the policy.
 */
export function isMet({ witnesses, groups, quorum }, cosigners) {
  if (quorum === null) return true;
  const met = new Set(witnesses.filter((each) => cosigners.has(each.verifier)).map(({ name }) => name));
  for (const { name, threshold, members } of groups) {
    if (members.filter((member) => met.has(member)).length >= threshold) met.add(name);
  }
  return met.has(quorum);
}

/** Reads the lines of witnesses in the order of the file. Methods throw E_POLICY. */
export class WitnessPolicyReader {
  /** @type {WitnessPolicy["witnesses"]} */
  #witnesses = [];
  /** @type {WitnessPolicy["groups"]} */
  #groups = [];
  /** @type {Set<string>} */
  #names = new Set();
  /** @type {Set<string>} */
  #grouped = new Set();
  /** @type {string[]} */
  #quorums = [];

  /**
   * Take a line; whether it is one of these kinds and has as many fields.
   * @param {string[]} fields
   */
  async take(fields) {
    const [kind, name, ...rest] = fields;
    if (kind === "witness" && (rest.length === 1 || rest.length === 2)) {
      await this.#witness(name, rest[0], rest[1] ?? null);
    } else if (kind === "group" && rest.length >= 2) {
      this.#group(name, rest[0], rest.slice(1));
    } else if (kind === "quorum" && fields.length === 2) {
      if (name !== "none" && !this.#names.has(name)) throw bad("its quorum is not defined before it");
      this.#quorums.push(name);
    } else {
      return false;
    }
    return true;
  }

  /** The result, after the last line. @returns {WitnessPolicy} */
  policy() {
    if (this.#quorums.length !== 1) throw bad("it must have one quorum");
    const quorum = this.#quorums[0] === "none" ? null : this.#quorums[0];
    return { witnesses: this.#witnesses, groups: this.#groups, quorum };
  }

  /** @param {string} name @param {string} vkey @param {string | null} url */
  async #witness(name, vkey, url) {
    this.#define(name);
    let verifier;
    try {
      verifier = await parseWitnessKey(vkey);
    } catch (error) {
      diaryError(error);
      throw bad("a witness's key cannot be used");
    }
    if (this.#witnesses.some((each) => hex(each.verifier.key) === hex(verifier.key))) {
      throw bad("a witness appears twice");
    }
    if (url !== null && !URL_FORM.test(url)) throw bad("a witness's address cannot be used");
    this.#witnesses.push({ name, verifier, url });
    if (this.#witnesses.length > MAX_WITNESSES) throw bad("it has more than 32 witnesses");
  }

  /** @param {string} name @param {string} threshold @param {string[]} members */
  #group(name, threshold, members) {
    for (const member of members) {
      if (!this.#names.has(member) || this.#grouped.has(member)) {
        throw bad("a group's member is not defined before it, or is in a group already");
      }
      this.#grouped.add(member);
    }
    this.#define(name);
    const number = thresholdOf(threshold, members.length);
    if (number < 1 || number > members.length) {
      throw bad("a group's number is not from 1 to that of its members");
    }
    this.#groups.push({ name, threshold: number, members });
    if (this.#groups.length > MAX_GROUPS) throw bad("it has more than 32 groups");
  }

  /** @param {string} name */
  #define(name) {
    if (name === "none" || this.#names.has(name)) throw bad("a name is defined twice");
    this.#names.add(name);
  }
}

/** @param {string} word @param {number} members */
function thresholdOf(word, members) {
  if (word === "any") return 1;
  if (word === "all") return members;
  return NUMBER.test(word) ? Number(word) : 0;
}

/** @param {string} why */
const bad = (why) => new DiaryError("E_POLICY", `the policy: ${why}`);
