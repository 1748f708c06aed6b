import { tensorNamed, type Vector } from '../../../src/model/tensors.ts';
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { HORIZON_SHARES, influence, lagProfile, memoryHorizon } from '../../../src/inspection/influence.ts';
import { KERNEL_NAMES, type KernelName } from '../../../src/kernels/kernels.ts';
import { randomNetwork } from '../model/networks.ts';
import { loadKernels } from '../kernels/built.ts';
import {
  assertClose,
  CELL_PASSES,
  cellVector,
  flatten,
  kernelsOfCell,
  kernelsOfPass,
  LARGE_PASS,
  missing,
  passVector,
  SMALL_PASSES,
} from '../model/vectors.ts';

const TOLERANCE: Readonly<Record<KernelName, number>> = {
  reference: 1e-9,
  scalar: 1e-4,
  simd: 1e-4,
  relaxed: 1e-4,
};

suite('influence', () => {
  for (const kernelName of KERNEL_NAMES) {
    for (const name of [...SMALL_PASSES, LARGE_PASS]) {
      const skip = name === LARGE_PASS && missing(name);
      test(`agrees with autograd: ${kernelName}, ${name}`, { skip }, () => {
        const vector = passVector(name);
        const kernels = kernelsOfPass(kernelName, vector);
        kernels.forward();
        const { h, a } = influence(kernels, kernels.parameters, 0);
        assertClose(h, flatten(vector.expected.influence.h), TOLERANCE[kernelName], 'on h');
        assertClose(a, flatten(vector.expected.influence.a), TOLERANCE[kernelName], 'on a');
      });
    }
  }

  for (const kernelName of KERNEL_NAMES) {
    for (const name of CELL_PASSES) {
      test(`agrees with autograd: ${kernelName}, ${name}`, () => {
        const vector = cellVector(name);
        const kernels = kernelsOfCell(loadKernels(kernelName), vector);
        kernels.forward();
        const matrices = influence(kernels, kernels.parameters, 0);
        const { influence: expected } = vector.expected;
        assert.deepEqual(Object.keys(matrices).sort(), Object.keys(expected).sort());
        for (const [of, matrix] of Object.entries(matrices)) {
          assertClose(matrix, flatten(expected[of]), TOLERANCE[kernelName], `on ${of}`);
        }
      });
    }
  }

  test('of a stream of the batch is that of the stream alone', () => {
    const batch = randomNetwork('reference', { V: 5, H: 4, T: 6, B: 3 }, 'mean', 2);
    const alone = randomNetwork('reference', { V: 5, H: 4, T: 6, B: 1 }, 'sum', 2);
    const stream = 2;
    for (let t = 0; t < 6; t++) {
      alone.window.inputs[t] = batch.window.inputs[t * 3 + stream];
      alone.window.targets[t] = batch.window.targets[t * 3 + stream];
    }
    tensorNamed<Vector>(alone.activations, 'a').set(
      tensorNamed<Vector>(batch.activations, 'a').subarray(stream * 4, (stream + 1) * 4),
    );
    batch.forward();
    alone.forward();
    const expected = influence(alone, alone.parameters, 0);
    assertClose(influence(batch, batch.parameters, stream).h, expected.h, 1e-12, 'on h');
  });
});

suite('lag profile and memory horizon', () => {
  test('the profile is the mean along each lag', () => {
    const matrix = Float64Array.of(2, 0, 0, 6, 4, 0, 5, 8, 6);
    assert.deepEqual([...lagProfile(matrix)], [4, 7, 5]);
  });

  test('the horizon is the first lag under the share of lag 0', () => {
    const halving = Float64Array.from({ length: 12 }, (_, lag) => 0.5 ** lag);
    assert.equal(memoryHorizon(halving, HORIZON_SHARES.onePercent), 7); // 2^-7 < 1/100 < 2^-6
    assert.equal(memoryHorizon(halving, HORIZON_SHARES.oneOverE), 2); // 2^-2 < 1/e < 2^-1
  });

  test('there is none where the window is too short to see it', () => {
    assert.equal(memoryHorizon(Float64Array.of(1, 0.9, 0.8), HORIZON_SHARES.oneOverE), undefined);
    assert.equal(memoryHorizon(Float64Array.of(0, 0, 0), HORIZON_SHARES.onePercent), 0);
  });
});
