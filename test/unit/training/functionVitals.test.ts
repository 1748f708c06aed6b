import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { functionVitals } from '../../../src/training/vitals.ts';
import { networkOf, type NetworkChoice } from '../../../src/network/network.ts';
import { functionsOf } from '../../../src/network/functions.ts';

const [T, B, H] = [3, 2, 4];

/**
 * What is counted of a pass that was made by hand: of every function the number that a unit gives at a time step of a stream, and of
 * what is carried in always one that is saturated.
 */
function counted(choice: NetworkChoice, give: (name: string, unit: number, t: number, b: number) => number) {
  const network = networkOf(choice);
  const activations = Object.fromEntries(
    functionsOf(network).map(({ gives }) => {
      const carried = network.states.includes(gives) ? B * H : 0;
      const given = Float64Array.from({ length: T * B * H }, (_, at) =>
        give(gives, at % H, Math.floor(at / (B * H)), Math.floor(at / H) % B),
      );
      return [gives, Float64Array.of(...new Float64Array(carried).fill(-1), ...given)];
    }),
  );
  return functionVitals({ network, shape: { V: 2, H, T, B }, activations } as unknown as Parameters<
    typeof functionVitals
  >[0]);
}

suite('of every function is counted', () => {
  test('of tanh where |a| is above 0.97, of all steps but not of what is carried in, and the units that are so throughout', () => {
    // Unit 0 always, at either end; unit 1 always but once; unit 2 never; unit 3 at the first step.
    const value = (unit: number, t: number, b: number): number =>
      [b === 0 ? 0.98 : -0.98, t === 2 && b === 1 ? 0.97 : 0.99, 0.5, t === 0 ? 1 : 0][unit];
    const vitals = counted({ cell: 'tanh', layers: 1 }, (_, unit, t, b) => value(unit, t, b));
    assert.equal(vitals.saturation, (6 + 5 + 0 + 2) / (T * B * H));
    assert.deepEqual(vitals.functions, { a: { saturated: 0.541667, dead: 0.25 } });
  });

  test('of ReLU where it is off', () => {
    const vitals = counted({ cell: 'relu', layers: 1 }, (_, unit, t) => [0, t, 7, 1e-9][unit]);
    assert.equal(vitals.saturation, (6 + 2) / (T * B * H));
    assert.deepEqual(vitals.functions, { a: { saturated: 0.333333, dead: 0.25 } });
  });

  test('of an LSTM every gate by its two ends, which do not count in the whole, and each tanh of each layer', () => {
    const of: Readonly<Record<string, readonly number[]>> = {
      f: [0.99, 0.99, 0.99, 0.01],
      q: [0.01, 0.01, 0.5, 0.5],
      g: [0.99, 0, 0, 0],
      s: [0, 0, 0, 0],
      'g.2': [0, 0, 0, 0],
      's.2': [-1, 1, 0, 0],
    };
    const vitals = counted({ cell: 'lstm', layers: 2 }, (name, unit) => (of[name] ?? [0.5, 0.5, 0.5, 0.5])[unit]);
    assert.equal(vitals.saturation, 1 / 8);
    const functions = vitals.functions ?? {};
    assert.deepEqual(Object.keys(functions).join(), 'i,f,g,q,s,i.2,f.2,g.2,q.2,s.2');
    assert.deepEqual(functions.f, { saturated: 1, open: 0.75, dead: 1 });
    assert.deepEqual(functions.q, { saturated: 0.5, open: 0, dead: 0.5 });
    assert.deepEqual(functions['q.2'], { saturated: 0, open: 0, dead: 0 });
    assert.deepEqual(functions.g, { saturated: 0.25, dead: 0.25 });
    assert.deepEqual(functions['s.2'], { saturated: 0.5, dead: 0.5 });
  });

  test('of a cell with nothing but gates these gates', () => {
    const vitals = counted({ cell: 'mingru', layers: 1 }, (_, unit) => [0.01, 0.99, 0.99, 0.5][unit]);
    assert.equal(vitals.saturation, 0.75);
    assert.deepEqual(vitals.functions, { z: { saturated: 0.75, open: 0.5, dead: 0.75 } });
  });
});
