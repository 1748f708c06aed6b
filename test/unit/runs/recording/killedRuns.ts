import assert from 'node:assert/strict';
import { CheckpointFolder } from '../../../../src/runs/disk/checkpoints.ts';
import { withFolderRun } from '../../../../src/runs/export/folderRun.ts';
import { METRIC_NAMES } from '../../../tanh.ts';

/** What tests of killed programs look for in a run's folder. */

/** Every row that holds, (iterations, METRIC_NAMES), and nothing missing among them. */
export function rowsIn(folder: string): Promise<Float64Array> {
  return withFolderRun(folder, async (run) => {
    const batches: Float64Array[] = [];
    let next = 0;
    for await (const record of run.records()) {
      if (record.type !== 'rows') continue;
      assert.equal(record.firstIteration, next, 'rows follow one another');
      batches.push(record.rows);
      next += record.rows.length / METRIC_NAMES.length;
    }
    const rows = new Float64Array(next * METRIC_NAMES.length);
    let at = 0;
    for (const batch of batches) {
      rows.set(batch, at);
      at += batch.length;
    }
    return rows;
  });
}

/** Whether `rows` are the first ones of `others`, to the bit. */
export function assertBeginsWith(others: Float64Array, rows: Float64Array): void {
  assert.ok(rows.length > 0 && rows.length <= others.length);
  const bytes = (array: Float64Array) => Buffer.from(array.buffer, array.byteOffset, rows.byteLength);
  if (bytes(others).equals(bytes(rows))) return;
  const at = rows.findIndex((value, index) => !Object.is(value, others[index]));
  assert.fail(
    `${METRIC_NAMES[at % METRIC_NAMES.length]} of iteration ${Math.floor(at / METRIC_NAMES.length)} is ${rows[at]}, not ${others[at]}`,
  );
}

/** Reads every checkpoint; returns the iterations of those that are there, the newest first. */
export async function checkpointsIn(folder: string): Promise<number[]> {
  const checkpoints = new CheckpointFolder(folder);
  const infos = await checkpoints.list();
  for (const info of infos) await checkpoints.read(info);
  return infos.map(({ iteration }) => iteration);
}
