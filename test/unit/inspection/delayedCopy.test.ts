import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RandomStream } from '../../../src/common/random.ts';
import { influence } from '../../../src/inspection/influence.ts';
import type { Kernels } from '../../../src/kernels/kernels.ts';
import { clipFactor } from '../../../src/model/clipping.ts';
import { initialize } from '../../../src/model/initialization.ts';
import { Streams } from '../../../src/text/streams.ts';
import { createKernels } from '../kernels/built.ts';
import { idsOf } from '../text/tokens.ts';
import { NETWORK } from '../../tanh.ts';

/** What is asked for at the end of a block was read so many steps before: only from lag LAG on is it in the state. */
const LAG = 3;
const BLOCK = LAG + 2;
/** The symbols that repeat the first one of their block: 2 for 0, 3 for 1. */
const COPIES = [2, 3];
const SHAPE = { V: 4 + LAG, H: 16, T: 24, B: 16 };
const ITERATIONS = 800;
const LAGS = 8;

/**
 * Blocks of a random bit (0 or 1), LAG symbols that are always the same, and a copy of the bit. One copy in twenty is random,
 * so that a network that has learned the text still has errors, and loses by listening to what is no part of the copy.
 */
function delayedCopies(symbols: number): Uint8Array {
  const random = RandomStream.seeded(11, 'text');
  const ids = new Uint8Array(symbols);
  for (let t = 0; t < symbols; t++) {
    const place = t % BLOCK;
    if (place === 0) ids[t] = random.integer(2);
    else if (place < BLOCK - 1) ids[t] = 3 + place;
    else ids[t] = COPIES[random.uniform() < 0.05 ? random.integer(2) : ids[t - LAG - 1]];
  }
  return ids;
}

/** The loss of the copies, and the mean over them of I[t][t − lag], lag < LAGS. */
function copiesOf({ window, activations, parameters, ...pass }: Kernels): { lossNats: number; profile: number[] } {
  const { V, T, B } = SHAPE;
  const profile = new Array<number>(LAGS).fill(0);
  let loss = 0;
  let copies = 0;
  for (let b = 0; b < B; b++) {
    const { h } = influence({ ...pass, window, activations }, parameters, b);
    for (let t = LAGS; t < T; t++) {
      const target = window.targets[t * B + b];
      if (!COPIES.includes(target)) continue;
      copies++;
      loss -= Math.log(activations.yhat[(t * B + b) * V + target]);
      for (let lag = 0; lag < LAGS; lag++) profile[lag] += h[t * T + t - lag];
    }
  }
  return { lossNats: loss / copies, profile: profile.map((sum) => sum / copies) };
}

test(`a network that has learned to copy what it read ${LAG} steps before has its influence up to lag ${LAG}`, () => {
  const kernels = createKernels('scalar', SHAPE, { reduction: 'mean', optimizer: 'adam' });
  // The identity remembers everything: what the trained network forgets, it has learned to forget.
  initialize(NETWORK, kernels.parameters, SHAPE, 'identity', RandomStream.seeded(2, 'initialization'));
  const streams = new Streams(idsOf(delayedCopies(40_000)), SHAPE.T, SHAPE.B);
  let untrained: ReturnType<typeof copiesOf> | undefined;
  for (let iteration = 0; iteration < ITERATIONS; iteration++) {
    kernels.carryState();
    if (streams.next(kernels.window)) kernels.resetState();
    kernels.forward();
    untrained ??= copiesOf(kernels);
    kernels.backward();
    kernels.update(0.01, clipFactor(kernels.gradientNorms().total, 1));
  }
  const trained = copiesOf(kernels);
  assert.ok(trained.lossNats < 0.3, `the text is not learned: ${trained.lossNats} nats for a copy`);

  // Of how much less the state one step further back matters.
  const falls = ({ profile }: { profile: number[] }) => profile.slice(1).map((next, lag) => profile[lag] / next);
  const first = falls(untrained ?? assert.fail());
  assert.ok(
    first.every((fall) => fall < 1.1),
    `untrained: ${first.join(' ')}`,
  );
  const learned = falls(trained);
  for (let lag = 0; lag < LAG; lag++) assert.ok(learned[lag] < 2.5, `after lag ${lag}: ${learned.join(' ')}`);
  assert.ok(learned[LAG] > 4, `after lag ${LAG}: ${learned.join(' ')}`);
  assert.ok(trained.profile[LAG] > trained.profile[0] / 5, `lag ${LAG}: ${trained.profile.join(' ')}`);
});
