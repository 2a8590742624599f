// Keyboard actions of the pages, the same everywhere: a key clicks the first button of the page that has
// the action (`data-action`), or moves to the next exception (`data-exception`). `?` shows the sheet
// (keys.html), where single keys can be switched off (WCAG 2.1.4).

const OFF = "workdiary-keys-off";
/** Keys of one character and their actions. */
const ACTIONS = {
  a: "approve",
  q: "ask",
  s: "settle",
  c: "compare",
  k: "play",
  "+": "zoom-in",
  "=": "zoom-in",
  "-": "zoom-out",
  0: "zoom-fit",
  1: "zoom-full",
};

/** Whether the person types text, or has chosen another control that uses the key. @param {Element} target */
const isTyping = (target) =>
  target.closest("input:not([type=range]), select, textarea, [contenteditable]") !== null;

/** @param {Element} element */
const isUsable = (element) => !element.disabled && element.getClientRects().length > 0;

/**
 * The button of an action: in the item that has the focus, else the first one. A button of one item of a
 * list (`data-scoped`) needs the focus in its item, unless the page has only one such item.
 * @param {string} action
 */
function buttonOf(action) {
  const selector = `[data-action="${action}"]`;
  const near = document.activeElement?.closest("[data-exception], [data-item]")?.querySelectorAll(selector) ?? [];
  const all = [...document.querySelectorAll(selector)].filter(isUsable);
  const free = all.filter((button) => !button.hasAttribute("data-scoped"));
  const only = all.length === 1 && all[0].closest("[data-item]") ? all : [];
  return [...[...near].filter(isUsable), ...free, ...only][0];
}

/** Presses a button. The form that a menu shows gets the focus. @param {HTMLElement} button */
function press(button) {
  const menu = button.matches("summary") ? button.parentElement : null;
  if (!menu?.open) button.click();
  if (menu) menu.querySelector("textarea")?.focus();
}

/** Focuses an item: itself if possible, else its first link. @param {HTMLElement} item */
export function focusItem(item) {
  (item.matches("a[href], [tabindex]") ? item : item.querySelector("a[href]"))?.focus();
}

/** Focuses the next or previous exception. @param {number} step 1 or -1 */
function moveToException(step) {
  const link = buttonOf(step > 0 ? "next-exception" : "previous-exception");
  if (link) {
    link.click();
    return;
  }
  const all = [...document.querySelectorAll("[data-exception]")].filter(isUsable);
  if (!all.length) return;
  const focused = document.activeElement;
  const here = all.findIndex((element) => element.contains(focused));
  const next = here >= 0 ? all[(here + step + all.length) % all.length] : all.at(step > 0 ? 0 : -1);
  focusItem(next);
  next.scrollIntoView({ block: "nearest" });
}

const isOff = () => {
  try {
    return localStorage.getItem(OFF) === "1";
  } catch {
    return false;
  }
};

/** @param {HTMLDialogElement} sheet */
function openSheet(sheet) {
  for (const row of sheet.querySelectorAll("[data-for]")) {
    row.hidden = !document.querySelector(row.dataset.for);
  }
  sheet.showModal();
}

/** Listens for the keys of a page. */
export function listenForKeys() {
  const sheet = document.querySelector("dialog#keys");
  const choice = sheet?.querySelector("input");
  if (choice) {
    choice.checked = !isOff();
    choice.addEventListener("change", () => {
      try {
        localStorage.setItem(OFF, choice.checked ? "0" : "1");
      } catch {
        // Without storage the choice is of no effect.
      }
    });
    for (const button of document.querySelectorAll("[data-keys]")) {
      button.hidden = false;
      button.addEventListener("click", () => openSheet(sheet));
    }
  }
  document.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.defaultPrevented) return;
    if (isTyping(event.target) || document.querySelector("dialog[open]:not(.player)")) return;
    if (event.key === "?" && sheet) {
      event.preventDefault();
      openSheet(sheet);
      return;
    }
    if (isOff()) return;
    const key = event.key.toLowerCase();
    if (key === "n" || key === "p") {
      event.preventDefault();
      moveToException(key === "n" ? 1 : -1);
      return;
    }
    const button = Object.hasOwn(ACTIONS, key) ? buttonOf(ACTIONS[key]) : undefined;
    if (!button) return;
    event.preventDefault();
    press(button);
  });
}
