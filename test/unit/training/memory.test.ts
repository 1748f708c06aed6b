import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { InputError } from '../../../src/common/inputError.ts';
import { finish } from '../../../src/common/work.ts';
import { passOfStream, type BatchStart } from '../../../src/model/streamPass.ts';
import { networkOf } from '../../../src/network/network.ts';
import { checkMemory, MEMORY_SHARE, runMemoryBytes, streamBytes, type RunSize } from '../../../src/training/memory.ts';
import { loadKernels } from '../kernels/built.ts';
import { MANY_NETWORKS } from '../model/manyNetworks.ts';
import { randomNetwork } from '../model/networks.ts';

const SIZE: RunSize = {
  cell: 'tanh',
  layers: 1,
  library: loadKernels('scalar'),
  reduction: 'mean',
  optimizer: 'adam',
  shape: { V: 65, H: 1024, T: 50, B: 64 },
  idBytes: 1_000_000,
  validationCharacters: 100_000,
};

function refusal(size: RunSize, totalBytes: number): InputError {
  try {
    checkMemory(size, totalBytes);
  } catch (error) {
    if (error instanceof InputError) return error;
    throw error;
  }
  assert.fail('it was not refused');
}

function withSize(axis: 'B' | 'H', value: number): RunSize {
  return { ...SIZE, shape: { ...SIZE.shape, [axis]: value } };
}

suite('the memory of a run', () => {
  test('holds at least parameters, gradients and the moments of the optimizer, and grows with every size', () => {
    const bytes = runMemoryBytes(SIZE);
    const parameters = 2 * 65 * 1024 + 1024 * 1024 + 1024 + 65;
    assert.ok(bytes > 4 * parameters * 4 + SIZE.idBytes);
    for (const axis of ['V', 'H', 'T', 'B'] as const) {
      const larger = { ...SIZE, shape: { ...SIZE.shape, [axis]: SIZE.shape[axis] * 2 } };
      assert.ok(runMemoryBytes(larger) > bytes, axis);
    }
    assert.ok(runMemoryBytes({ ...SIZE, library: loadKernels('reference') }) > bytes);
    assert.ok(runMemoryBytes({ ...SIZE, validationCharacters: 0 }) < bytes);
  });

  test('may be up to the stated share of the machine, and not a byte more', () => {
    const bytes = runMemoryBytes(SIZE);
    assert.equal(checkMemory(SIZE, bytes / MEMORY_SHARE), bytes);
    assert.match(refusal(SIZE, (bytes - 1) / MEMORY_SHARE).message, /50 %/);
  });

  test('is refused with both numbers and the largest halving of the batch size that fits', () => {
    const total = runMemoryBytes(withSize('B', 16)) / MEMORY_SHARE;
    const { message, remedy } = refusal(SIZE, total);
    assert.match(message, /needs about \d+\.\d\d GiB .* it may take \d+\.\d\d GiB, .* With batchSize 16 it fits\./);
    assert.deepEqual(remedy, { setting: 'batchSize', value: 16, label: 'Use batch size 16' });
  });

  test('is refused with a hidden size where no batch size fits', () => {
    const total = runMemoryBytes(withSize('H', 256)) / MEMORY_SHARE;
    assert.ok(runMemoryBytes(withSize('B', 1)) > total * MEMORY_SHARE);
    assert.deepEqual(refusal(SIZE, total).remedy, { setting: 'hiddenSize', value: 256, label: 'Use hidden size 256' });
  });

  test('is refused with words alone where neither fits', () => {
    const { message, remedy } = refusal(SIZE, 1000);
    assert.equal(remedy, undefined);
    assert.match(message, /Lower hiddenSize and batchSize\./);
  });

  test('holds for the study a window of one stream of any network, whose tensors the reference allocates', () => {
    const shape = { V: 7, H: 5, T: 40, B: 1 };
    for (const [name, network] of Object.entries(MANY_NETWORKS)) {
      const { parameters, window, reduction } = randomNetwork('reference', shape, 'mean', 1, network);
      const states = Object.fromEntries(network.states.map((state) => [state, new Float64Array(shape.H)]));
      const start = { network, shape, reduction, parameters, states, ...window } as BatchStart;
      const { activations, deltas } = finish(passOfStream(start, 0));
      const tensors = Object.values<Float64Array>({ ...activations, ...deltas });
      const allocated = tensors.reduce((bytes, { byteLength }) => bytes + byteLength, 0);
      const bytes = streamBytes(network, shape);
      assert.ok(bytes >= allocated && bytes < 2 * allocated, `${name}: ${bytes} bytes for ${allocated}`);
    }
  });

  test('holds for the study of tanh eight numbers a hidden unit and four a symbol, at every time step', () => {
    const shape = { V: 7, H: 5, T: 40, B: 3 };
    assert.equal(streamBytes(networkOf({ cell: 'tanh', layers: 1 }), shape), 8 * 40 * (8 * 5 + 4 * 7));
  });
});
