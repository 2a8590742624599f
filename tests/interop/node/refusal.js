// What a library said against what it was given.
export class Refusal extends Error {}

// Runs a library's own check; whatever it throws is its refusal. A library that meets bytes it cannot
// read may throw anything at all, so nothing but the library is run in here.
export async function judged(check) {
  try {
    return await check();
  } catch (error) {
    throw new Refusal(`${error?.name}: ${error?.message}`, { cause: error });
  }
}
