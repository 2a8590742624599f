// Reads the files of a bundle once, as evidence for the check. Names are compared with contents. A
// mismatch is reported (E_MANIFEST) and the file is checked all the same, since signatures prove what
// counts. A file that cannot be read counts as absent. Of pictures only length and digest are kept.

import { split } from "../formats/bytes.js";
import { digest } from "../formats/encoding.js";
import { parseEnrolment } from "../objects/enrolment.js";
import { DiaryError, compareText, diaryError } from "../core/findings.js";
import { MAX_IN, MAX_TEXT, PAGE, PROOF, parseName } from "./layout.js";
import { forEach, yieldToPage } from "../core/progress.js";
import { parseReceipt } from "../log/receipt.js";
import { parseSegment } from "../objects/segment.js";

const TILDE = 0x7e;
const NOTHING = new Uint8Array();

/**
 * The files of a bundle. Reading an unreadable file throws E_MANIFEST.
 * @typedef {object} FileSource
 * @property {() => string[]} names
 * @property {(name: string) => number} length
 * @property {(name: string) => Promise<Uint8Array>} read
 * @property {import("../core/findings.js").Finding[]} [findings] About files that are not among the names.
 */

/**
 * @typedef {import("./layout.js").FileKind} FileKind
 * @typedef {import("../log/receipt.js").Receipt} Receipt
 */

/** Files in memory, or files of the browser. @implements {FileSource} */
export class BundleFiles {
  /** @param {Map<string, Uint8Array | Blob>} files */
  constructor(files) {
    this.files = files;
  }

  names() {
    return [...this.files.keys()];
  }

  /** @param {string} name */
  length(name) {
    const file = this.files.get(name);
    return file instanceof Uint8Array ? file.length : file.size;
  }

  /** @param {string} name */
  async read(name) {
    const file = this.files.get(name);
    return file instanceof Uint8Array ? file : new Uint8Array(await file.arrayBuffer());
  }
}

/**
 * The files read: the small ones by name (`held`), the facts of pictures by digest (`blobs`); `digests` of
 * all files, null for an unreadable one; `subjects` the file of each subject.
 */
export class BundleContents {
  /** @type {Map<string, Uint8Array>} */
  held = new Map();
  /** @type {Map<string, FileKind>} */
  named = new Map();
  /** @type {Map<string, string | null>} */
  digests = new Map();
  /** @type {Map<string, {length: number, digest: string}>} */
  blobs = new Map();
  /** @type {import("../core/findings.js").Finding[]} */
  findings = [];
  /** @type {Map<string, string>} */
  subjects = new Map();
  /** Segments as they were read, by their bytes. @type {Map<Uint8Array, ReturnType<typeof parseSegment>>} */
  parsed = new Map();

  /** Add a finding about a file of the bundle. @param {string} name @param {string} detail */
  note(name, detail, code = "E_MANIFEST") {
    this.findings.push({ kind: "bundle", subject: name, code, detail });
    this.about(name, name);
  }

  /** Map findings about `subject` to this file. @param {string} subject @param {string} name */
  about(subject, name) {
    if (!this.subjects.has(subject)) this.subjects.set(subject, name);
  }

  /** Parse a segment; the same bytes are parsed once. @param {Uint8Array} data */
  segment(data) {
    const reading = this.parsed.get(data) ?? parseSegment(data);
    this.parsed.set(data, reading);
    return reading;
  }

  /**
   * The files of a folder, sorted by name.
   * @param {string} folder
   * @param {string} ending
   * @returns {FileKind[]}
   */
  of(folder, ending) {
    const all = [...this.held.keys()].sort().map((name) => this.named.get(name));
    return all.filter((named) => named.folder === folder && named.ending === ending);
  }
}

/**
 * Read all files, each once. Throws E_MANIFEST for more text than a bundle can have.
 * @param {FileSource} files
 * @param {(bytes: number) => void} progress
 */
export async function readAll(files, progress) {
  const contents = new BundleContents();
  for (const { subject, detail } of files.findings ?? []) contents.note(subject, detail);
  const names = files.names().sort(compareText);
  const texts = names.filter((name) => !name.startsWith("blobs/"));
  const tooMany = Object.entries(MAX_IN).some(
    ([folder, most]) => texts.filter((name) => name.split("/")[0] === folder).length > most,
  );
  if (tooMany || texts.reduce((sum, name) => sum + files.length(name), 0) > MAX_TEXT) {
    throw new DiaryError("E_MANIFEST", "it holds more than a bundle can hold");
  }
  await forEach(texts, (name) => readOne(files, name, contents, progress));
  // Pictures may be large, so only one at a time is in memory.
  for (const name of names) {
    if (!name.startsWith("blobs/")) continue;
    await yieldToPage();
    await readOne(files, name, contents, progress);
  }
  return contents;
}

/**
 * @param {FileSource} files
 * @param {string} name
 * @param {BundleContents} contents
 * @param {(bytes: number) => void} progress
 */
async function readOne(files, name, contents, progress) {
  const named = parseName(name);
  const length = files.length(name);
  progress(length);
  if (named === null) {
    contents.note(name, "no file of a bundle has this name");
    return;
  }
  contents.named.set(name, named);
  contents.digests.set(name, null);
  if (length > named.longest) {
    contents.note(name, "the file is longer than its kind may be");
    return;
  }
  try {
    const data = await files.read(name);
    const sha = await digest(data);
    contents.digests.set(name, sha);
    if (named.folder === "blobs") {
      contents.blobs.set(named.parts[0], { length: data.length, digest: sha });
      if (sha !== named.parts[0]) contents.note(name, "the file belongs under another name");
    } else if (name !== PAGE) {
      contents.held.set(name, data);
    }
  } catch (error) {
    contents.note(name, diaryError(error).detail);
  }
}

/**
 * The files as evidence. Adds findings about files with a wrong name.
 * @param {BundleContents} contents
 * @param {string} aud
 * @param {import("../log/signed_note.js").NoteVerifier[]} verifiers
 * @param {string | null} ctr
 * @param {string | null} sub
 * @param {[number, number] | null} period
 * @returns {Promise<import("../verification/evidence.js").Evidence>}
 */
export async function evidenceOf(contents, aud, verifiers, ctr, sub, period) {
  const { held, blobs } = contents;
  for (const name of contents.named.keys()) contents.about(name, name);
  const files = (/** @type {string} */ folder) =>
    new Map(contents.of(folder, "").map(({ parts, name }) => [parts.join("/"), held.get(name)]));
  const kid = async (/** @type {Uint8Array} */ data) => (await parseEnrolment(data)).kid;
  // The first file with a subject is the one that findings name: the order of folders is reader.py's.
  return {
    aud,
    verifiers,
    devices: await pairs(contents, "devices", "jws", kid),
    terms: await marketplaceObjects(contents, "terms"),
    beacons: beacons(contents),
    segments: await segments(contents),
    readSegment: (data) => contents.segment(data),
    blob: blobs.size ? async (sha) => blobs.get(sha) ?? null : null,
    partial: true,
    keys: await marketplaceObjects(contents, "keys", (data) => digest(data)),
    vouches: await pairs(contents, "vouches", "jws"),
    retires: await pairs(contents, "retires", "sdjwt"),
    revokes: await marketplaceObjects(contents, "revokes"),
    amends: await pairs(contents, "amends", "sdjwt"),
    tombstones: [
      ...(await pairs(contents, "tombstones", "jws")),
      ...(await marketplaceObjects(contents, "tombstones")).map((data) => [null, data]),
    ],
    reviews: await marketplaceObjects(contents, "reviews"),
    checkpoints: files("checkpoint"),
    consistency: files("consistency"),
    ctr,
    sub,
    period,
  };
}

/** @param {Uint8Array} data */
const jwsDigest = (data) => digest(split(data, TILDE)[0]);

/**
 * Signed objects of a folder with their receipts; an empty one where there is none.
 * @param {BundleContents} contents
 * @param {string} folder
 * @param {string} ending
 * @param {(data: Uint8Array) => Promise<string>} [nameOf]
 * @returns {Promise<[Uint8Array, Uint8Array][]>}
 */
async function pairs(contents, folder, ending, nameOf = jwsDigest) {
  const found = [];
  for (const named of contents.of(folder, ending)) {
    const data = contents.held.get(named.name);
    const own = await jwsDigest(data);
    for (const subject of [own, await digest(data), `${folder}/${own}`]) {
      contents.about(subject, named.name);
    }
    if (folder === "devices") {
      await nameOf(data).then((kid) => contents.about(kid, named.name), diaryError);
    }
    await compare(contents, named, () => nameOf(data));
    found.push([data, contents.held.get(`${named.stem}.${PROOF}`) ?? NOTHING]);
  }
  if (folder !== "tombstones") noteLonely(contents, folder, ending);
  return found;
}

/** @param {BundleContents} contents @param {string} folder @param {string} ending */
function noteLonely(contents, folder, ending) {
  for (const { name, stem } of contents.of(folder, PROOF)) {
    if (!contents.held.has(`${stem}.${ending}`)) {
      contents.note(name, "the object of this receipt is missing");
    }
  }
}

/** @param {Uint8Array} _data @param {Receipt} receipt */
const objectDigest = (_data, receipt) => digest(receipt.object ?? NOTHING);

/**
 * Receipts of a folder that contain an object of the marketplace.
 * @param {BundleContents} contents
 * @param {string} folder
 * @param {(data: Uint8Array, receipt: Receipt) => Promise<string>} [nameOf]
 * @returns {Promise<Uint8Array[]>}
 */
async function marketplaceObjects(contents, folder, nameOf = objectDigest) {
  const found = [];
  for (const named of contents.of(folder, PROOF)) {
    if (contents.held.has(`${named.stem}.jws`)) continue;
    const data = contents.held.get(named.name);
    contents.about(`${folder}/${await digest(data)}`, named.name);
    await compare(contents, named, () => nameOf(data, parseReceipt(data)));
    found.push(data);
  }
  return found;
}

/** @param {BundleContents} contents @param {FileKind} named @param {() => Promise<string>} nameOf */
async function compare(contents, named, nameOf) {
  let right;
  try {
    right = (await nameOf()) === named.parts.at(-1);
  } catch (error) {
    diaryError(error); // the check reports the error
    return;
  }
  if (!right) contents.note(named.name, "the file belongs under another name");
}

/** @param {BundleContents} contents */
function beacons(contents) {
  const found = new Map();
  for (const { name, parts } of contents.of("beacons", PROOF)) {
    const [slot, h] = parts;
    if (found.has(h)) {
      contents.note(name, "this beacon has another file too");
      continue;
    }
    found.set(h, contents.held.get(name));
    contents.about(`beacons/${h}`, name);
    try {
      if (parseReceipt(found.get(h)).leaf.attrs !== slot) {
        contents.note(name, "the file belongs under another name");
      }
    } catch (error) {
      diaryError(error); // the check reports the error
    }
  }
  return found;
}

/** @param {BundleContents} contents */
async function segments(contents) {
  const found = new Map();
  for (const { name, stem, parts } of contents.of("segments", "sdjwt")) {
    const [kid, hash] = parts;
    if (found.has(hash)) {
      contents.note(name, "this segment has another file too");
      continue;
    }
    const data = contents.held.get(name);
    await yieldToPage();
    contents.about(hash, name);
    contents.about(`segments/${hash}`, name);
    try {
      const own = await jwsDigest(data);
      if (own !== hash || (await contents.segment(data)).kid !== kid) {
        contents.note(name, "the file belongs under another name");
      }
    } catch (error) {
      diaryError(error); // the check reports the error
    }
    // A segment without a receipt is E_INCLUSION: nothing proves that the log holds it.
    found.set(hash, [data, contents.held.get(`${stem}.${PROOF}`) ?? NOTHING]);
  }
  noteLonely(contents, "segments", "sdjwt");
  return found;
}
