import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { SharedVSCode } from '../workbench/sharedVSCode.ts';
import { isLong } from './amount.ts';
import { runFiles } from './fileRun.ts';
import { testFiles } from './nodeTests.ts';
import type { Tally } from './tally.ts';

const fileMs = 10 * 60_000;
/** A window trains in one thread and draws in another: so many cores it fills, and more than two at a time are not needed. */
const coresOfALane = 2;
const mostLanes = 2;
/** Whose files run with `npm run test:long` alone. */
const LONG = 'test/e2e/long/';
const program = join('test', 'run', 'browserFiles.ts');

/**
 * Runs the files of test/e2e one after the other in one VS Code and one browser, on larger machines in two side by side. What VS Code
 * remembers of a file is gone before the next one; files that need a VS Code of their own start it themselves.
 */
export async function runBrowserTests(level: string, tally: Tally, patterns: readonly string[]): Promise<void> {
  if (!isLong()) tally.shorten('no pictures');
  const all = testFiles('test/e2e', patterns);
  // Who names a file means it.
  const files = isLong() || patterns.length > 0 ? all : all.filter((file) => !file.startsWith(LONG));
  if (files.length < all.length) tally.shorten(`${files.length} of ${all.length} files of browser tests`);
  const count = Math.min(mostLanes, Math.max(1, Math.floor(availableParallelism() / coresOfALane)));
  const lanes = Array.from({ length: count }, (_, lane) => files.filter((_file, index) => index % count === lane));
  // One that breaks does not end the others, whose tests are counted.
  const ended = await Promise.allSettled(
    lanes.filter((lane) => lane.length > 0).map((lane) => runLane(level, tally, lane)),
  );
  for (const one of ended) if (one.status === 'rejected') throw one.reason;
}

async function runLane(level: string, tally: Tally, files: readonly string[]): Promise<void> {
  const shared = await SharedVSCode.start();
  try {
    await runFiles(level, tally, files, { timeoutMs: fileMs * files.length, program, env: shared.environment });
  } finally {
    await shared.stop();
  }
}
