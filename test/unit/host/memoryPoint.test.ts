import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { memoryPoint } from '../../../src/host/study/memoryPoint.ts';
import { finish } from '../../../src/common/work.ts';
import type { MemoryPoint } from '../../../src/protocol/events.ts';
import { loadKernels } from '../kernels/built.ts';
import { assertClose, cellVector, flatten, kernelsOfCell } from '../model/vectors.ts';
import { captureOf, windowStudyOf } from '../study/windowStudyCaptures.ts';

const ITERATION = 3;
/** The vectors' parameters are rounded to float32 in a capture. */
const ROUNDED = 2e-5;

function pointOf(name: string): MemoryPoint {
  const kernels = kernelsOfCell(loadKernels('reference'), cellVector(name));
  const study = windowStudyOf(captureOf(kernels, ITERATION));
  const memory = finish(study.memory({ iteration: ITERATION, stream: 0 }));
  return memoryPoint(kernels.network, memory, finish(study.spectrum({ iteration: ITERATION })));
}

/** The mean of a slope over the units and time steps of the first stream, by what autograd's forward pass gave. */
function meanSlope(name: string, quantities: readonly string[], slope: (gave: number) => number): number {
  const { expected, B, H } = cellVector(name);
  const slopes = quantities.flatMap((quantity) =>
    [...flatten(expected.forward[quantity])].filter((_, at) => Math.floor(at / H) % B === 0).map(slope),
  );
  return slopes.reduce((sum, value) => sum + value, 0) / slopes.length;
}

suite('what stays of the memory of a window in the history of its run', () => {
  test('is the mean slope of the candidates of all layers, past which the gates of a cell carry errors', () => {
    const name = 'lstm-l2-v9-h6-t8-b2-sum';
    const expected = meanSlope(name, ['g', 'g.2'], (gave) => 1 - gave * gave);
    assert.ok(expected < 0.99);
    assertClose([pointOf(name).tanhFactor], [expected], ROUNDED, 'slope');
  });

  test('is the mean slope of the gates of a cell that has nothing else', () => {
    const name = 'mingru-l1-v11-h8-t9-b3-mean';
    const expected = meanSlope(name, ['z'], (gave) => gave * (1 - gave));
    assertClose([pointOf(name).tanhFactor], [expected], ROUNDED, 'slope');
  });

  test('is the horizon of every state, and where errors go back by a single way of the pre-activations instead', () => {
    assert.deepEqual(Object.keys(pointOf('lstm-l2-v9-h6-t8-b2-sum').horizons ?? {}), ['a', 'c', 'a.2', 'c.2']);
    const { horizons = {}, horizonOnePercent } = pointOf('tanh-l3-v9-h6-t8-b2-mean');
    assert.deepEqual(Object.keys(horizons), ['h', 'h.2', 'h.3']);
    assert.ok(Object.keys(horizons).includes(pointOf('tanh-l3-v9-h6-t8-b2-mean').longestLived ?? ''));
    const reached = Object.values(horizons).map((steps) => steps ?? Infinity);
    assert.equal(Math.max(...reached), horizonOnePercent ?? Infinity);
    const mingru = pointOf('mingru-l1-v11-h8-t9-b3-mean');
    assert.deepEqual([mingru.horizons, mingru.longestLived], [undefined, undefined]);
  });

  test('has no spectrum of a network without a recurrent weight', () => {
    const { spectralRadius, sigmaMax } = pointOf('mingru-l1-v11-h8-t9-b3-mean');
    assert.deepEqual([spectralRadius, sigmaMax], [null, null]);
    assert.ok((pointOf('lstm-l2-v9-h6-t8-b2-sum').spectralRadius ?? 0) > 0);
  });
});
