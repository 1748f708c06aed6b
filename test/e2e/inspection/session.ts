import { after } from 'node:test';
import { parseSettings } from '../../../src/protocol/settings.ts';
import { sampleText } from '../../../src/text/sampleText.ts';
import { TrainingRun } from '../../../src/training/run.ts';
import { MACHINE } from '../../unit/training/helpers.ts';
import { freshSession, SAMPLE } from '../support.ts';

/**
 * One window for the tabs Time steps and Memory. Plain vector kernels give the same bits in every process, so that the run, which
 * is small, can be trained again here.
 */
export const SETTINGS = {
  hiddenSize: 48,
  sequenceLength: 20,
  batchSize: 6,
  kernels: 'simd',
  threads: 1,
  maxEpochs: 1_000_000,
} as const;

export const session = freshSession({
  settings: Object.fromEntries(Object.entries(SETTINGS).map(([name, value]) => [`rnnInspector.${name}`, value])),
  size: { width: 1440, height: 1400 },
  motion: true,
});

let again: TrainingRun | undefined;
after(() => again?.close());

/**
 * The window's run once more in this process, without any of the panel's way to it: its text, settings and seed fix it to the bit.
 *
 * @param iterations that it has done when it is returned: not fewer than the last time.
 */
export function trainedAgain(iterations: number): TrainingRun {
  const settings = parseSettings(SETTINGS);
  again ??= TrainingRun.create({ type: 'start', runId: 'again', name: SAMPLE, text: sampleText(), settings }, MACHINE);
  if (again.iterations > iterations) throw new Error(`It has done ${again.iterations} iterations, not ${iterations}.`);
  while (again.iterations < iterations) again.iterate();
  return again;
}
