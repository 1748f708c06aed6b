import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { readRun } from '../../../src/runs/reading/runReader.ts';
import { compactionCosts } from '../compaction.ts';
import type { Section } from '../context.ts';
import { folderBytes, recordLongRun } from '../longRun.ts';
import { median } from '../statistics.ts';
import { count } from '../table.ts';

const ITERATIONS = { full: 1_000_000, quick: 100_000 };
const ROWS_PER_EVENT = [66, 1];
const READINGS = 3;
/** What a run of a million iterations may take. */
const MOST_MEGABYTES = 100;
const MOST_SECONDS = 2;
/** For so long nothing may hold up the thread of the extension host. */
const MOST_BLOCK_MS = 20;

/** What a very long run takes on the disk, and how long it takes to open it. */
export const longRuns: Section = {
  name: 'longRuns',
  description: 'a run of a million iterations on the disk: its size, and the time to read it for the panel',
  async run(context) {
    const iterations = context.quick ? ITERATIONS.quick : ITERATIONS.full;
    const found: { rowsPerEvent: number; bytes: number; metricsBytes: number; seconds: number }[] = [];
    for (const rowsPerEvent of ROWS_PER_EVENT) {
      context.log(`longRuns: ${rowsPerEvent} rows at a time`);
      const folder = join(context.folder, `long-run-${rowsPerEvent}`);
      await recordLongRun(folder, { iterations, rowsPerEvent });
      const metricsBytes = (await stat(join(folder, 'metrics'))).size;
      const bytes = await folderBytes(folder);
      found.push({ rowsPerEvent, bytes, metricsBytes, seconds: await secondsToOpen(folder, iterations) });
      await rm(folder, { recursive: true });
    }
    context.log('longRuns: a network of a hundred thousand iterations a second');
    const tiny = join(context.folder, 'tiny-network');
    const costs = await compactionCosts(tiny, 10 * iterations);
    await rm(tiny, { recursive: true });
    return {
      tables: [
        {
          title: `A run of ${count(iterations)} iterations, default settings`,
          columns: ['iterations at a time', 'metrics, MB', 'folder, MB', 'to open, s'],
          rows: found.map(({ rowsPerEvent, metricsBytes, bytes, seconds }) => [
            count(rowsPerEvent),
            (metricsBytes / 1e6).toFixed(1),
            (bytes / 1e6).toFixed(1),
            seconds.toFixed(2),
          ]),
        },
        {
          title: `The numbers of a run of ${count(costs.iterations)} iterations, T = 5, put together as it goes`,
          columns: ['times', 'longest, ms', 'longest block, ms', 'metrics at most, MB', 'folder, MB'],
          rows: [
            [
              count(costs.compactions),
              costs.longestMs.toFixed(0),
              costs.longestBlockMs.toFixed(1),
              (costs.mostMetricsBytes / 1e6).toFixed(1),
              (costs.folderBytes / 1e6).toFixed(1),
            ],
          ],
        },
      ],
      notes: [
        `A folder may have ${MOST_MEGABYTES} MB, and open in ${MOST_SECONDS} seconds, at a million iterations. The folder is without a kept text. Putting numbers together may hold up the event loop for ${MOST_BLOCK_MS} ms.`,
      ],
      data: { iterations, found, costs },
    };
  },
};

/** Of the history that the panel receives. */
async function secondsToOpen(folder: string, iterations: number): Promise<number> {
  const seconds: number[] = [];
  for (let reading = 0; reading < READINGS; reading++) {
    const startMs = performance.now();
    const { history, problems } = await readRun(folder);
    const { rows } = history.snapshot().metrics;
    seconds.push((performance.now() - startMs) / 1000);
    if (rows !== iterations || problems.length > 0) throw new Error(`${rows} rows were read: ${problems.join(' ')}`);
  }
  return median(seconds);
}
