// The page that checks a bundle: choosing it, progress, result. It uses no network.

import { Archive, ArchiveError, canUnpack } from "../bundle/zip_reader.js";
import { verifyFiles } from "../bundle/check.js";
import { isolated } from "../core/display.js";
import { DiaryError } from "../core/findings.js";
import { translatePage } from "./language.js";
import { unusable, verdictOf, view } from "./view.js";
import { size, tr } from "./sentences.js";

const $ = (/** @type {string} */ id) => document.getElementById(id);

/** The last choice and its name. @type {{name: string, open: () => Promise<any>} | null} */
let chosen = null;
/** Counts the checks, so that the result of an earlier one that ends late is dropped. */
let round = 0;

/** @param {File} file */
function chooseArchive(file) {
  const name = tr("{name}, {size}", { name: file.name, size: size(file.size) });
  choose(name, () => Archive.open(file));
}

/** @param {FileList} files */
function chooseFolder(files) {
  if (!files.length) return;
  const below = (/** @type {File} */ file) => file.webkitRelativePath.split("/").slice(1).join("/");
  const held = new Map([...files].map((file) => [below(file), file]));
  const folder = files[0].webkitRelativePath.split("/")[0];
  choose(tr("{name}, {n} files", { name: folder, n: held.size }), async () => held);
}

/** @param {string} name @param {() => Promise<any>} open */
function choose(name, open) {
  chosen = { name, open };
  $("chosen").textContent = isolated(name);
  $("again").disabled = false;
  void check();
}

/** The options in the form's fields; null for an empty one. */
function options() {
  const value = (/** @type {string} */ id) => $(id).value.trim() || null;
  const keys = value("key")?.split(/\s+/) ?? [];
  return { keys, ctr: value("ctr"), sub: value("sub") };
}

async function check() {
  const mine = ++round;
  $("result").replaceChildren();
  $("progress").hidden = false;
  announce(tr("Checking {name}", { name: chosen.name }));
  let shown;
  let verdict;
  try {
    const files = await chosen.open();
    const report = await verifyFiles(files, options(), progressOf(files, mine));
    shown = view(report);
    verdict = verdictOf(report);
  } catch (error) {
    shown = unusable(...reasonOf(error));
    verdict = tr("Nothing can be checked");
  }
  if (mine !== round) return;
  $("progress").hidden = true;
  $("result").replaceChildren(...shown);
  announce(verdict);
  $("verdict").focus();
}

/** @param {unknown} error @returns {[string, string]} */
function reasonOf(error) {
  if (error instanceof DiaryError) return [error.code, sentenceCase(error.detail)];
  if (error instanceof ArchiveError) {
    const advice = tr("Choose the file as it was exported, or the unpacked folder");
    return ["", `${sentenceCase(error.message)}. ${advice}`];
  }
  if (error instanceof DOMException && error.name === "NotSupportedError") return ["", tooOld()];
  const text = tr("This page failed; workdiary-verify can check the bundle instead");
  return ["", `${text} (${error instanceof Error ? error.message : error})`];
}

const tooOld = () =>
  tr("This browser cannot check these signatures. Use a newer browser or workdiary-verify");

/** @param {string} text */
const sentenceCase = (text) => text.charAt(0).toUpperCase() + text.slice(1);

/** @param {any} files @param {number} mine */
function progressOf(files, mine) {
  const names = files instanceof Map ? [...files.keys()] : files.names();
  const length = (/** @type {string} */ name) =>
    files instanceof Map ? files.get(name).size : files.length(name);
  const all = names.reduce((sum, name) => sum + length(name), 0);
  let read = 0;
  const bar = $("bar");
  return {
    onRead(/** @type {number} */ bytes) {
      if (mine !== round) return;
      read += bytes;
      $("doing").textContent = tr("Reading the bundle");
      bar.max = Math.max(1, all);
      bar.value = read;
    },
    onCheck(/** @type {number} */ done, /** @type {number} */ total) {
      if (mine !== round) return;
      $("doing").textContent = tr("Checking {done} of {total} segments", { done, total });
      bar.max = total;
      bar.value = done;
    },
  };
}

/** Announce a text to screen readers. @param {string} text */
function announce(text) {
  $("status").textContent = text;
}

function listen() {
  $("file").addEventListener("change", (event) => {
    const [file] = event.target.files;
    if (file) chooseArchive(file);
    event.target.value = "";
  });
  $("folder").addEventListener("change", (event) => {
    chooseFolder(event.target.files);
  });
  $("ask").addEventListener("submit", (event) => {
    event.preventDefault();
    if (chosen) void check();
  });
  const drop = $("drop");
  // A file dropped beside the field must not replace this page.
  for (const name of ["dragover", "drop"]) addEventListener(name, (event) => event.preventDefault());
  drop.addEventListener("dragover", () => drop.classList.add("over"));
  drop.addEventListener("dragleave", () => drop.classList.remove("over"));
  drop.addEventListener("drop", (event) => {
    drop.classList.remove("over");
    const [file] = event.dataTransfer?.files ?? [];
    if (file) chooseArchive(file);
  });
}

translatePage(navigator.languages);
if (globalThis.crypto?.subtle && canUnpack()) listen();
else $("result").replaceChildren(...unusable("", tooOld()));
