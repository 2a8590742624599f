// Reading a ZIP that somebody else made, with what the platform has: bounded before anything is
// unpacked, and while it is. An entry is read only under a name that a bundle has; links, encrypted
// and doubled entries are refused; the length that an entry claims is not believed: the bytes that
// really come out are counted. Pictures are unpacked one after the other and not kept.

import { concat, fromUtf8 } from "./bytes.js";
import { DiaryError, compareText } from "./errors.js";
import { MAX_FILES, parseName } from "./layout.js";

/** The list of all entries, which has to be read at once. */
const MAX_DIRECTORY = MAX_FILES * 160;
/** Signed text becomes some four times as small; this is far from honest bundles and from bombs. */
const MAX_RATIO = 20;
const FREE = 16 * 1024 * 1024;

const END = 0x06054b50;
const END_SIZE = 22;
const MAX_COMMENT = 0x10000;
const LOCATOR_64 = 0x07064b50;
const LOCATOR_64_SIZE = 20;
const CENTRAL = 0x02014b50;
const CENTRAL_SIZE = 46;
const LOCAL = 0x04034b50;
const LOCAL_SIZE = 30;
const STORED = 0;
const DEFLATED = 8;
const ENCRYPTED = 0x1 | 0x40;
const PATCHED = 0x20;
const UTF8 = 0x800;
/** Newer than any reader knows: version 6.3 of the format. */
const MAX_VERSION = 63;

/** The upper half of code page 437, in which names are that are not said to be UTF-8. */
const CP437 =
  "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀" +
  "αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0";

/** This is no archive that could be read at all; the message says why. */
export class ArchiveError extends Error {}

/**
 * @typedef {object} Entry
 * @property {string} name
 * @property {number} flags
 * @property {number} method
 * @property {number} crc
 * @property {number} packed Bytes in the archive.
 * @property {number} length Bytes when unpacked, as it says.
 * @property {number} mode The file's mode on a Unix system.
 * @property {number} at Where it begins.
 * @property {number} before Where the next one begins, or the list of all.
 */

/** Whether the platform can unpack archives. */
export function canUnpack() {
  return typeof DecompressionStream === "function";
}

/** An open archive: the files of a bundle. @implements {import("./contents.js").Files} */
export class Archive {
  /** Entries that are not looked into, each with the reason. @type {import("./errors.js").Finding[]} */
  findings = [];
  /** @type {Map<string, Entry>} */
  #entries = new Map();

  /** @param {Blob} file */
  constructor(file) {
    this.file = file;
  }

  /**
   * Read the list of entries. Throws ArchiveError.
   * @param {Blob} file
   */
  static async open(file) {
    const archive = new Archive(file);
    const listed = await list(file);
    if (listed.length > MAX_FILES) {
      throw new ArchiveError("it has more files than a bundle can have");
    }
    if (listed.reduce((sum, entry) => sum + entry.length, 0) > MAX_RATIO * file.size + FREE) {
      throw new ArchiveError("it would unpack to far more than it can honestly hold");
    }
    archive.#judge(listed);
    return archive;
  }

  /** @param {Entry[]} listed */
  #judge(listed) {
    const doubled = new Set();
    for (const entry of listed) {
      if (this.#entries.has(entry.name)) doubled.add(entry.name);
      this.#entries.set(entry.name, entry);
    }
    for (const [name, entry] of [...this.#entries]) {
      const detail = doubled.has(name) ? "this name stands twice" : problem(entry);
      if (!detail) continue;
      this.findings.push({ kind: "bundle", subject: name, code: "E_MANIFEST", detail });
      this.#entries.delete(name);
    }
  }

  /** The names of the entries that can be read, sorted. */
  names() {
    return [...this.#entries.keys()].sort(compareText);
  }

  /** How long the entry says that it is, in bytes. @param {string} name */
  length(name) {
    return this.#entries.get(name).length;
  }

  /**
   * The bytes of an entry. Throws E_MANIFEST if it cannot be read whole.
   * @param {string} name
   */
  async read(name) {
    const entry = this.#entries.get(name);
    const named = parseName(name);
    if (named === null || entry.length > named.longest) {
      throw new DiaryError("E_MANIFEST", "the file is longer than its kind may be");
    }
    const data = await unpack(entry, await packedPart(this.file, entry));
    if (crc32(data) !== entry.crc) {
      throw new DiaryError("E_MANIFEST", "the file cannot be unpacked");
    }
    return data;
  }
}

/** Why an entry is not looked into; nothing if it may be. @param {Entry} entry */
function problem({ name, flags, method, mode }) {
  const type = mode & 0o170000;
  if (type !== 0 && type !== 0o100000) return "this is not a regular file";
  if (flags & ENCRYPTED) return "the file is encrypted";
  if (method !== STORED && method !== DEFLATED) {
    return "the file is packed in a way that a bundle does not know";
  }
  return name.includes("\0") ? "the name is not plain" : "";
}

/** @param {Blob} file @param {number} begin @param {number} length */
async function view(file, begin, length) {
  return new DataView(await file.slice(begin, begin + length).arrayBuffer());
}

/** All entries of the central directory, as they stand. @param {Blob} file */
async function list(file) {
  const broken = new ArchiveError("this is not a whole ZIP archive");
  const { at, size, offset } = await end(file, broken);
  // What stands before the archive shifts all of it.
  const shift = at - size - offset;
  if (offset + shift < 0 || size > MAX_DIRECTORY) throw broken;
  const directory = await view(file, offset + shift, size);
  /** @type {Entry[]} */
  const listed = [];
  let place = 0;
  while (place < size) {
    if (directory.byteLength - place < CENTRAL_SIZE) throw broken;
    const u16 = (/** @type {number} */ by) => directory.getUint16(place + by, true);
    const u32 = (/** @type {number} */ by) => directory.getUint32(place + by, true);
    if (u32(0) !== CENTRAL || (u16(6) & 0xff) > MAX_VERSION) throw broken;
    const [packed, length, begin] = [u32(20), u32(24), u32(42)];
    // Archives of 4 GB and more are not read here.
    if ([packed, length, begin].includes(0xffffffff)) throw broken;
    const [nameSize, rest] = [u16(28), u16(30) + u16(32)];
    const from = place + CENTRAL_SIZE;
    const there = Math.min(nameSize, directory.byteLength - from);
    const bytes = new Uint8Array(directory.buffer, from, there);
    const name = nameOf(bytes, u16(8));
    if (name === null || !wholeExtra(directory, place + CENTRAL_SIZE + nameSize, u16(30))) {
      throw broken;
    }
    const mode = u32(38) >>> 16;
    const [flags, method, crc] = [u16(8), u16(10), u32(16)];
    listed.push({ name, flags, method, crc, packed, length, mode, at: begin + shift, before: 0 });
    place += CENTRAL_SIZE + nameSize + rest;
  }
  let before = offset + shift;
  for (const entry of [...listed].sort((a, b) => a.at - b.at).reverse()) {
    entry.before = before;
    before = entry.at;
  }
  return listed;
}

/**
 * Whether the extra fields of an entry are whole.
 * @param {DataView} directory
 * @param {number} begin
 * @param {number} size
 */
function wholeExtra(directory, begin, size) {
  const end = Math.min(begin + size, directory.byteLength);
  let at = begin;
  while (end - at >= 4) {
    at += 4 + directory.getUint16(at + 2, true);
    if (at > end) return false;
  }
  return true;
}

/**
 * The record at the archive's end: where it is, and size and place of the list of entries.
 * @param {Blob} file
 * @param {ArchiveError} broken
 */
async function end(file, broken) {
  const from = Math.max(0, file.size - END_SIZE - MAX_COMMENT);
  const tail = await view(file, from, file.size - from);
  const last = tail.byteLength - END_SIZE;
  let at = tail.byteLength - 4;
  while (at >= 0 && tail.getUint32(at, true) !== END) at -= 1;
  // The record may be followed by a comment, and is whole.
  if (at < 0 || at > last) throw broken;
  const locator = at - LOCATOR_64_SIZE;
  if (locator >= 0 && tail.getUint32(locator, true) === LOCATOR_64) throw broken;
  return {
    at: from + at,
    size: tail.getUint32(at + 12, true),
    offset: tail.getUint32(at + 16, true),
  };
}

/** @param {Uint8Array} bytes @param {number} flags */
function nameOf(bytes, flags) {
  if (flags & UTF8) return fromUtf8(bytes);
  return Array.from(bytes, (byte) => (byte < 128 ? String.fromCharCode(byte) : CP437[byte - 128]))
    .join("");
}

/**
 * The packed bytes of an entry, behind the header that stands before them.
 * @param {Blob} file
 * @param {Entry} entry
 */
async function packedPart(file, entry) {
  const broken = new DiaryError("E_MANIFEST", "the file cannot be unpacked");
  const header = await view(file, entry.at, LOCAL_SIZE);
  if (entry.at < 0 || header.byteLength < LOCAL_SIZE) throw broken;
  if (header.getUint32(0, true) !== LOCAL) throw broken;
  const [flags, nameSize] = [header.getUint16(6, true), header.getUint16(26, true)];
  const begin = entry.at + LOCAL_SIZE + nameSize + header.getUint16(28, true);
  const name = await view(file, entry.at + LOCAL_SIZE, nameSize);
  if (nameOf(new Uint8Array(name.buffer), flags) !== entry.name) throw broken;
  if (entry.flags & (PATCHED | ENCRYPTED) || begin + entry.packed > entry.before) throw broken;
  return file.slice(begin, begin + entry.packed);
}

/**
 * Unpack as many bytes as the entry says; E_MANIFEST if there are less, or more.
 * @param {Entry} entry
 * @param {Blob} part
 */
async function unpack({ method, length }, part) {
  if (method === STORED) {
    if (part.size !== length) {
      throw new DiaryError("E_MANIFEST", "the file has not the length that it says");
    }
    return new Uint8Array(await part.arrayBuffer());
  }
  const stream = part.stream().pipeThrough(new DecompressionStream("deflate-raw"));
  const reader = stream.getReader();
  const pieces = [];
  let left = length;
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      left -= next.value.length;
      if (left < 0) break;
      pieces.push(next.value);
    }
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new DiaryError("E_MANIFEST", "the file cannot be unpacked");
  } finally {
    await reader.cancel().catch(() => {});
  }
  if (left !== 0) {
    throw new DiaryError("E_MANIFEST", "the file has not the length that it says");
  }
  return concat(...pieces);
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  let value = n;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  return value;
});

/** CRC-32 of ZIP (ISO 3309). @param {Uint8Array} data */
function crc32(data) {
  let crc = 0xffffffff;
  for (let i = 0; i < data.length; i++) crc = CRC_TABLE[(crc ^ data[i]) & 0xff] ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}
