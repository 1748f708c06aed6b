import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { matrixData } from '../../../src/panel/views/tape/matrixData.ts';
import { tooManyNumbers } from '../../../src/panel/views/saveLimit.ts';
import type { MirroredRun } from '../../../src/panel/state/mirror.ts';
import type { Matrix, MatrixName } from '../../../src/protocol/study.ts';
import { description } from './fixtures.ts';
import { NETWORK } from '../../tanh.ts';

const RUN = { description: description(), network: NETWORK } as MirroredRun;

function matrix(name: MatrixName): Matrix {
  return { iteration: 7, stream: 1, t: 3, name, rows: 2, columns: 2, values: Float64Array.of(1, 2, 3, 4) };
}

describe('numbers that are saved', () => {
  it('are refused beyond two million, with how many there are and what to do', () => {
    assert.equal(tooManyNumbers(2_000_000, 'saved'), undefined);
    const text = tooManyNumbers(4096 * 4096, 'saved') ?? '';
    assert.match(text, /^These are 16\u202f777\u202f216 numbers, and at most 2\u202f000\u202f000 /);
    assert.match(text, /PNG.*rnnInspector\.hiddenSize/);
  });

  it('of a matrix are a row per row', () => {
    const { name, about, columns, rows } = matrixData(matrix('dW_ah'), RUN);
    assert.equal(name, 'text-dW_ah-7-stream-1-t-3');
    assert.equal(about.t, 3);
    assert.deepEqual(columns, ['unit', '0', '1']);
    assert.deepEqual(rows, [
      ['0', 1, 2],
      ['1', 3, 4],
    ]);
  });

  it('of a parameter belong to no step and no stream', () => {
    const { name, about } = matrixData(matrix('W_ah'), RUN);
    assert.equal(name, 'text-W_ah-7');
    assert.deepEqual(
      ['t', 'stream', 'gradients'].filter((key) => key in about),
      [],
    );
  });

  it('are put into a table only when they are read, since opening a menu asks for the data', () => {
    const { rows } = Object.getOwnPropertyDescriptors(matrixData(matrix('W_ah'), RUN));
    assert.equal(typeof rows.get, 'function');
  });
});
