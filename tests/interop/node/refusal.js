// A library's reason for refusing its input.
export class Refusal extends Error {}

// Runs a library's check; an exception of any kind is its refusal, since a library may throw anything
// for bytes that it cannot read. So `check` must run nothing but the library.
export async function judged(check) {
  try {
    return await check();
  } catch (error) {
    throw new Refusal(`${error?.name}: ${error?.message}`, { cause: error });
  }
}
