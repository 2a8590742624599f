// The review pages work without this module; with it they have arrow keys, the reader's own time
// zone, and news without a reload. Nothing here writes HTML that did not come from our own server.

const root = document.documentElement;
root.classList.add("scripted");

// The reader's time zone: known here only, told to the server by a cookie. ---------------------

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
    mine.textContent = mine.dataset.words.replace("{city}", city);
    mine.hidden = mine.disabled = false;
  }
  choice.addEventListener("change", () => choice.form.submit());
}

// Arrow keys between cells; Enter is the link's own; Esc on a cell's page returns to it. ---------

const cells = () => [...document.querySelectorAll("a.cell")];

/** The cell above or below: nearest row first, then nearest column. */
function beside(from, down) {
  const here = from.getBoundingClientRect();
  let best = null;
  for (const cell of cells()) {
    const box = cell.getBoundingClientRect();
    const rows = down ? box.top - here.bottom : here.top - box.bottom;
    if (rows < -1) continue;
    const distance = [Math.round(rows), Math.abs(box.left - here.left)];
    if (!best || distance[0] < best.rows - 4 || (distance[0] <= best.rows + 4 && distance[1] < best.columns)) {
      best = { cell, rows: distance[0], columns: distance[1] };
    }
  }
  return best?.cell;
}

function step(from, key) {
  const all = cells();
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
  const open = document.querySelector("details.badge[open]");
  if (event.key === "Escape" && open) {
    open.open = false;
    open.querySelector("summary").focus();
    return;
  }
  const cell = document.activeElement?.closest("a.cell");
  if (cell && MOVES.has(event.key)) {
    const next = step(cell, event.key);
    event.preventDefault();
    next?.focus();
    return;
  }
  const back = document.querySelector("#back");
  if (!back || event.target.closest("select, input, textarea, .scroll")) return;
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

/** The cell that the address names gets the focus, so that Esc returns to where Enter left. */
function focusNamed() {
  if (/^#s\d+$/.test(location.hash)) document.querySelector(location.hash)?.focus();
}
focusNamed();
addEventListener("hashchange", focusNamed);

document.addEventListener("click", (event) => {
  const open = document.querySelector("details.badge[open]");
  if (open && !open.contains(event.target)) open.open = false;
});

// News: the same page again, of which only what has changed is put in. --------------------------

/** Puts `next` in the place of `old`, hour by hour, so that what is unchanged stays untouched. */
function renew(old, next) {
  // Whether a list is open is the reader's doing, not news.
  if (old.querySelector("details[open]")) next.querySelector("details")?.setAttribute("open", "");
  if (old.outerHTML === next.outerHTML) return;
  const before = new Map([...old.querySelectorAll("[id]")].map((part) => [part.id, part]));
  for (const part of next.querySelectorAll(".hour, .contract, a.cell")) {
    const same = before.get(part.id);
    // A cell of an hour that was put back whole is no longer in `next`.
    if (same && next.contains(part) && same.outerHTML === part.outerHTML) part.replaceWith(same);
  }
  old.replaceWith(next);
}

let tag = "";

async function news() {
  const answer = await fetch(location.href, {
    headers: tag ? { accept: "text/html", "if-none-match": tag } : { accept: "text/html" },
    cache: "no-store",
    redirect: "error",
  });
  if (answer.status === 304 || !answer.ok) return;
  tag = answer.headers.get("etag") ?? "";
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  const focused = document.activeElement;
  const name = focused?.id || focused?.closest("[data-region]")?.id;
  const inSummary = focused?.tagName === "SUMMARY";
  for (const part of document.querySelectorAll("[data-region]")) {
    const next = fresh.getElementById(part.id);
    if (next) renew(part, document.adoptNode(next));
  }
  if (focused && focused !== document.body && document.activeElement !== focused) {
    const place = focused.isConnected ? focused : document.getElementById(name);
    (inSummary && !focused.isConnected ? place?.querySelector("summary") : place)?.focus({ preventScroll: true });
  }
  root.dataset.news = String(Number(root.dataset.news ?? 0) + 1);
}

function listen() {
  const every = Number(document.querySelector("[data-live]")?.dataset.live);
  if (!every) return;
  setTimeout(async () => {
    try {
      if (document.visibilityState === "visible") await news();
    } catch {
      // Out of reach for now: what is shown stays, and the next turn asks again.
    }
    listen();
  }, every);
}
listen();

// The check in this browser, on pages that have a place for it. ----------------------------------

const own = document.querySelector("#own");
if (own) import(own.dataset.script);
