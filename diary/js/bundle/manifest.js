// `manifest.json`: the contract and weeks of a bundle, and the digest of every other file in it. It is
// unsigned: it helps to find changes, and proves nothing.

import { isObject, parseCanonical } from "../formats/encoding.js";
import * as fields from "../formats/json_fields.js";
import { MANIFEST } from "./layout.js";
import { weekOf } from "../core/slots.js";

/**
 * The weeks from `first` to before `end` (Unix s, Mondays) of the contract `ctr`.
 * @typedef {object} Manifest
 * @property {string} aud
 * @property {string} ctr
 * @property {string} sub
 * @property {number} first
 * @property {number} end
 * @property {number} made
 * @property {Map<string, string>} files
 */

/**
 * Parse a manifest; throws E_FORMAT.
 * @param {Uint8Array} data
 * @returns {Manifest}
 */
export function parseManifest(data) {
  const obj = parseCanonical(data);
  fields.version(obj);
  const listed = fields.field(obj, "files");
  if (!isObject(listed) || Object.hasOwn(listed, MANIFEST)) throw fields.bad("files");
  const manifest = {
    aud: fields.matching(obj, "aud", fields.AUD),
    ctr: fields.matching(obj, "ctr", fields.ID),
    sub: fields.matching(obj, "sub", fields.ID),
    first: fields.integer(obj, "from"),
    end: fields.integer(obj, "to"),
    made: fields.integer(obj, "made"),
    files: new Map(Object.keys(listed).map((name) => [name, fields.b64(listed, name, 32)])),
  };
  const { first, end } = manifest;
  if (weekOf(first) !== first || weekOf(end) !== end || first >= end) {
    throw fields.bad("from or to");
  }
  return manifest;
}
