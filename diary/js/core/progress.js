// Runs many small tasks without blocking the page.

/** Tasks at a time: enough to keep WebCrypto busy, few enough for memory. */
const AT_A_TIME = 32;
/** After this time (ms) the page gets its turn: results of WebCrypto alone would starve it. */
const TURN_MS = 30;

let due = 0;
let rest = Promise.resolve();

/** Yields to the page's event loop if the last time was more than TURN_MS ago. */
export async function yieldToPage() {
  if (performance.now() >= due) {
    due = Infinity;
    rest = new Promise((resolve) => {
      setTimeout(() => {
        due = performance.now() + TURN_MS;
        resolve();
      });
    });
  }
  await rest;
}

/**
 * Runs `work` for each item, several at a time.
 * @template T
 * @param {Iterable<T>} items
 * @param {(item: T) => Promise<void>} work
 */
export async function forEach(items, work) {
  const left = items[Symbol.iterator]();
  const worker = async () => {
    for (let next = left.next(); !next.done; next = left.next()) {
      await yieldToPage();
      await work(next.value);
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, worker));
}
