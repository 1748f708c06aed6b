import { test } from 'node:test';
import { isLong, SHORTENED } from '../run/amount.ts';

let leftOut = 0;

/** A test that goes beyond a first look at something that other tests cover: with `npm run test:long` it runs, else it is skipped. */
export function longTest(name: string, steps: () => Promise<void>): void {
  if (!isLong()) leftOut++;
  void test(name, { skip: !isLong() }, steps);
}

/** Says how many tests this process left out. */
export function tellLeftOut(): void {
  if (leftOut > 0) console.log(`${SHORTENED}without ${leftOut} browser tests, the skipped ones`);
}
