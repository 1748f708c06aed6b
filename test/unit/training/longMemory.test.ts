import assert from 'node:assert/strict';
import { RandomStream } from '../../../src/common/random.ts';
import { influence } from '../../../src/inspection/influence.ts';
import type { Kernels } from '../../../src/kernels/kernels.ts';
import { clipFactor } from '../../../src/model/clipping.ts';
import { type InitialBiasName, setInitialBiases } from '../../../src/model/initialBias.ts';
import { initialize } from '../../../src/model/initialization.ts';
import type { CellName } from '../../../src/network/cells.ts';
import { networkOf } from '../../../src/network/network.ts';
import { Streams } from '../../../src/text/streams.ts';
import { longTest } from '../../run/amount.ts';
import { createKernels } from '../kernels/built.ts';
import { idsOf } from '../text/tokens.ts';

/** What only a network can tell that carries a symbol over a whole block: gates do, and the tanh cell does not. */

const SYMBOLS = 8;
const FILLERS = 30;
const BLOCK = FILLERS + 2;
/** In every block one symbol is drawn; all else follows from the text before. */
const ENTROPY_NATS = Math.log(SYMBOLS) / BLOCK;
/** At the step that reads the last filler, this many steps after it read the symbol, it has to say what it was. */
const LAG = FILLERS;

const SHAPE = { V: 2 * SYMBOLS + 1, H: 64, T: 64, B: 32 };
const ITERATIONS = 5000;
/** Iterations of which the loss is the mean. */
const MEASURED = 250;
/** So that every window of every stream is of whole blocks, as far as the ids of a test go. */
const BLOCKS = 1023 * SHAPE.B;

/** Blocks of one of eight symbols, 30 fillers that are all the same, and the symbol again, in capitals as it were. */
function text(): Uint8Array {
  const random = RandomStream.seeded(5, 'text');
  const ids = new Uint8Array(BLOCKS * BLOCK + 1).fill(2 * SYMBOLS);
  for (let at = 0; at < ids.length; at += BLOCK) {
    ids[at] = random.integer(SYMBOLS);
    if (at + BLOCK <= ids.length) ids[at + BLOCK - 1] = SYMBOLS + ids[at];
  }
  return ids;
}

/** Trains a network, and tells after every so many iterations their mean loss in nats, until `isEnough`. */
function trained(cell: CellName, bias: InitialBiasName, isEnough: (lossNats: number) => boolean): [Kernels, number[]] {
  const network = networkOf({ cell, layers: 1 });
  const kernels = createKernels('simd', SHAPE, { network, reduction: 'mean', optimizer: 'adam' });
  const random = RandomStream.seeded(2, 'initialization');
  initialize(network, kernels.parameters, SHAPE, 'uniform', random);
  setInitialBiases(network, kernels.parameters, SHAPE, bias, random);
  const streams = new Streams(idsOf(text()), SHAPE.T, SHAPE.B);
  const losses: number[] = [];
  let sum = 0;
  for (let iteration = 1; iteration <= ITERATIONS; iteration++) {
    kernels.carryState();
    if (streams.next(kernels.window)) kernels.resetState();
    sum += kernels.forward();
    kernels.backward();
    kernels.update(0.005, clipFactor(kernels.gradientNorms().total, 1));
    if (iteration % MEASURED > 0) continue;
    losses.push(sum / MEASURED);
    sum = 0;
    if (isEnough(losses[losses.length - 1])) break;
  }
  return [kernels, losses];
}

/** The mean over the steps that ask for a symbol again of ‖∂L(t)/∂q(t − lag)‖, by lag, of q = h and every state. */
function profilesOfCopies(kernels: Kernels): Record<string, number[]> {
  const { T, B } = SHAPE;
  const profiles: Record<string, number[]> = {};
  for (let b = 0; b < B; b++) {
    for (const [of, matrix] of Object.entries<ArrayLike<number>>({ ...influence(kernels, kernels.parameters, b) })) {
      const profile = (profiles[of] ??= new Array<number>(T).fill(0));
      for (let t = BLOCK; t < T; t++) {
        const target = kernels.window.targets[t * B + b];
        if (target < SYMBOLS || target === 2 * SYMBOLS) continue;
        for (let lag = 0; lag <= t; lag++) profile[lag] += matrix[t * T + t - lag] / B;
      }
    }
  }
  return profiles;
}

longTest(
  'an LSTM of chrono biases learns which of eight symbols comes back after 30 fillers, by an error that goes so far back',
  () => {
    const [kernels, losses] = trained('lstm', 'chrono', (lossNats) => lossNats < ENTROPY_NATS + 0.02);
    const lossNats = losses[losses.length - 1];
    assert.ok(lossNats > ENTROPY_NATS - 0.005, `${lossNats} nats are fewer than the text has`);
    assert.ok(lossNats < ENTROPY_NATS + 0.02, `after ${ITERATIONS} iterations: ${losses.join(' ')}`);
    const profiles = profilesOfCopies(kernels);
    console.log(
      losses.length,
      lossNats,
      Object.entries(profiles)
        .map(
          ([of, p]) =>
            `${of} ${p
              .slice(0, 45)
              .map((x) => x.toExponential(1))
              .join(' ')}`,
        )
        .join('\n'),
    );
    for (const [of, profile] of Object.entries(profiles)) {
      const near = profile.slice(LAG - 3, LAG + 1);
      // The state of before the symbol was read says nothing of it.
      assert.ok(Math.max(...near) > 4 * profile[LAG + 3], `${of}: ${profile.join(' ')}`);
    }
    return Promise.resolve();
  },
);

longTest('the tanh cell does not learn even when it comes', () => {
  const [, losses] = trained('tanh', 'cell', () => false);
  assert.ok(Math.min(...losses) > 0.2, losses.join(' '));
  return Promise.resolve();
});
