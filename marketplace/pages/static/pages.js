// The review pages work without this module. It adds arrow keys, the browser's time zone and
// updates without a reload. It inserts only HTML that our own server sent.

import { showFilmstrip } from "./filmstrip.js";
import { focusItem, listenForKeys } from "./keys.js";
import { makePlayer } from "./player.js";
import { submitWhenChosen } from "./select_box.js";
import { makeViewers } from "./viewer.js";

const root = document.documentElement;
root.classList.add("scripted");

// The browser's time zone, sent to the server in a cookie. --------------------------------------

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
const year = 365 * 86400;
if (zone) {
  const secure = location.protocol === "https:" ? "; secure" : "";
  document.cookie = `wd_zone=${zone}; path=/; max-age=${year}; samesite=lax${secure}`;
}

const choice = document.querySelector("#tz");
if (choice) {
  const mine = choice.querySelector('option[value="mine"]');
  if (zone && mine) {
    const city = zone.split("/").pop().replaceAll("_", " ");
    mine.textContent = mine.dataset.label.replace("{city}", city);
    mine.hidden = mine.disabled = false;
  }
  submitWhenChosen(choice);
}

// Arrow keys move between slots or days; Esc on a slot's page returns to the day. ----------------

const STOPS = "a.slot, a.calendar-day";
const slots = () => [...document.querySelectorAll(STOPS)];

/** The slot or day above or below: nearest row first, then nearest column. */
function beside(from, down) {
  const here = from.getBoundingClientRect();
  let best = null;
  for (const slot of slots()) {
    const box = slot.getBoundingClientRect();
    const rows = down ? box.top - here.bottom : here.top - box.bottom;
    if (rows < -1) continue;
    const distance = [Math.round(rows), Math.abs(box.left - here.left)];
    if (!best || distance[0] < best.rows - 4 || (distance[0] <= best.rows + 4 && distance[1] < best.columns)) {
      best = { slot, rows: distance[0], columns: distance[1] };
    }
  }
  return best?.slot;
}

function step(from, key) {
  const all = slots();
  const at = all.indexOf(from);
  const forward = root.dir === "rtl" ? "ArrowLeft" : "ArrowRight";
  if (key === "ArrowUp" || key === "ArrowDown") return beside(from, key === "ArrowDown");
  if (key === "Home") return all[0];
  if (key === "End") return all.at(-1);
  return all[at + (key === forward ? 1 : -1)];
}

const MOVES = new Set(["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End"]);

document.addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (document.querySelector("dialog[open]")) return;
  const menus = [...document.querySelectorAll("details.badge[open], details.menu[open]")];
  const open = menus.find((menu) => menu.contains(document.activeElement)) ?? menus.at(-1);
  if (event.key === "Escape" && open) {
    open.open = false;
    open.querySelector("summary").focus();
    return;
  }
  const slot = document.activeElement?.closest(STOPS);
  if (slot && MOVES.has(event.key)) {
    const next = step(slot, event.key);
    event.preventDefault();
    next?.focus();
    return;
  }
  const back = document.querySelector("#back");
  if (!back || event.target.closest("select, input, textarea, .scroll, .large, dialog")) return;
  const forward = root.dir === "rtl" ? "ArrowLeft" : "ArrowRight";
  const link =
    event.key === "Escape" ? back
    : event.key === "ArrowLeft" || event.key === "ArrowRight"
      ? document.querySelector(event.key === forward ? "#next" : "#prev")
      : null;
  if (link) {
    event.preventDefault();
    link.click();
  }
});

/** Focuses the item in the address: the slot that Enter opened, or the item after the one of a form. */
function focusTarget() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (target?.matches("a, .contract, [tabindex]")) focusItem(target);
}
focusTarget();
addEventListener("hashchange", focusTarget);

document.addEventListener("click", (event) => {
  for (const open of document.querySelectorAll("details.badge[open], .week details.menu[open]")) {
    if (!open.contains(event.target)) open.open = false;
  }
});

// Updates: fetches the page again and replaces only the changed parts. ---------------------------

/** Replaces `old` by `next`, but keeps the unchanged elements in it. */
function replaceChanged(old, next) {
  // An open list stays open.
  if (old.querySelector("details[open]")) next.querySelector("details")?.setAttribute("open", "");
  if (old.outerHTML === next.outerHTML) return;
  const before = new Map([...old.querySelectorAll("[id]")].map((part) => [part.id, part]));
  for (const part of next.querySelectorAll(".hour, .contract, a.slot")) {
    const same = before.get(part.id);
    // The slots of an hour that was kept are no longer in `next`.
    if (same && next.contains(part) && same.outerHTML === part.outerHTML) part.replaceWith(same);
  }
  old.replaceWith(next);
}

/**
 * Returns a function that finds an element again in the new content: by its id, its target, or its place
 * among the elements of its kind in the nearest element with an id.
 */
function finderOf(element) {
  const around = element.parentElement?.closest("[id]")?.id;
  const within = around ? `#${CSS.escape(around)} ` : "";
  if (element.id) return () => document.getElementById(element.id);
  if (element.hasAttribute("href")) {
    return () => document.querySelector(`${within}a[href="${CSS.escape(element.getAttribute("href"))}"]`);
  }
  const alike = () => [...document.querySelectorAll(`${within}${element.tagName}`)];
  const place = alike().indexOf(element);
  return () => alike()[place];
}

/** Whether the person is writing in a part of the page, so that it must not be replaced. */
function isEdited(part) {
  const written = [...part.querySelectorAll("textarea")].some((field) => field.value);
  return written || part.querySelector("details[open] form, textarea:focus, input:focus, select:focus") !== null;
}

/** Returns a function that restores the focus, and the position of what the person is looking at. */
function focusAndScroll() {
  const focused = document.activeElement;
  const found = focused && focused !== document.body ? finderOf(focused) : null;
  const tops = new Map();
  for (const element of document.querySelectorAll("[data-region] [id]")) {
    const { top, bottom } = element.getBoundingClientRect();
    if (bottom > 0 && top < innerHeight) tops.set(element.id, top);
  }
  return () => {
    if (focused && document.activeElement !== focused) {
      const target = focused.isConnected ? focused : found?.();
      target?.focus({ preventScroll: true });
    }
    // What has the focus, or else the first thing that is still there, stays in place.
    const kept = [focused?.id, ...tops.keys()].find((id) => tops.has(id) && document.getElementById(id));
    if (!kept) return;
    const moved = document.getElementById(kept).getBoundingClientRect().top - tops.get(kept);
    if (moved) scrollBy({ top: moved, behavior: "instant" });
  };
}

let tag = "";

async function update() {
  const response = await fetch(location.href, {
    headers: tag ? { accept: "text/html", "if-none-match": tag } : { accept: "text/html" },
    cache: "no-store",
    redirect: "error",
  });
  if (response.status === 304 || !response.ok) return;
  tag = response.headers.get("etag") ?? "";
  const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
  const restore = focusAndScroll();
  for (const part of document.querySelectorAll("[data-region]")) {
    const next = fresh.getElementById(part.id);
    if (next && !isEdited(part)) replaceChanged(part, document.adoptNode(next));
  }
  restore();
  root.dataset.updates = String(Number(root.dataset.updates ?? 0) + 1);
}

function poll() {
  const every = Number(document.querySelector("[data-live]")?.dataset.live);
  if (!every) return;
  setTimeout(async () => {
    try {
      if (document.visibilityState === "visible") await update();
    } catch {
      // The server cannot be reached: the page stays as it is until the next attempt.
    }
    poll();
  }, every);
}
poll();

document.addEventListener("workdiary-update", async ({ detail: done }) => {
  try {
    await update();
  } finally {
    done();
  }
});

// Results of checks in this browser belong to one account. ---------------------------------------

const RESULTS = "workdiary-checks";
if (!document.querySelector(".who")) indexedDB.deleteDatabase(RESULTS);
for (const form of document.querySelectorAll('form[action="/signout"], form[action="/sessions/end"]')) {
  form.addEventListener("submit", () => indexedDB.deleteDatabase(RESULTS));
}

// Pictures, and keys of one letter. --------------------------------------------------------------

listenForKeys();
const viewers = makeViewers();
const strip = document.querySelector("#filmstrip");
if (strip) void showFilmstrip(strip, viewers).catch((error) => console.info("no slots nearby:", error));
const player = document.querySelector("#player");
if (player) makePlayer(player, document.querySelector("#play"));

// The check in this browser, on pages that show its result. --------------------------------------

const own = document.querySelector("#own");
if (own) import(own.dataset.script);
