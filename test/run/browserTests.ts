import { availableParallelism } from 'node:os';
import { SharedVSCode } from '../workbench/sharedVSCode.ts';
import { runFiles, testFiles } from './nodeTests.ts';
import type { Tally } from './tally.ts';

const fileMs = 10 * 60_000;
/** A window trains in one thread and draws in another: so many cores it fills, and more than two at a time are not needed. */
const coresOfALane = 2;
const mostLanes = 2;

/**
 * Runs the files of test/e2e one after the other in one VS Code, on larger machines in two side by side. What it remembers of a file is
 * gone before the next one; files that need a VS Code of their own start it themselves.
 */
export async function runBrowserTests(level: string, tally: Tally, patterns: readonly string[]): Promise<void> {
  const next = testFiles('test/e2e', patterns).values();
  const lane = async (): Promise<void> => {
    const shared = await SharedVSCode.start();
    try {
      for (const file of next) await runFiles(level, tally, [file], fileMs, shared.environment);
    } finally {
      await shared.stop();
    }
  };
  const lanes = Math.min(mostLanes, Math.max(1, Math.floor(availableParallelism() / coresOfALane)));
  // One that breaks does not end the others, whose tests are counted.
  const ended = await Promise.allSettled(Array.from({ length: lanes }, lane));
  for (const one of ended) if (one.status === 'rejected') throw one.reason;
}
