import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { nodesOf } from '../../../src/host/runsView/runNodes.ts';
import { RunLibrary } from '../../../src/runs/disk/library.ts';
import { ReadingThread } from '../../../src/runs/reading/readingThread.ts';
import type { Section } from '../context.ts';
import { writeHostileRuns } from '../hostileRuns.ts';

const THREAD = fileURLToPath(new URL('../../../src/runs/reading/worker.ts', import.meta.url));
const RESOLUTION_MS = 1;
/** Of other extensions, which share the thread. */
const MOST_MS = 20;
const ROUNDS = { full: 5, quick: 2 };

/** How long the thread of VS Code's extensions stands still at most while runs are listed and opened that were made to hold it up. */
export const hostThread: Section = {
  name: 'hostThread',
  description: 'runs that were made to hold up whoever lists and opens them: the longest block of the thread that does',
  async run(context) {
    const root = join(context.folder, 'hostile');
    context.log('hostThread: writing the runs');
    const runs = await writeHostileRuns(root);
    const reading = new ReadingThread(THREAD);
    const found = new Map<string, { blockMs: number; allMs: number }>();
    try {
      for (let round = 0; round < (context.quick ? ROUNDS.quick : ROUNDS.full); round++) {
        context.log(`hostThread: round ${round + 1}`);
        const library = new RunLibrary(root, {
          trashRecords: `${root}-records`,
          readRunFile: (folder) => reading.readRunFile(folder),
        });
        const list = async (): Promise<void> => {
          nodesOf([{ library, summaries: await library.list() }]);
        };
        await measure('the list, for the first time', list);
        await measure('the list, again', list);
        for (const { runId, what } of runs) {
          await measure(what, async () => (await reading.readRun(join(root, runId))).history.snapshot());
        }
      }
    } finally {
      reading.dispose();
      await rm(root, { recursive: true });
    }
    /** The least of the rounds: whatever else runs on the machine only makes them longer. */
    async function measure(what: string, work: () => Promise<unknown>): Promise<void> {
      const { blockMs, allMs } = await blockOf(work);
      const known = found.get(what);
      found.set(what, {
        blockMs: Math.min(blockMs, known?.blockMs ?? Infinity),
        allMs: Math.min(allMs, known?.allMs ?? Infinity),
      });
    }
    return {
      tables: [
        {
          title: 'The longest block of the thread while it lists and opens hostile runs',
          columns: ['', 'longest block, ms', 'in all, ms'],
          rows: [...found].map(([what, { blockMs, allMs }]) => [what, blockMs.toFixed(1), allMs.toFixed(0)]),
        },
      ],
      notes: [
        `None may block for more than ${MOST_MS} ms. The least of the rounds, each with all of its garbage collection.`,
      ],
      data: { found: Object.fromEntries(found) },
    };
  },
};

async function blockOf(work: () => Promise<unknown>): Promise<{ blockMs: number; allMs: number }> {
  const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delays.enable();
  // What came before is no part of it.
  await setTimeout(20);
  delays.reset();
  const startMs = performance.now();
  await work();
  const allMs = performance.now() - startMs;
  await setTimeout(5 * RESOLUTION_MS);
  delays.disable();
  return { blockMs: Math.max(0, delays.max / 1e6 - RESOLUTION_MS), allMs };
}
