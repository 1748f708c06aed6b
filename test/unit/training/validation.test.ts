import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { RandomStream } from '../../../src/common/random.ts';
import { createKernels } from '../kernels/built.ts';
import { initialize } from '../../../src/model/initialization.ts';
import type { KernelName, Kernels } from '../../../src/kernels/kernels.ts';
import type { Parameters, Shape } from '../../../src/model/tensors.ts';
import { nextValidationAt, validationShape, Validator } from '../../../src/training/validation.ts';
import { idsOf } from '../text/tokens.ts';
import { NETWORK, PARAMETER_NAMES } from '../../tanh.ts';
import { finish } from '../../../src/common/work.ts';

/** All iterations after which a run with so many iterations an epoch validates, up to `until`. */
function schedule(iterationsPerEpoch: number, until: number): number[] {
  const at: number[] = [];
  for (
    let next = nextValidationAt(0, iterationsPerEpoch);
    next <= until;
    next = nextValidationAt(next, iterationsPerEpoch)
  ) {
    at.push(next);
  }
  return at;
}

/** Kernels that measure the summed loss. */
function validating(name: KernelName, shape: Shape): Kernels {
  return createKernels(name, shape, { reduction: 'sum', optimizer: 'sgd' });
}

suite('the validation schedule', () => {
  test('doubles its distance up to a quarter of an epoch and keeps it from there', () => {
    assert.deepEqual(schedule(6400, 8000), [100, 200, 400, 800, 1600, 3200, 4800, 6400, 8000]);
  });

  test('keeps a distance of 20 iterations, however short an epoch is', () => {
    assert.deepEqual(schedule(640, 640), [20, 40, 80, 160, 320, 480, 640]);
    assert.deepEqual(schedule(2, 100), [20, 40, 60, 80, 100]);
    assert.deepEqual(schedule(1, 60), [20, 40, 60]);
  });

  test('always goes forward by at least 20 iterations, and by at most a quarter epoch more', () => {
    const count = fc.integer({ min: 0, max: 1e7 });
    fc.assert(
      fc.property(count, fc.integer({ min: 1, max: 1e6 }), (last, iterationsPerEpoch) => {
        const distance = nextValidationAt(last, iterationsPerEpoch) - last;
        assert.ok(distance >= 20 && distance <= 20 + Math.ceil(iterationsPerEpoch / 4), String(distance));
      }),
      { seed: 1 },
    );
  });
});

suite('the validation loss', () => {
  const V = 5;
  const H = 4;

  /**
   * The mean loss of B streams, each as one single window of the float64 reference. The streams share the characters as
   * evenly as whole numbers allow: stream b starts at ⌊b·n/B⌋.
   */
  function directly(parameters: Parameters, ids: Uint8Array, B: number): number {
    const measured = ids.length - 1;
    const streams = Math.min(B, measured);
    let sum = 0;
    for (let b = 0; b < streams; b++) {
      const start = Math.floor((b * measured) / streams);
      const end = Math.floor(((b + 1) * measured) / streams);
      const shape = { V, H, T: end - start, B: 1 };
      const kernels = createKernels('reference', shape, { reduction: 'sum', optimizer: 'sgd' });
      for (const name of PARAMETER_NAMES) kernels.parameters[name].set(parameters[name]);
      kernels.window.inputs.set(ids.subarray(start, end));
      kernels.window.targets.set(ids.subarray(start + 1, end + 1));
      sum += kernels.forward();
    }
    return sum / measured;
  }

  test('counts every character once and carries the state, at every length, T and B', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 2, maxLength: 60, max: V - 1 }),
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 7 }),
        (ids, T, B) => {
          const shape = validationShape({ V, H, T, B }, ids.length);
          assert.ok(shape);
          const validator = new Validator(validating('reference', shape), idsOf(ids));
          const trained = createKernels('reference', { V, H, T, B }, { reduction: 'mean', optimizer: 'adam' });
          initialize(NETWORK, trained.parameters, { H }, 'uniform', RandomStream.seeded(3, 'initialization'));
          const expected = directly(trained.parameters, ids, B);
          const measured = finish(validator.measure(trained.parameters));
          assert.ok(Math.abs(measured / expected - 1) < 1e-12, `${measured}, expected ${expected}`);
          // A second one starts from a state of zeros again.
          assert.equal(finish(validator.measure(trained.parameters)), measured);
        },
      ),
      { seed: 2, numRuns: 300 },
    );
  });

  test('is that of the parameters at its beginning, whatever training does meanwhile', () => {
    const ids = Uint8Array.from({ length: 100 }, (_, index) => (index * index) % V);
    const validator = new Validator(validating('scalar', { V, H, T: 4, B: 3 }), idsOf(ids));
    const { parameters } = createKernels('scalar', { V, H, T: 4, B: 3 }, { reduction: 'mean', optimizer: 'sgd' });
    // All weights 0: every character has the probability 1/V.
    const steps = validator.measure(parameters);
    steps.next();
    parameters.b_o[0] = 9;
    assert.ok(Math.abs(finish(steps) - Math.log(V)) < 1e-6);
  });

  test('takes as many pieces of work as it says', () => {
    const ids = new Uint8Array(101);
    const validator = new Validator(validating('scalar', { V, H, T: 4, B: 3 }), idsOf(ids));
    const { parameters } = createKernels('scalar', { V, H, T: 4, B: 3 }, { reduction: 'mean', optimizer: 'sgd' });
    assert.equal([...validator.measure(parameters)].length, validator.windows);
    assert.equal(validator.windows, Math.ceil(34 / 4));
  });

  test('needs two characters', () => {
    const shape = { V, H, T: 4, B: 3 };
    assert.equal(validationShape(shape, 0), undefined);
    assert.equal(validationShape(shape, 1), undefined);
    assert.deepEqual(validationShape(shape, 2), { V, H, T: 1, B: 1 });
    assert.deepEqual(validationShape(shape, 8), { V, H, T: 3, B: 3 });
  });
});
