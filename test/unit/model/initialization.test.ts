import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { RandomStream } from '../../../src/common/random.ts';
import { initialize, type InitializationName } from '../../../src/model/initialization.ts';
import { allocateFloat32, allocateFloat64, allocateTensors, parameterSizes } from '../../../src/model/tensors.ts';
import { NETWORK } from '../../tanh.ts';

const shape = { V: 30, H: 48 };

function initialized(kind: InitializationName, seed = 1) {
  const parameters = allocateTensors(parameterSizes(NETWORK, shape), allocateFloat64);
  initialize(NETWORK, parameters, shape, kind, RandomStream.seeded(seed, 'initialization'));
  return parameters;
}

function moments(values: Float64Array): { mean: number; deviation: number; largest: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return { mean, deviation: Math.sqrt(variance), largest: Math.max(...values.map(Math.abs)) };
}

function assertUniform(values: Float64Array, bound: number): void {
  const { mean, deviation, largest } = moments(values);
  const deviationOfUniform = bound / Math.sqrt(3);
  assert.ok(largest <= bound && largest > 0.9 * bound, `largest ${largest}, bound ${bound}`);
  assert.ok(Math.abs(mean) < (4 * deviationOfUniform) / Math.sqrt(values.length), `mean ${mean}`);
  assert.ok(Math.abs(deviation / deviationOfUniform - 1) < 0.2, `deviation ${deviation}`);
}

function assertNormal(values: Float64Array, expectedDeviation: number): void {
  const { mean, deviation, largest } = moments(values);
  assert.ok(Math.abs(mean) < (4 * expectedDeviation) / Math.sqrt(values.length), `mean ${mean}`);
  assert.ok(Math.abs(deviation / expectedDeviation - 1) < 0.1, `deviation ${deviation}`);
  assert.ok(largest > 2.5 * expectedDeviation, `largest ${largest}: a normal distribution has tails`);
}

function assertZero(values: Float64Array): void {
  assert.ok(values.every((value) => value === 0));
}

/** The largest difference of W Wᵀ from the identity matrix. */
function distanceFromOrthogonal(W: Float64Array, n: number): number {
  let largest = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      let inner = 0;
      for (let k = 0; k < n; k++) inner += W[i * n + k] * W[j * n + k];
      largest = Math.max(largest, Math.abs(inner - (i === j ? 1 : 0)));
    }
  }
  return largest;
}

suite('initialization', () => {
  const bound = 1 / Math.sqrt(shape.H);

  test('uniform: all parameters within ±1/√H', () => {
    for (const parameter of Object.values(initialized('uniform'))) assertUniform(parameter, bound);
  });

  test('normal: weights of deviation 0.01, biases 0', () => {
    const { W_xh, W_ah, b_h, W_ao, b_o } = initialized('normal');
    for (const W of [W_xh, W_ah, W_ao]) assertNormal(W, 0.01);
    for (const b of [b_h, b_o]) assertZero(b);
  });

  test('orthogonal: W_ah has orthonormal rows, input and output weights are uniform, biases 0', () => {
    const { W_xh, W_ah, b_h, W_ao, b_o } = initialized('orthogonal');
    assert.ok(distanceFromOrthogonal(W_ah, shape.H) < 1e-12);
    for (const W of [W_xh, W_ao]) assertUniform(W, bound);
    for (const b of [b_h, b_o]) assertZero(b);
  });

  test('orthogonal: as many matrices reflect as rotate, and none is preferred', () => {
    // Of uniformly distributed orthogonal 2×2 matrices half are reflections, and every entry has mean 0 and variance 1/2.
    const count = 2000;
    let reflections = 0;
    const first = new Float64Array(count);
    for (let seed = 0; seed < count; seed++) {
      const parameters = allocateTensors(parameterSizes(NETWORK, { V: 1, H: 2 }), allocateFloat64);
      initialize(NETWORK, parameters, { H: 2 }, 'orthogonal', RandomStream.seeded(seed, 'initialization'));
      const [a, b, c, d] = parameters.W_ah;
      if (a * d - b * c < 0) reflections++;
      first[seed] = a;
    }
    const { mean, deviation } = moments(first);
    assert.ok(Math.abs(reflections / count - 0.5) < 4 * Math.sqrt(0.25 / count), `${reflections} reflections`);
    assert.ok(Math.abs(mean) < 4 * Math.sqrt(0.5 / count), `mean ${mean}`);
    assert.ok(Math.abs(deviation ** 2 - 0.5) < 0.05, `deviation ${deviation}`);
  });

  test('identity: W_ah is the identity matrix, the other weights small, biases 0', () => {
    const { W_xh, W_ah, b_h, W_ao, b_o } = initialized('identity');
    W_ah.forEach((value, at) => assert.equal(value, at % (shape.H + 1) === 0 ? 1 : 0));
    for (const W of [W_xh, W_ao]) assertNormal(W, 0.01);
    for (const b of [b_h, b_o]) assertZero(b);
  });

  test('depends on the seed and not on the float type', () => {
    for (const kind of ['uniform', 'normal', 'orthogonal', 'identity'] as const) {
      const float64 = initialized(kind, 7);
      const float32 = allocateTensors(parameterSizes(NETWORK, shape), allocateFloat32);
      initialize(NETWORK, float32, shape, kind, RandomStream.seeded(7, 'initialization'));
      assert.deepEqual(float32.W_ao, Float32Array.from(float64.W_ao));
      assert.deepEqual(float32.W_ah, Float32Array.from(float64.W_ah));
      assert.notDeepEqual(initialized(kind, 8).W_ao, float64.W_ao);
    }
  });
});
