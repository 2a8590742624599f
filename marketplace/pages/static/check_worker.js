// The check in the browser, in a Worker so that the page stays responsive. It downloads the record of a
// week, checks it with the modules of the public verifier, and keeps the result in IndexedDB.
//
// A stored result is used only while the marketplace confirms that the record has not changed (304),
// for the account, contract, log keys and version of this script that it was made for, and for a day. It
// is bound to the exact bytes by their digest. A marketplace that confirms falsely gains nothing: it
// could as well send the old bytes again, and the page compares the result with the slots that it shows.

import { Archive } from "./bundle/zip_reader.js";
import { verifyFiles } from "./bundle/check.js";
import { utf8 } from "./formats/bytes.js";
import { digest } from "./formats/encoding.js";
import { parseOrigin } from "./log/position.js";

const STORE = "weeks";
const DAY_MS = 86_400_000;
/** Weeks in storage; older results are deleted first. */
const MOST = 60;
/** The version of this script: its address contains the digest of its bytes. */
const VERSION = self.location.search;

/**
 * @typedef {object} Wanted
 * @property {string} database The name of the database of results.
 * @property {string} account
 * @property {string} ctr
 * @property {string} address The bundle's address, without a query.
 * @property {string[]} keys The trusted log keys; none on the first visit.
 * @property {Record<string, string>} seen The newest checkpoint of each log that was checked, by origin.
 */

/** @param {IDBRequest | IDBTransaction} request */
const settled = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.oncomplete = () => resolve(undefined);
    request.onerror = request.onabort = () => reject(request.error);
  });

/**
 * Runs `work` with the object store; null without storage, such as in a private window.
 * @template T
 * @param {string} name
 * @param {IDBTransactionMode} mode
 * @param {(store: IDBObjectStore) => Promise<T>} work
 */
async function withStore(name, mode, work) {
  let database;
  try {
    const opening = indexedDB.open(name, 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore(STORE);
    database = await settled(opening);
    return await work(database.transaction(STORE, mode).objectStore(STORE));
  } catch (error) {
    console.info("no stored results:", error);
    return null;
  } finally {
    // An open connection would delay the deletion at sign-out.
    database?.close();
  }
}

/** @param {Wanted} wanted */
const keyOf = ({ account, ctr, address }) => [account, ctr, address];

/** @param {Wanted} wanted */
async function stored(wanted) {
  const found = await withStore(wanted.database, "readonly", (store) => settled(store.get(keyOf(wanted))));
  if (!found || found.version !== VERSION || Date.now() - found.at > DAY_MS) return null;
  return wanted.keys.length && String(found.keys) === String(wanted.keys) ? found : null;
}

/** Keeps a result, deletes those of other accounts and the oldest ones. @param {Wanted} wanted @param {any} result */
async function keep(wanted, result) {
  await withStore(wanted.database, "readwrite", async (store) => {
    store.put(result, keyOf(wanted));
    const keys = await settled(store.getAllKeys());
    for (const key of keys) if (key[0] !== wanted.account) store.delete(key);
    const own = keys.filter((key) => key[0] === wanted.account);
    if (own.length > MOST) {
      const all = await settled(store.getAll());
      const oldest = all.map(({ at }) => at).sort((a, b) => a - b)[own.length - MOST];
      own.forEach((key, index) => all[index].at < oldest && store.delete(key));
    }
    await settled(store.transaction);
  });
}

/** Bytes in memory as a file: browsers read parts of a Blob from another process, which takes longer. */
class MemoryFile {
  /** @param {Uint8Array} bytes */
  constructor(bytes) {
    this.bytes = bytes;
    this.size = bytes.length;
  }

  /** @param {number} begin @param {number} end */
  slice(begin, end) {
    return new MemoryFile(this.bytes.subarray(begin, end));
  }

  async arrayBuffer() {
    return this.bytes.slice().buffer;
  }
}

/** What the page needs of a report. @param {any} report */
function reduced({ segments, findings, keys, result, reviews }) {
  const fields = ["hash", "slot", "t0", "t1", "kind", "minutes", "shots", "payable", "unpaid"];
  const more = ["given_back", "overlap", "over_limit"];
  return {
    result,
    keys,
    findings,
    approvals: reviews.filter(({ kind }) => kind === "approve").map(({ at }) => at),
    segments: segments.map((each) => Object.fromEntries([...fields, ...more].map((f) => [f, each[f]]))),
  };
}

/** The newest checkpoint of each log in the archive, by origin. @param {Archive} archive */
async function checkpoints(archive) {
  const found = {};
  for (const name of archive.names()) {
    if (!name.startsWith("checkpoint/")) continue;
    const note = new TextDecoder().decode(await archive.read(name));
    found[note.split("\n")[0]] = note;
  }
  return found;
}

/** `&seen=<log>/<size>` of the checkpoints of earlier checks. @param {Record<string, string>} seen */
const seenQuery = (seen) =>
  Object.entries(seen)
    .map(([origin, note]) => `&seen=${parseOrigin(origin).name}/${note.split("\n")[1]}`)
    .join("");

/** @param {Wanted} wanted */
async function checkWeek(wanted) {
  const known = await stored(wanted);
  const response = await fetch(`${wanted.address}?pictures=0&plain=1${seenQuery(wanted.seen)}`, {
    cache: "no-store",
    redirect: "error",
    headers: known ? { "if-none-match": known.etag } : {},
  });
  if (response.status === 304 && known) return { ...known, stored: true };
  if (!response.ok) throw new Error(String(response.status));
  const bytes = new Uint8Array(await response.arrayBuffer());
  const sha = await digest(bytes);
  const archive = await Archive.open(new MemoryFile(bytes));
  const seen = Object.values(wanted.seen).map(utf8);
  const report = reduced(await verifyFiles(archive, { keys: wanted.keys, ctr: wanted.ctr, seen }));
  const made = {
    version: VERSION,
    sha,
    etag: response.headers.get("etag") ?? "",
    keys: wanted.keys.length ? wanted.keys : report.keys,
    at: Date.now(),
    report,
    checkpoints: await checkpoints(archive),
  };
  if (made.etag) await keep(wanted, made);
  return { ...made, stored: false };
}

/**
 * The bytes of a picture and their digest.
 * @param {string} address
 * @param {boolean} shown Whether the page shows the picture: then its copy is read, since another request
 *   would be recorded as another view.
 */
async function pictureOf(address, shown) {
  const response = await fetch(address, { redirect: "error", cache: shown ? "force-cache" : "default" });
  if (!response.ok) throw new Error(String(response.status));
  const bytes = await response.arrayBuffer();
  return { sha: await digest(new Uint8Array(bytes)), bytes, type: response.headers.get("content-type") };
}

self.addEventListener("message", async ({ data: { id, week, picture, shown } }) => {
  try {
    const result = week ? await checkWeek(week) : await pictureOf(picture, shown);
    self.postMessage({ id, result }, picture ? [result.bytes] : []);
  } catch (error) {
    self.postMessage({ id, error: String(error) });
  }
});
