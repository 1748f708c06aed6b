import { spawnSync } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { projectRoot } from '../../workbench/paths.ts';
import { endChild, startChild } from '../children.ts';
import type { Context, Section } from '../context.ts';
import { Ours } from '../ours.ts';
import { spread } from '../statistics.ts';
import { count } from '../table.ts';
import { resized, type BenchText } from '../text.ts';

const CLI = join(projectRoot, 'dist', 'cli.cjs');
const MEGABYTE = 1e6;
const TARGET_MS = 1000;
const REPETITIONS = { full: 7, quick: 3 };

/** How long a person waits for the first iteration. */
export const startup: Section = {
  name: 'startup',
  description: 'from the start to the first iteration, for a file of 1 MB',
  async run(context) {
    const text = resized(context.text, MEGABYTE, context.folder);
    const pipe = namedPipe(context);
    const repetitions = context.quick ? REPETITIONS.quick : REPETITIONS.full;
    const commandMs: number[] = [];
    const trainerMs: number[] = [];
    for (let repetition = 0; repetition < repetitions; repetition++) {
      context.log(`startup: ${repetition + 1} of ${repetitions}`);
      if (pipe !== undefined) commandMs.push(await fromCommand(text, pipe));
      const ours = await Ours.start('startup', {}, text);
      trainerMs.push(ours.started.firstIterationMs);
      await ours.close();
    }
    const measured = [
      ['the headless command', commandMs],
      ['the reading of the file, in a process that runs', trainerMs],
    ] as const;
    const rows = measured
      .filter(([, values]) => values.length > 0)
      .map(([name, values]) => {
        const { median, least, greatest } = spread(values);
        return [name, `${count(median)} (${count(least)}–${count(greatest)})`];
      });
    const [, slowest] = measured[commandMs.length > 0 ? 0 : 1];
    const verdict = spread(slowest).median <= TARGET_MS ? 'reached' : 'missed';
    return {
      tables: [{ title: 'Time to the first iteration, 1 MB, default settings, ms', columns: ['from', 'ms'], rows }],
      notes: [
        ...(pipe === undefined ? ['The headless command is not measured: this system has no named pipes.'] : []),
        `The first iteration within ${TARGET_MS} ms: ${verdict}.`,
      ],
      data: { commandMs, trainerMs },
    };
  },
};

/** Through a pipe the events are here as soon as they are written, which no file tells. */
function namedPipe({ folder }: Context): string | undefined {
  const path = join(folder, 'events');
  return spawnSync('mkfifo', [path]).status === 0 ? path : undefined;
}

/** Milliseconds from the start of the process to the first iteration among its events. */
async function fromCommand(text: BenchText, pipe: string): Promise<number> {
  const events = createReadStream(pipe, 'utf8');
  const startedMs = performance.now();
  const child = startChild(process.execPath, [CLI, 'train', text.path, '--events', pipe]);
  let errors = '';
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => (errors += chunk));
  child.stdout?.resume();
  // A command that ends before it opens the pipe would leave this side waiting for it.
  child.on('close', () => events.destroy());
  try {
    for await (const line of createInterface({ input: events })) {
      if ((JSON.parse(line) as { type: string }).type === 'iteration') return performance.now() - startedMs;
    }
  } catch (error) {
    throw new Error(`The headless command ended before its first iteration. ${errors}`, { cause: error });
  } finally {
    await endChild(child);
    events.destroy();
  }
  throw new Error(`The headless command ended before its first iteration. ${errors}`);
}
