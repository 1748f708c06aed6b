import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { freemem, tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, suite, test } from 'node:test';
import { CheckpointFolder } from '../../../../src/runs/disk/checkpoints.ts';
import { isLong } from '../../../run/amount.ts';
import { changedFile, headerOf } from './checkpointFixtures.ts';

/** A network whose checkpoint, with that of its candidate for validation, is larger than one call of the system reads. */
const V = 14_000;
const H = 4096;
const CALL_BYTES = 2 ** 31 - 1;
const MEMORY_BYTES = 8 * 2 ** 30;

const parent = await mkdtemp(join(tmpdir(), 'rnn-large-'));
after(() => rm(parent, { recursive: true }));

/** The shape of a tensor of the tiny fixture in the large network. */
function shapeOf(name: string, tiny: readonly number[]): number[] {
  if (name.endsWith('W_xh')) return [H, V];
  if (name.endsWith('W_ah')) return [H, H];
  if (name.endsWith('W_ao')) return [V, H];
  if (name.endsWith('b_h')) return [H];
  return name.endsWith('b_o') ? [V] : [tiny[0], H];
}

/** A checkpoint of zeros in a file that has holes for them; returns its size. */
async function putLarge(folder: string): Promise<number> {
  let size = 0;
  const small = changedFile(
    ({ __metadata__, tensors }) => {
      Object.assign(__metadata__, { V: String(V), H: String(H) });
      const inOrder = Object.entries(tensors).sort(([, one], [, other]) => one.data_offsets[0] - other.data_offsets[0]);
      for (const [name, tensor] of inOrder) {
        tensor.shape = shapeOf(name, tensor.shape);
        const begin = size;
        size += 4 * tensor.shape.reduce((product, length) => product * length, 1);
        tensor.data_offsets = [begin, size];
      }
    },
    { hasValidation: true },
  );
  const { dataStart } = headerOf(small);
  const path = join(folder, 'checkpoints', '000000000500.safetensors');
  await mkdir(join(folder, 'checkpoints'), { recursive: true });
  await writeFile(path, small.subarray(0, dataStart));
  await truncate(path, dataStart + size);
  return dataStart + size;
}

suite('a checkpoint of 3 GiB', () => {
  test('is offered by its header alone', async () => {
    const folder = join(parent, 'offered');
    assert.ok((await putLarge(folder)) > CALL_BYTES);
    const { iteration, elapsedMs } = (await new CheckpointFolder(folder).newestFacts()) ?? {};
    assert.deepEqual([iteration, elapsedMs], [500, 1234.000_000_000_1]);
  });

  test('is read whole', { skip: !isLong() || freemem() < MEMORY_BYTES }, async () => {
    const folder = join(parent, 'read');
    await putLarge(folder);
    const { checkpoint } = (await new CheckpointFolder(folder).newestReadable()) ?? {};
    assert.deepEqual(checkpoint?.shape, { V, H, T: 4, B: 2 });
    assert.equal(checkpoint.pendingValidation?.network.parameters.W_xh.length, V * H);
  });
});
