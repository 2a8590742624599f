// Plays the pictures of a day. Each one is compared with its signed hash before it appears, by the check
// in the browser (own.js): the page shows the bytes that were compared.

const FRAME_MS = 1000;

/**
 * A picture's address, and whether its bytes are the signed ones: null if they cannot be compared.
 * @param {string} address
 * @returns {Promise<{url: string, right: boolean | null}>}
 */
function checkedPicture(address) {
  return new Promise((resolve) => {
    const detail = { address, taken: false, done: resolve };
    document.dispatchEvent(new CustomEvent("workdiary-picture", { detail }));
    if (!detail.taken) resolve({ url: address, right: null });
  });
}

/** Makes the player of a day page work. @param {HTMLDialogElement} dialog @param {HTMLButtonElement} opener */
export function makePlayer(dialog, opener) {
  const image = dialog.querySelector("img");
  const slider = dialog.querySelector("input[type=range]");
  const toggle = dialog.querySelector("[data-player=toggle]");
  const part = (/** @type {string} */ name) => dialog.querySelector(`[data-${name}]`);
  const texts = dialog.dataset;
  /** @type {HTMLAnchorElement[]} */
  let slots = [];
  /** The pictures by place, so that the next one is ready. @type {Map<number, ReturnType<typeof checkedPicture>>} */
  const ready = new Map();
  let at = 0;
  let timer = 0;

  const load = (/** @type {number} */ place) => {
    if (!ready.has(place) && place < slots.length) {
      const thumb = slots[place].querySelector("img").getAttribute("src");
      ready.set(place, checkedPicture(thumb.replace("/thumbs/", "/pictures/")));
    }
    return ready.get(place);
  };
  const forget = () => {
    for (const made of ready.values()) {
      void made.then(({ url }) => url.startsWith("blob:") && URL.revokeObjectURL(url));
    }
    ready.clear();
  };
  const show = async (/** @type {number} */ place) => {
    at = place;
    slider.value = String(place);
    const slot = slots[place];
    part("time").textContent = slot.querySelector(".vh").textContent;
    part("memo").textContent = slot.closest(".run")?.previousElementSibling?.textContent ?? "";
    slider.ariaValueText = part("time").textContent;
    const { url, right } = await load(place);
    if (at !== place || !dialog.open) return;
    dialog.classList.toggle("bad", right === false);
    part("state").textContent =
      right === null ? texts.unchecked : right ? texts.checked : `${texts.changed} (E_SHOT_HASH)`;
    image.hidden = right === false;
    image.alt = slot.querySelector("img").alt;
    image.src = url;
    if (toggle.ariaPressed === "true") void load(place + 1);
  };
  const setPlaying = (/** @type {boolean} */ on) => {
    toggle.ariaPressed = String(on);
    part("on").hidden = !on;
    part("off").hidden = on;
  };
  const stop = () => {
    clearTimeout(timer);
    setPlaying(false);
  };
  const tick = async () => {
    if (at + 1 >= slots.length) {
      stop();
      return;
    }
    await show(at + 1);
    if (toggle.ariaPressed === "true") timer = setTimeout(tick, FRAME_MS);
  };
  const play = () => {
    setPlaying(true);
    if (at + 1 >= slots.length) at = -1;
    clearTimeout(timer);
    timer = setTimeout(tick, at < 0 ? 0 : FRAME_MS);
  };
  const step = (/** @type {number} */ by) => {
    stop();
    void show(Math.max(0, Math.min(slots.length - 1, at + by)));
  };

  opener.hidden = false;
  opener.addEventListener("click", () => {
    slots = [...document.querySelectorAll("a.slot")].filter((slot) => slot.querySelector("img"));
    if (!slots.length) return;
    slider.max = String(slots.length - 1);
    dialog.showModal();
    toggle.focus();
    void show(0);
    play();
  });
  toggle.addEventListener("click", () => (toggle.ariaPressed === "true" ? stop() : play()));
  dialog.querySelector("[data-player=earlier]").addEventListener("click", () => step(-1));
  dialog.querySelector("[data-player=later]").addEventListener("click", () => step(1));
  slider.addEventListener("input", () => {
    stop();
    void show(Number(slider.value));
  });
  dialog.addEventListener("keydown", (event) => {
    if (event.target === slider || (event.key !== "ArrowLeft" && event.key !== "ArrowRight")) return;
    event.preventDefault();
    step((event.key === "ArrowRight") === (document.documentElement.dir !== "rtl") ? 1 : -1);
  });
  dialog.addEventListener("close", () => {
    stop();
    forget();
    opener.focus();
  });
}
