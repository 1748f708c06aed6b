import { availableParallelism } from 'node:os';
import { SharedVSCode } from '../workbench/sharedVSCode.ts';
import { runFiles, testFiles } from './nodeTests.ts';
import type { Tally } from './tally.ts';

const fileMs = 10 * 60_000;
/** A window trains in a thread of its own and draws in another: two fill the cores of most machines. */
const mostLanes = 2;

/**
 * Runs the files of test/e2e, two at a time, those beside one another in a VS Code each. What a lane's VS Code remembers of a file
 * is gone before the next one; files that need a VS Code of their own start it themselves.
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
  await Promise.all(Array.from({ length: Math.min(mostLanes, availableParallelism()) }, lane));
}
