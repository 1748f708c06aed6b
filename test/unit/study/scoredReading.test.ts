import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { RandomStream } from '../../../src/common/random.ts';
import { finish } from '../../../src/common/work.ts';
import type { Kernels } from '../../../src/kernels/kernels.ts';
import { networkOf, type Network } from '../../../src/network/network.ts';
import { cutIntoPieces } from '../../../src/study/scoredPieces.ts';
import { readAll } from '../../../src/study/scoredReading.ts';
import { SymbolScores } from '../../../src/study/symbolScores.ts';
import { randomNetwork } from '../model/networks.ts';

const V = 11;
const H = 9;
const SYMBOLS = 1500;
const LSTM = networkOf({ cell: 'lstm', layers: 1 });

/** Random parameters, `scale` times as large as usual, and bias by bias what is added to it; the same for any shape. */
interface Numbers {
  readonly scale: number;
  readonly add?: Readonly<Record<string, number>>;
}

function kernelsOf(name: 'scalar' | 'reference', network: Network, T: number, B: number, numbers: Numbers): Kernels {
  const kernels = randomNetwork(name, { V, H, T, B }, 'sum', 5, network);
  for (const [parameter, values] of Object.entries(kernels.parameters)) {
    const added = numbers.add?.[parameter] ?? 0;
    for (let i = 0; i < values.length; i++) values[i] = Math.fround(numbers.scale * values[i] + added);
  }
  return kernels;
}

function randomIds(): Int32Array {
  const random = RandomStream.seeded(3, 'text');
  return Int32Array.from({ length: SYMBOLS }, () => random.integer(V));
}

/** By pieces side by side, in windows of a few steps. */
function scored(network: Network, ids: Int32Array, numbers: Numbers): { losses: Float64Array; isReadAgain: boolean } {
  let isReadAgain = false;
  const [ofMany, ofOne] = [8, 1].map((B) => kernelsOf('scalar', network, 7, B, numbers));
  const scores = new SymbolScores(ids, 1);
  const kernelsFor = (isForAll: boolean): Kernels => {
    isReadAgain ||= !isForAll;
    return isForAll ? ofMany : ofOne;
  };
  finish(readAll(kernelsFor, ids, cutIntoPieces(ids, 1, 8), scores));
  return { losses: scores.lossNats, isReadAgain };
}

/** −log of the probability of each symbol after all before it, by the float64 reference from states of zeros. */
function expectedLosses(network: Network, ids: Int32Array, numbers: Numbers): Float64Array {
  const reference = kernelsOf('reference', network, SYMBOLS - 1, 1, numbers);
  reference.resetState();
  reference.window.inputs.set(ids.subarray(0, -1));
  reference.window.targets.set(ids.subarray(1));
  reference.forward();
  return reference.activations.stepLoss;
}

function assertLosses(actual: Float64Array, expected: Float64Array): void {
  assert.equal(actual.length, expected.length);
  actual.forEach((loss, at) => {
    const least = Math.max(1e-4, 1e-5 * expected[at]);
    assert.ok(Math.abs(loss - expected[at]) < least, `symbol ${at}: ${loss} nats, expected ${expected[at]}`);
  });
}

suite('reading a text in pieces', () => {
  // What c keeps of a hundred symbols ago is more than the tolerance where the forget gate is at σ(5).
  const forgetful = { scale: 1 };
  const remembering = { scale: 1, add: { b_f: 5, 'b_f.2': 5 } };
  const networks = [
    ['an LSTM', LSTM, forgetful],
    ['an LSTM that keeps what it read', LSTM, remembering],
    ['two layers of an LSTM that keeps what it read', networkOf({ cell: 'lstm', layers: 2 }), remembering],
    ['two layers of tanh', networkOf({ cell: 'tanh', layers: 2 }), forgetful],
    ['two layers of tanh that do not forget', networkOf({ cell: 'tanh', layers: 2 }), { scale: 1.7 }],
  ] as const;
  for (const [name, network, numbers] of networks) {
    test(`gives the losses of ${name} that reads one symbol after the other`, () => {
      const ids = randomIds();
      assertLosses(scored(network, ids, numbers).losses, expectedLosses(network, ids, numbers));
    });
  }

  test('reads on from every state where one of them is not forgotten', () => {
    assert.equal(scored(LSTM, randomIds(), forgetful).isReadAgain, false);
    assert.equal(scored(LSTM, randomIds(), remembering).isReadAgain, true);
  });

  test('computes losses beyond float32 probabilities from what the output reads, the highest layer', () => {
    const network = networkOf({ cell: 'lstm', layers: 2 });
    const numbers = { scale: 300 };
    const ids = randomIds();
    const expected = expectedLosses(network, ids, numbers);
    const first = expected.subarray(0, 20);
    assert.ok(
      first.some((loss) => loss > 104),
      'a symbol that float32 gives the probability 0',
    );
    // With so large weights float32 and float64 part ways sooner or later, where a gate is about to turn.
    assertLosses(scored(network, ids, numbers).losses.subarray(0, 20), first);
  });
});
