// Calls of the Worker that checks records.

/**
 * Starts the Worker at an address. Returns a function that sends it a message and returns its answer;
 * rejects with the Worker's error.
 * @param {string} address
 * @returns {(message: object) => Promise<any>}
 */
export function askWorker(address) {
  const worker = new Worker(address, { type: "module" });
  /** @type {Map<number, {resolve: (value: any) => void, reject: (error: Error) => void}>} */
  const waiting = new Map();
  let last = 0;
  worker.addEventListener("message", ({ data: { id, result, error } }) => {
    const call = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) call.resolve(result);
    else call.reject(new Error(error));
  });
  worker.addEventListener("error", (event) => {
    for (const call of waiting.values()) call.reject(new Error(event.message || "the Worker failed"));
    waiting.clear();
  });
  return (message) =>
    new Promise((resolve, reject) => {
      waiting.set(++last, { resolve, reject });
      worker.postMessage({ id: last, ...message });
    });
}
