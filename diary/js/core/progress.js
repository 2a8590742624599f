// Doing many small things without holding up the page that they are done in.

/** So many things are done at a time: enough to keep WebCrypto busy, few enough to hold. */
const AT_A_TIME = 32;
/** After so long the page gets its turn: answers of WebCrypto alone would keep it waiting. */
const TURN_MS = 30;

let due = 0;
let rest = Promise.resolve();

/** Waits until the page has had its turn, if it is time for one. */
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
 * Does something with each item, several at a time.
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
