// The picture of a slot: zoom and pan at the pointer, and comparison with the picture of the slot before.
// The stage scrolls, so that touch, keyboard and scroll bars pan as everywhere.

const STEP = 1.25;
const MOST = 8;

/** @param {HTMLElement} figure */
function makeViewer(figure) {
  const stage = figure.querySelector(".stage");
  const sheet = figure.querySelector(".zoomed");
  const image = sheet.querySelector("img");
  const tools = figure.querySelector(".viewer");
  const shown = tools.querySelector("[data-zoom]");
  const button = (/** @type {string} */ action) => tools.querySelector(`[data-action="${action}"]`);
  const format = new Intl.NumberFormat(document.documentElement.lang, { style: "percent" });
  /** CSS pixels for one of the picture; null shows the whole picture. @type {number | null} */
  let zoom = null;

  const fitted = () => Math.min(1, stage.clientWidth / image.width0, stage.clientHeight / image.height0);
  const current = () => zoom ?? image.clientWidth / image.width0;
  image.width0 = Number(image.getAttribute("width"));
  image.height0 = Number(image.getAttribute("height"));

  const present = () => {
    shown.textContent = format.format(Math.round(current() * 100) / 100);
    button("zoom-fit").ariaPressed = String(zoom === null);
    button("zoom-full").ariaPressed = String(zoom === 1);
    button("zoom-in").disabled = current() >= MOST;
    button("zoom-out").disabled = zoom === null;
    stage.classList.toggle("large", zoom !== null);
  };
  /** @param {number | null} wanted @param {{x: number, y: number}} [at] Stays in place; by default the centre. */
  const zoomTo = (wanted, at) => {
    const box = stage.getBoundingClientRect();
    const [x, y] = at ? [at.x - box.left, at.y - box.top] : [box.width / 2, box.height / 2];
    const before = sheet.getBoundingClientRect();
    const u = (x - (before.left - box.left)) / before.width;
    const v = (y - (before.top - box.top)) / before.height;
    if (zoom === null) stage.style.height = `${stage.clientHeight}px`;
    zoom = wanted !== null && wanted <= fitted() ? null : wanted && Math.min(MOST, wanted);
    if (zoom === null) stage.style.height = "";
    sheet.style.width = zoom === null ? "" : `${image.width0 * zoom}px`;
    present();
    if (zoom === null) return;
    stage.scrollLeft = u * sheet.clientWidth - x;
    stage.scrollTop = v * sheet.clientHeight - y;
  };

  /** Zooms. After a key, not a button, the arrow keys pan at once. @param {() => number | null} wanted */
  const zoomByButton = (wanted) => () => {
    zoomTo(wanted());
    if (zoom !== null && !tools.contains(document.activeElement)) stage.focus({ preventScroll: true });
  };
  button("zoom-in").addEventListener("click", zoomByButton(() => current() * STEP));
  button("zoom-out").addEventListener("click", zoomByButton(() => current() / STEP));
  button("zoom-fit").addEventListener("click", zoomByButton(() => null));
  button("zoom-full").addEventListener("click", zoomByButton(() => 1));
  stage.addEventListener(
    "wheel",
    (event) => {
      // Scrolling down over a whole picture scrolls the page.
      if (!event.deltaY || (event.deltaY > 0 && zoom === null)) return;
      event.preventDefault();
      zoomTo(current() * STEP ** (event.deltaY < 0 ? 1 : -1), { x: event.clientX, y: event.clientY });
    },
    { passive: false },
  );

  // Dragging pans; a click without a drag shows the original size at the pointer, or the whole picture.
  let drag = null;
  let moved = false;
  stage.addEventListener("pointerdown", (event) => {
    moved = false;
    if (event.button !== 0 || event.pointerType === "touch" || zoom === null) return;
    drag = { x: event.clientX + stage.scrollLeft, y: event.clientY + stage.scrollTop };
    stage.setPointerCapture(event.pointerId);
  });
  stage.addEventListener("pointermove", (event) => {
    if (!drag) return;
    const [left, top] = [drag.x - event.clientX, drag.y - event.clientY];
    moved ||= Math.abs(left - stage.scrollLeft) + Math.abs(top - stage.scrollTop) > 3;
    stage.scrollTo(left, top);
  });
  for (const name of ["pointerup", "pointercancel"]) stage.addEventListener(name, () => (drag = null));
  stage.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (!moved && event.detail) zoomTo(zoom === null ? 1 : null, { x: event.clientX, y: event.clientY });
  });
  stage.addEventListener("dragstart", (event) => event.preventDefault());
  new ResizeObserver(present).observe(stage);

  tools.hidden = false;
  present();
  return { tools, sheet, image, button };
}

/**
 * Lets the person lay the picture of the slot before over this one.
 * @param {ReturnType<typeof makeViewer>} viewer
 * @param {string} address
 * @param {string} time Of the earlier picture.
 */
export function offerComparison({ tools, sheet, image, button }, address, time) {
  const toggle = button("compare");
  const slider = tools.querySelector("input[type=range]");
  const earlier = document.createElement("img");
  earlier.className = "earlier";
  earlier.alt = toggle.dataset.alt.replace("{time}", time);
  toggle.querySelector("span").textContent = toggle.dataset.label.replace("{time}", time);
  toggle.hidden = false;
  const move = () => sheet.style.setProperty("--shown", `${slider.value}%`);
  toggle.addEventListener("click", () => {
    const on = toggle.ariaPressed !== "true";
    toggle.ariaPressed = String(on);
    if (document.activeElement === slider) toggle.focus();
    slider.parentElement.hidden = !on;
    if (!on) {
      earlier.remove();
      return;
    }
    // After a key, the arrow keys move the border at once.
    if (document.activeElement !== toggle) slider.focus({ preventScroll: true });
    // Loaded only now: each view of a picture is recorded.
    earlier.src = address;
    image.after(earlier);
    move();
  });
  slider.addEventListener("input", move);
}

/** The viewers of all pictures on the page. */
export const makeViewers = () =>
  [...document.querySelectorAll("figure.picture")].map((figure) => makeViewer(figure));
