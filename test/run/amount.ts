import { test } from 'node:test';

/** Begins a line by which a test file says that it did less than it can. */
export const SHORTENED = 'shortened: ';

/** Whether tests do all that they can, pictures for a person to look at among it. Of a test that fails there always is one. */
export function isLong(): boolean {
  return process.env.RNN_LONG === '1';
}

/**
 * How many of something a test does that takes long by their number: all of them with `npm run test:long`, else fewer, and then
 * it says so.
 *
 * @param what of which there are `full`: `killed processes`.
 */
export function amount(full: number, short: number, what: string): number {
  if (isLong()) return full;
  console.log(`${SHORTENED}${short} of ${full} ${what}`);
  return short;
}

/** As {@link amount}, for a test that goes through all of something: 1 with `npm run test:long`, else every so many-th is taken. */
export function everyNth(nth: number, what: string): number {
  if (isLong()) return 1;
  console.log(`${SHORTENED}one in ${nth} of ${what}`);
  return nth;
}

/** A test that goes beyond what others look at: with `npm run test:long` it runs, else it is skipped. */
export function longTest(name: string, steps: () => Promise<void>): void {
  void test(name, { skip: !isLong() }, steps);
}
