import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import * as v from 'valibot';
import { InputError } from '../../../src/common/inputError.ts';
import { finish } from '../../../src/common/work.ts';
import type { CellName } from '../../../src/network/cells.ts';
import { networkOf } from '../../../src/network/network.ts';
import { comparedReaches } from '../../../src/network/reach.ts';
import { Memory, Spectrum, type Capture } from '../../../src/protocol/study.ts';
import { assertClose, cellVector, flatten, type CellVector } from '../model/vectors.ts';
import { PLAIN_DESCENT, windowStudyOf } from './windowStudyCaptures.ts';

/** The vectors' parameters are rounded to float32 in a capture. */
const ROUNDED = 2e-5;
const ITERATION = 7;

/** What a network of the vectors is about to compute, with other parameters where they are given. */
function captureOf(
  vector: CellVector,
  cell: CellName,
  others: Readonly<Record<string, readonly number[]>> = {},
): Capture {
  const { V, H, T, B, layers, reduction, params, states, inputs, targets } = vector;
  const network = networkOf({ cell, layers });
  const inOrder = (ids: readonly (readonly number[])[]) =>
    Int32Array.from({ length: T * B }, (_, at) => ids[at % B][Math.floor(at / B)]);
  return {
    iteration: ITERATION,
    cell,
    layers,
    shape: { V, H, T, B },
    reduction,
    parameters: Float32Array.from(
      network.parameterNames.flatMap((name) => [...(others[name] ?? flatten(params[name]))]),
    ),
    states: Float32Array.from(network.states.flatMap((state) => [...flatten(states[state])])),
    inputs: inOrder(inputs),
    targets: inOrder(targets),
    positions: new Float64Array(B),
    optimizer: PLAIN_DESCENT,
  };
}

const VECTORS = [
  ['lstm-l2-v9-h6-t8-b2-sum', 'lstm'],
  ['gru-l2-v9-h6-t8-b2-mean', 'gru'],
  ['mingru-l1-v11-h8-t9-b3-mean', 'mingru'],
  ['tanh-l3-v9-h6-t8-b2-mean', 'tanh'],
  ['relu-l1-v11-h8-t9-b3-mean', 'relu'],
] as const;

function memoryOf(name: string, cell: CellName): Memory {
  const study = windowStudyOf(captureOf(cellVector(name), cell));
  return v.parse(Memory, finish(study.memory({ iteration: ITERATION, stream: 0 })));
}

suite('the memory of a network of any cell', () => {
  for (const [name, cell] of VECTORS) {
    test(`is that of autograd at every state and layer: ${name}`, () => {
      const { reaches, longestLived } = memoryOf(name, cell);
      const { influence } = cellVector(name).expected;
      assert.deepEqual(Object.keys(reaches).sort(), Object.keys(influence).sort());
      for (const [of, { influence: measured }] of Object.entries(reaches)) {
        assertClose(measured, flatten(influence[of]), ROUNDED, `on ${of}`, 1e-9);
      }
      assert.ok(comparedReaches(networkOf({ cell, layers: cellVector(name).layers })).includes(longestLived));
    });
  }

  test('has the numbers of every function, from the first step of the window on', () => {
    const vector = cellVector('lstm-l2-v9-h6-t8-b2-sum');
    const { units } = memoryOf('lstm-l2-v9-h6-t8-b2-sum', 'lstm');
    assert.deepEqual(Object.keys(units), ['i', 'f', 'g', 'q', 's', 'i.2', 'f.2', 'g.2', 'q.2', 's.2']);
    const { T, H, B } = vector;
    for (const [name, { values, slope }] of Object.entries(units)) {
      const ofBatch = flatten(vector.expected.forward[name]);
      const expected = Array.from({ length: T * H }, (_, at) => ofBatch[Math.floor(at / H) * B * H + (at % H)]);
      assertClose(values, expected, ROUNDED, name, 1e-6);
      const slopeAt = (value: number): number => (/[gs]/.test(name) ? 1 - value * value : value * (1 - value));
      const mean = expected.slice(0, H).reduce((sum, value) => sum + slopeAt(value) / H, 0);
      assertClose([slope[0]], [mean], ROUNDED, `slope of ${name}`, 1e-6);
    }
    const first = memoryOf('tanh-l3-v9-h6-t8-b2-mean', 'tanh').units['a.2'].values;
    assert.equal(first.length, 8 * 6);
  });

  test('has the direct path of every state that is carried over by itself', () => {
    const memory = memoryOf('lstm-l2-v9-h6-t8-b2-sum', 'lstm');
    assert.deepEqual(Object.keys(memory.directPaths), ['c', 'c.2']);
    const { directProfile, othersProfile } = memory.directPaths['c.2'];
    assertClose([directProfile[0]], [memory.reaches['c.2'].lagProfile[0]], 1e-12, 'lag 0');
    assert.equal(othersProfile[0], 0);
    const only = memoryOf('mingru-l1-v11-h8-t9-b3-mean', 'mingru');
    assert.deepEqual(only.directPaths.a.directProfile, only.reaches.a.lagProfile);
  });
});

suite('the spectrum of a chosen weight', () => {
  const name = 'lstm-l2-v9-h6-t8-b2-sum';
  const vector = cellVector(name);
  const { H } = vector;
  const diagonal = Array.from({ length: H }, (_, i) => (i + 1) / 4);
  const matrix = Array.from({ length: H * H }, (_, at) => (at % (H + 1) === 0 ? diagonal[Math.floor(at / H)] : 0));
  const study = windowStudyOf(captureOf(vector, 'lstm', { 'W_af.2': matrix }));

  test('is that of its matrix before the iteration', () => {
    const spectrum = v.parse(Spectrum, finish(study.spectrumOf({ iteration: ITERATION, name: 'W_af.2' })));
    const falling = diagonal.toReversed();
    assert.equal(spectrum.name, 'W_af.2');
    assertClose(
      spectrum.eigenvalues,
      falling.flatMap((value) => [value, 0]),
      1e-12,
      'eigenvalues',
    );
    assertClose(spectrum.singularValues, falling, 1e-12, 'singular values');
  });

  test('of none chosen is that of the first', () => {
    const first = finish(study.spectrum({ iteration: ITERATION }));
    assert.deepEqual(first, finish(study.spectrumOf({ iteration: ITERATION, name: 'W_ai' })));
  });

  test('is refused of what is no recurrent weight', () => {
    for (const wrong of ['W_xf', 'W_af.3', 'toString']) {
      assert.throws(() => finish(study.spectrumOf({ iteration: ITERATION, name: wrong })), InputError);
    }
  });

  test('is empty of a network that has no recurrent weight', () => {
    const without = windowStudyOf(captureOf(cellVector('mingru-l1-v11-h8-t9-b3-mean'), 'mingru'));
    const spectrum = v.parse(Spectrum, finish(without.spectrum({ iteration: ITERATION })));
    assert.deepEqual([spectrum.name, spectrum.eigenvalues.length, spectrum.spectralRadius], [null, 0, 0]);
  });
});
