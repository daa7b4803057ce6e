// How long to wait before the next try: "equal jitter", half fixed and half random, so that thousands of
// widgets do not come back in one instant.
// https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/

const FIRST_MS = 800;
const LONGEST_MS = 30000;

/** Milliseconds before try number `tries` (0 = the first repetition). */
export function backoff(tries, random = Math.random) {
  const step = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(tries, 10));
  return Math.round(step / 2 + (random() * step) / 2);
}

/** A version 4 UUID; crypto.randomUUID is missing on plain-http pages. 1, 0 and 8 stand for random digits. */
export const uuid = () =>
  "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (digit) =>
    (digit ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (digit / 4)))).toString(16),
  );
