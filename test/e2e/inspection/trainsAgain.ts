import { after } from 'node:test';
import { parseSettings, type RunSettings } from '../../../src/protocol/settings.ts';
import { sampleText } from '../../../src/text/sampleText.ts';
import { TrainingRun } from '../../../src/training/run.ts';
import { MACHINE } from '../../unit/training/helpers.ts';
import { SAMPLE } from '../support.ts';

/** Settings of a run as a person has them in VS Code. */
export function ofExtension(settings: Partial<RunSettings>): Record<string, string | number | boolean> {
  return Object.fromEntries(Object.entries(settings).map(([name, value]) => [`rnnInspector.${name}`, value]));
}

/**
 * A window's run once more in this process. Plain vector kernels in one thread give the same bits in every process.
 *
 * @returns what gives the run when it has done so many iterations: not fewer than the last time.
 */
export function trainsAgain(settings: Partial<RunSettings>): (iterations: number) => TrainingRun {
  let again: TrainingRun | undefined;
  after(() => again?.close());
  return (iterations) => {
    again ??= TrainingRun.create(
      { type: 'start', runId: 'again', name: SAMPLE, text: sampleText(), settings: parseSettings(settings) },
      MACHINE,
    );
    if (again.iterations > iterations)
      throw new Error(`It has done ${again.iterations} iterations, not ${iterations}.`);
    while (again.iterations < iterations) again.iterate();
    return again;
  };
}
