import assert from 'node:assert/strict';
import { RandomStream } from '../../../src/common/random.ts';
import { influence, lagProfile } from '../../../src/inspection/influence.ts';
import type { Kernels } from '../../../src/kernels/kernels.ts';
import { metricNamesOf } from '../../../src/protocol/run.ts';
import { parseSettings, type RunSettings } from '../../../src/protocol/settings.ts';
import { TrainingRun } from '../../../src/training/run.ts';
import { longTest } from '../../run/amount.ts';
import { MACHINE, startRequest } from './helpers.ts';

/** What only a network can tell that carries a symbol over a whole block: an LSTM does, and the tanh cell does not. */

const SYMBOLS = 'ABCDEFGH';
const FILLERS = 30;
/** The symbol is read so many steps before the one that asks for it again. */
const LAG = FILLERS;
const BLOCK = FILLERS + 2;
/** In every block one symbol is drawn; all else follows from the text before. */
const ENTROPY_NATS = Math.log(SYMBOLS.length) / BLOCK;
const NEAR_NATS = 0.02;
/** So that every window of every stream is of whole blocks. */
const BLOCKS = 900 * 32;
const ITERATIONS = 5000;
/** Iterations of which a loss is the mean. */
const MEASURED = 250;

/** Blocks of one of eight symbols, 30 fillers that are all the same, and the symbol again, as a small letter. */
function text(): string {
  const random = RandomStream.seeded(5, 'text');
  const block = (symbol: string): string => `${symbol}${'.'.repeat(FILLERS)}${symbol.toLowerCase()}`;
  return `${Array.from({ length: BLOCKS }, () => block(SYMBOLS[random.integer(SYMBOLS.length)])).join('')}A`;
}

/** Trains on the text, to the same bits on every machine; returns the network and the mean losses in nats, one after the other. */
function trained(choice: Pick<RunSettings, 'cell' | 'initialBias'>): { kernels: Kernels; losses: number[] } {
  const settings = parseSettings({
    ...choice,
    ...{ hiddenSize: 64, sequenceLength: 64, batchSize: 32, validationFraction: 0, maxEpochs: 1000 },
    ...{ optimizer: 'adam', learningRate: 0.005, clipNorm: 1, seed: 1, kernels: 'simd', threads: 1 },
  });
  const run = TrainingRun.create({ ...startRequest(), text: text(), settings }, MACHINE);
  const loss = metricNamesOf(run.kernels.network).indexOf('lossNats');
  const mean = (): number => {
    let sum = 0;
    for (let iteration = 0; iteration < MEASURED; iteration++) sum += run.iterate().row[loss];
    return sum / MEASURED;
  };
  const losses = Array.from({ length: ITERATIONS / MEASURED }, mean);
  run.iterate();
  run.close();
  return { kernels: run.kernels, losses };
}

/** The lag profile of the errors at the pre-activations, as the tab Memory shows it of a stream; the mean over the streams. */
function profileOf(kernels: Kernels): number[] {
  const { T, B } = kernels.shape;
  const profiles = Array.from({ length: B }, (_, b) => lagProfile(influence(kernels, kernels.parameters, b).h));
  return Array.from({ length: T }, (_, lag) => profiles.reduce((sum, profile) => sum + profile[lag], 0) / B);
}

longTest(
  'an LSTM of chrono biases learns which of eight symbols comes back after 30 fillers, by errors that go so far back',
  () => {
    const { kernels, losses } = trained({ cell: 'lstm', initialBias: 'chrono' });
    const least = Math.min(...losses.slice(-4));
    assert.ok(least > ENTROPY_NATS - 0.005, `${least} nats are fewer than the text has`);
    assert.ok(least < ENTROPY_NATS + NEAR_NATS, `the entropy is ${ENTROPY_NATS}, the losses ${losses.join(' ')}`);
    // Errors reach the step that read the symbol, more than those between, and not the steps of before, which say nothing of it.
    const profile = profileOf(kernels);
    const there = Math.max(...profile.slice(LAG - 1, LAG + 2));
    assert.ok(there > 1.5 * profile[LAG - 6] && there > 4 * profile[LAG + 4], profile.join(' '));
    return Promise.resolve();
  },
);

longTest('the tanh cell does not even learn when it comes', () => {
  const { losses } = trained({ cell: 'tanh', initialBias: 'cell' });
  assert.ok(Math.min(...losses) > 0.2, losses.join(' '));
  return Promise.resolve();
});
