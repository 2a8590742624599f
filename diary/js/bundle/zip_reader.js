// Reads a bundle's ZIP, which an attacker may have made. A bundle is one narrow form of ZIP, so that every
// reader sees the same files in it: the entries one after the other from the first byte on, the list of
// entries, the end record, and nothing else. The unpacked bytes are counted instead of trusting the length
// that an entry claims. Pictures are unpacked one after the other and not kept.

import { concat, equal, fromUtf8 } from "../formats/bytes.js";
import { DiaryError, compareText } from "../core/findings.js";
import { inflate, unpacksExactly } from "./inflate.js";
import { MAX_FILES, parseName } from "./layout.js";

/** The list of all entries, which is read at once. */
const MAX_DIRECTORY = MAX_FILES * 160;
/** Signed text compresses about four times; decompression bombs reach 1,000 times. */
const MAX_RATIO = 20;
const FREE = 16 * 1024 * 1024;

const END = 0x06054b50;
const END_SIZE = 22;
const CENTRAL = 0x02014b50;
const CENTRAL_SIZE = 46;
const LOCAL = Uint8Array.of(0x50, 0x4b, 3, 4);
const DESCRIPTOR = Uint8Array.of(0x50, 0x4b, 7, 8);
/** CRC and both lengths: within a record of the list, and within a local header. */
const SUMS = [16, 28];
const LOCAL_SUMS = [14, 26];
const STORED = 0;
const DEFLATED = 8;
const ENCRYPTED = 0x1 | 0x40 | 0x2000;
const STREAMED = 0x8;
const UTF8 = 0x800;
/** The compression level. */
const EFFORT = 0x2 | 0x4;

/** The upper half of code page 437, the encoding of names without the UTF-8 flag. */
const CP437 =
  "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀" +
  "αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0";

/** The file is not the archive of a bundle; the message gives the reason. */
export class ArchiveError extends Error {}

/**
 * One entry by its record in the list. `header` is the local header that follows from the record,
 * `descriptor` the bytes that must follow the packed bytes; the entry begins at `begin`.
 * @typedef {object} Entry
 * @property {string} name
 * @property {number} flags
 * @property {number} method
 * @property {number} crc
 * @property {number} packed Bytes in the archive.
 * @property {number} length Bytes when unpacked, as it claims.
 * @property {number} mode The file's mode on a Unix system.
 * @property {Uint8Array} header
 * @property {Uint8Array} descriptor
 * @property {number} begin
 */

/** Whether the platform can unpack archives. */
export function canUnpack() {
  return typeof DecompressionStream === "function";
}

/** An open archive: the files of a bundle. @implements {import("./reader.js").FileSource} */
export class Archive {
  /** Findings about entries that are not read, each with the reason. @type {import("../core/findings.js").Finding[]} */
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
    if (!(await unpacksExactly())) {
      throw new ArchiveError("this program unpacks files less strictly than a check needs");
    }
    const archive = new Archive(file);
    const listed = await list(file);
    if (listed.reduce((sum, entry) => sum + entry.length, 0) > MAX_RATIO * file.size + FREE) {
      throw new ArchiveError("it would unpack to far more than a bundle of its size can hold");
    }
    archive.#setReadable(listed);
    return archive;
  }

  /** @param {Entry[]} listed */
  #setReadable(listed) {
    const doubled = new Set();
    for (const entry of listed) {
      if (this.#entries.has(entry.name)) doubled.add(entry.name);
      this.#entries.set(entry.name, entry);
    }
    for (const [name, entry] of [...this.#entries]) {
      const detail = doubled.has(name) ? "two entries have this name" : problem(entry);
      if (!detail) continue;
      this.findings.push({ kind: "bundle", subject: name, code: "E_MANIFEST", detail });
      this.#entries.delete(name);
    }
  }

  /** The names of the entries that can be read, sorted. */
  names() {
    return [...this.#entries.keys()].sort(compareText);
  }

  /** The length that the entry claims, in bytes. @param {string} name */
  length(name) {
    return this.#entries.get(name).length;
  }

  /**
   * The bytes of an entry. Throws E_MANIFEST if it is damaged.
   * @param {string} name
   */
  async read(name) {
    const entry = this.#entries.get(name);
    const named = parseName(name);
    if (named === null || entry.length > named.longest) {
      throw new DiaryError("E_MANIFEST", "the file is longer than its kind may be");
    }
    const packed = await packedPart(this.file, entry);
    const data = entry.method === DEFLATED ? await inflate(packed, entry.length) : packed;
    if (data === null || data.length !== entry.length || crc32(data) !== entry.crc) {
      throw new DiaryError("E_MANIFEST", "the file cannot be unpacked");
    }
    return data;
  }
}

/** Why an entry is not read; empty if it is. @param {Entry} entry */
function problem({ name, flags, method, mode }) {
  const type = mode & 0o170000;
  if (type !== 0 && type !== 0o100000) return "this is not a regular file";
  if (flags & ENCRYPTED) return "the file is encrypted";
  const known = STREAMED | UTF8 | EFFORT;
  if ((method !== STORED && method !== DEFLATED) || flags & ~known) {
    return "the file is packed in a way that a bundle does not allow";
  }
  return name.includes("\0") ? "the name is not plain" : "";
}

/**
 * Exactly these bytes of a file. Throws ArchiveError.
 * @param {Blob} file
 * @param {number} begin
 * @param {number} length
 */
async function slice(file, begin, length) {
  const there = begin >= 0 && begin + length <= file.size;
  if (!there) throw new ArchiveError("this is not a whole ZIP archive");
  return new Uint8Array(await file.slice(begin, begin + length).arrayBuffer());
}

/** All entries in order. Throws ArchiveError unless they are the whole file. @param {Blob} file */
async function list(file) {
  const { count, length, offset } = end(await slice(file, file.size - END_SIZE, END_SIZE));
  if (length > MAX_DIRECTORY || count > MAX_FILES) {
    throw new ArchiveError("it has more files than a bundle can have");
  }
  const around = "something is before, between or after its files";
  if (offset + length + END_SIZE !== file.size) throw new ArchiveError(around);
  const directory = await slice(file, offset, length);
  /** @type {Entry[]} */
  const listed = [];
  let [at, begin] = [0, 0];
  for (let i = 0; i < count; i++) {
    const entry = entryAt(directory, at);
    if (entry.offset !== begin) throw new ArchiveError(around);
    listed.push({ ...entry, begin });
    begin += entry.header.length + entry.packed + entry.descriptor.length;
    at = entry.next;
  }
  if (at !== length || begin !== offset) throw new ArchiveError(around);
  return listed;
}

/** Number of entries, length and offset of their list. @param {Uint8Array} record */
function end(record) {
  const view = new DataView(record.buffer, record.byteOffset, record.length);
  const u16 = (/** @type {number} */ at) => view.getUint16(at, true);
  const u32 = (/** @type {number} */ at) => view.getUint32(at, true);
  if (u32(0) !== END) throw new ArchiveError("this is not a whole ZIP archive");
  if (u16(4) || u16(6) || u16(8) !== u16(10) || u16(20)) {
    throw new ArchiveError("its end record is not that of a bundle");
  }
  return { count: u16(10), length: u32(12), offset: u32(16) };
}

/**
 * The entry whose record is at `begin` of the list, and the offset of the next record.
 * @param {Uint8Array} directory
 * @param {number} begin
 */
function entryAt(directory, begin) {
  const record = directory.subarray(begin, begin + CENTRAL_SIZE);
  const cut = new ArchiveError("its list of files is cut off");
  if (record.length < CENTRAL_SIZE) throw cut;
  const view = new DataView(record.buffer, record.byteOffset, record.length);
  const u16 = (/** @type {number} */ at) => view.getUint16(at, true);
  const u32 = (/** @type {number} */ at) => view.getUint32(at, true);
  const bytes = directory.subarray(begin + CENTRAL_SIZE, begin + CENTRAL_SIZE + u16(28));
  if (u32(0) !== CENTRAL || bytes.length !== u16(28)) throw cut;
  if (u16(30) || u16(32) || u16(34)) {
    throw new ArchiveError("a file has extra fields, a comment or a disk");
  }
  const flags = u16(8);
  const name = nameOf(bytes, flags);
  if (name === null) throw new ArchiveError("a name is not UTF-8");
  // The local header equals the record from the version to the length of the extra fields.
  const header = concat(LOCAL, record.subarray(6, 32), bytes);
  const streamed = (flags & STREAMED) !== 0;
  if (streamed) header.fill(0, ...LOCAL_SUMS);
  const descriptor = streamed ? concat(DESCRIPTOR, record.subarray(...SUMS)) : new Uint8Array();
  return {
    name,
    flags,
    method: u16(10),
    crc: u32(16),
    packed: u32(20),
    length: u32(24),
    mode: u32(38) >>> 16,
    header,
    descriptor,
    offset: u32(42),
    next: begin + CENTRAL_SIZE + bytes.length,
  };
}

/** @param {Uint8Array} bytes @param {number} flags */
function nameOf(bytes, flags) {
  if (flags & UTF8) return fromUtf8(bytes);
  return Array.from(bytes, (byte) => (byte < 128 ? String.fromCharCode(byte) : CP437[byte - 128]))
    .join("");
}

/**
 * The packed bytes of an entry. Throws E_MANIFEST if header or descriptor differ from the list.
 * @param {Blob} file
 * @param {Entry} entry
 */
async function packedPart(file, { header, packed, descriptor, begin }) {
  const size = header.length + packed + descriptor.length;
  const whole = new Uint8Array(await file.slice(begin, begin + size).arrayBuffer());
  const data = whole.subarray(header.length, header.length + packed);
  const before = whole.subarray(0, header.length);
  const after = whole.subarray(header.length + packed);
  if (!equal(before, header) || !equal(after, descriptor)) {
    throw new DiaryError("E_MANIFEST", "the file differs from its entry in the list of files");
  }
  return data;
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
