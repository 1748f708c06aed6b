import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { networkOf } from '../../../src/network/network.ts';
import { packInspections, packSamples, unpackInspections, unpackSamples } from '../../../src/protocol/batches.ts';
import { PARAMETER_NAMES, STEP_QUANTITIES } from '../../tanh.ts';

const numbers = (length: number): fc.Arbitrary<Float32Array<ArrayBuffer>> =>
  fc
    .array(fc.float({ noNaN: true }), { minLength: length, maxLength: length })
    .map((values) => new Float32Array(values));
const ids = (length: number): fc.Arbitrary<Int32Array<ArrayBuffer>> =>
  fc.array(fc.nat(), { minLength: length, maxLength: length }).map((values) => new Int32Array(values));
/** Objects as the code under test makes them, with a prototype. */
const PLAIN = { noNullPrototype: true };

test('what is packed is unpacked the same', () => {
  const inspections = fc.integer({ min: 1, max: 6 }).chain((T) =>
    fc.array(
      fc.record(
        {
          iteration: fc.nat(),
          stepNorm: numbers(STEP_QUANTITIES.length * T),
          stepCosine: numbers(PARAMETER_NAMES.length * T),
          inputs: ids(T),
          targets: ids(T),
        },
        PLAIN,
      ),
      { maxLength: 5 },
    ),
  );
  const samples = fc.array(
    fc.array(fc.string({ minLength: 1 }), { maxLength: 5 }).chain((characters) =>
      fc.record(
        {
          iteration: fc.nat(),
          prompt: fc.string(),
          temperature: fc.constant(0.8),
          topK: fc.constant(0),
          characters: fc.constant(characters),
          probability: numbers(characters.length),
        },
        PLAIN,
      ),
    ),
    { maxLength: 5 },
  );
  fc.assert(
    fc.property(inspections, samples, (someInspections, someSamples) => {
      assert.deepEqual(unpackInspections(packInspections(someInspections)), someInspections);
      assert.deepEqual(unpackSamples(packSamples(someSamples)), someSamples);
    }),
    { seed: 3 },
  );
});

test('inspections of a network of other quantities come back: their lengths say how many there are', () => {
  const T = 4;
  const { parameterNames, stepQuantities } = networkOf({ cell: 'lstm', layers: 2 });
  const each = [3, 8].map((iteration) => ({
    iteration,
    stepNorm: Float32Array.from({ length: stepQuantities.length * T }, (_, at) => iteration + at),
    stepCosine: Float32Array.from({ length: parameterNames.length * T }, (_, at) => iteration - at),
    inputs: Int32Array.of(0, 1, 2, iteration),
    targets: Int32Array.of(1, 2, iteration, 0),
  }));
  assert.deepEqual(unpackInspections(packInspections(each)), each);
  const batch = packInspections(each);
  assert.throws(() => unpackInspections({ ...batch, stepNorm: batch.stepNorm.subarray(1) }), RangeError);
});

test('a batch whose arrays arrived empty is refused, not taken for zeros', () => {
  const T = 4;
  const batch = packInspections([
    {
      iteration: 1,
      stepNorm: new Float32Array(STEP_QUANTITIES.length * T),
      stepCosine: new Float32Array(PARAMETER_NAMES.length * T),
      inputs: new Int32Array(T),
      targets: new Int32Array(T),
    },
  ]);
  assert.throws(() => unpackInspections({ ...batch, stepNorm: new Float32Array(0) }), RangeError);
  assert.throws(() => unpackInspections({ ...batch, inputs: new Int32Array(0) }), RangeError);
  const sample = {
    iteration: 0,
    prompt: '',
    temperature: 1,
    topK: 0,
    characters: ['a'],
    probability: new Float32Array(1),
  };
  assert.throws(() => unpackSamples({ ...packSamples([sample]), probability: new Float32Array(0) }), RangeError);
});
