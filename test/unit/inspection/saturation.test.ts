import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { RandomStream } from '../../../src/common/random.ts';
import { deadUnits, saturation } from '../../../src/inspection/saturation.ts';
import { finish } from '../../../src/common/work.ts';
import type { BatchStart } from '../../../src/model/streamPass.ts';
import type { ReferencePass } from '../../../src/model/tensors.ts';
import { randomNetwork } from '../model/networks.ts';
import { assertClose } from '../model/vectors.ts';

suite('saturation', () => {
  test('is counted by time step and by unit, of both signs, and the bound itself does not count', () => {
    // (T, H) = (3, 4)
    const a = Float64Array.of(0, 0.98, -0.98, 0.97, 0.5, 1, -0.9, -0.97, 0, -1, -0.99, 0.99);
    const { slope, byStep, byUnit } = saturation(a, 4, 'tanh');
    assert.deepEqual([...byStep], [2 / 4, 1 / 4, 3 / 4]);
    assert.deepEqual([...byUnit], [0, 3 / 3, 2 / 3, 1 / 3]);
    const factor = (...states: number[]) => states.reduce((sum, state) => sum + (1 - state ** 2) / 4, 0);
    const expected = [factor(0, 0.98, 0.98, 0.97), factor(0.5, 1, 0.9, 0.97), factor(0, 1, 0.99, 0.99)];
    assertClose(slope, expected, 1e-14, '1 − a²');
  });

  test('of ReLU is the share that is off, and the slope that of those that are on', () => {
    const a = Float64Array.of(0, 0.98, 2, 0, 0.5, 1, 0, 0);
    const { slope, byStep, byUnit } = saturation(a, 4, 'relu');
    assert.deepEqual([...byStep], [1 / 2, 1 / 2]);
    assert.deepEqual([...slope], [1 / 2, 1 / 2]);
    assert.deepEqual([...byUnit], [1 / 2, 0, 1 / 2, 1]);
  });
});

suite('dead units', () => {
  const shape = { V: 5, H: 7, T: 6, B: 37 };

  /** A random network of which some units are driven by their bias. */
  function driven(bias: Readonly<Record<number, number>>): { network: ReferencePass; start: BatchStart } {
    const network = randomNetwork('reference', shape, 'mean', 2) as unknown as ReferencePass;
    for (const [unit, value] of Object.entries(bias)) network.parameters.b_h[Number(unit)] = value;
    const state = network.activations.a.slice(0, shape.B * shape.H);
    return { network, start: { ...network, states: { a: state }, ...network.window } };
  }

  /** From the states of a whole pass. */
  function expectedOf(network: ReferencePass): number[] {
    (network as unknown as { forward(): number }).forward();
    const a = network.activations.a.subarray(shape.B * shape.H);
    return Array.from({ length: shape.H }, (_, unit) => unit).filter((unit) => {
      for (let i = unit; i < a.length; i += shape.H) if (Math.abs(a[i]) <= 0.97) return false;
      return true;
    });
  }

  const all = Array.from({ length: shape.H }, (_, unit) => unit);

  test('are those saturated at every step of every stream', () => {
    const { network, start } = driven({ 1: 30, 4: -30, 5: 2 });
    assert.deepEqual(expectedOf(network), [1, 4]);
    assert.deepEqual([...finish(deadUnits(start, { a: all })).a], [1, 4]);
    assert.deepEqual([...finish(deadUnits(start, { a: [4, 5] })).a], [4], 'among the candidates');
  });

  test('a single step of a single stream is enough to be alive', () => {
    const { network, start } = driven({ 1: 30 });
    // Only where the last stream reads symbol 4 at the last step, and nobody else does.
    const last = shape.T * shape.B - 1;
    for (let i = 0; i < last; i++) start.inputs[i] = start.inputs[i] % 4;
    start.inputs[last] = 4;
    network.parameters.W_xh[1 * shape.V + 4] = -30;
    assert.deepEqual(expectedOf(network), []);
    assert.deepEqual([...finish(deadUnits(start, { a: all })).a], []);
  });

  test('one may be dead by what it gets from another, in every stream', () => {
    const { network, start } = driven({ 1: 30 });
    // Unit 2 is 0 but for unit 1, which is 1 from the carried-in state on.
    const { W_ah, W_xh, b_h } = network.parameters;
    for (let j = 0; j < shape.H; j++) W_ah[2 * shape.H + j] = j === 1 ? 40 : 0;
    W_xh.fill(0, 2 * shape.V, 3 * shape.V);
    b_h[2] = 0;
    for (let b = 0; b < shape.B; b++) {
      start.states.a[b * shape.H + 1] = 1;
      network.activations.a[b * shape.H + 1] = 1;
    }
    assert.deepEqual(expectedOf(network), [1, 2]);
    assert.deepEqual([...finish(deadUnits(start, { a: all })).a], [1, 2]);
  });

  test('nothing is computed where no unit can be', () => {
    const { start } = driven({});
    const untouchable = new Proxy(start, { get: (_, name) => (name === 'shape' ? shape : assert.fail(String(name))) });
    assert.deepEqual([...finish(deadUnits(untouchable, { a: [] })).a], []);
  });

  test('are those of a pass of the reference, whatever drives the units', () => {
    for (let seed = 0; seed < 20; seed++) {
      const random = RandomStream.seeded(seed, 'text');
      const { network, start } = driven({ 0: 9 * random.normal(), 3: 9 * random.normal(), 6: 9 * random.normal() });
      assert.deepEqual([...finish(deadUnits(start, { a: all })).a], expectedOf(network));
    }
  });
});
