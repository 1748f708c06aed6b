import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { merged, validRecords, type ValidRecord } from '../../../../src/runs/export/validRecords.ts';
import type { RunRecord } from '../../../../src/runs/format/records.ts';
import { listed, rows, sample, validation } from './fixtures.ts';
import { METRIC_NAMES } from '../../../tanh.ts';

function valid(records: RunRecord[]): Promise<ValidRecord[]> {
  return listed(validRecords(() => records));
}

/** Iteration and loss of every row. */
function rowsOf(records: readonly ValidRecord[]): [iteration: number, loss: number][] {
  return records.flatMap((record) =>
    record.type !== 'rows'
      ? []
      : Array.from({ length: record.rows.length / METRIC_NAMES.length }, (_, i): [number, number] => [
          record.firstIteration + i,
          record.rows[i * METRIC_NAMES.length],
        ]),
  );
}

suite('records that a rewind made void', () => {
  test('are left out: rows from the iteration on that the run went on from, validations after it', async () => {
    const records = await valid([
      rows(0, 10),
      validation(5, 1),
      validation(6, 2),
      sample(5, 'x'),
      { type: 'rewind', iterations: 5 },
      rows(5, 2),
      validation(7, 3),
    ]);
    assert.deepEqual(rowsOf(records), rowsOf([rows(0, 7)]));
    const losses = records.flatMap((record) => (record.type === 'validation' ? [record.value.lossNats] : []));
    assert.deepEqual(losses, [1, 3]);
    assert.ok(!records.some(({ type }) => type === 'sample'));
  });

  test('leave what a run that went back at any moments would have kept', async () => {
    const step = fc.oneof(
      fc.record({ grow: fc.integer({ min: 1, max: 8 }) }),
      fc.record({ back: fc.integer({ min: 0, max: 12 }) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 20 }), async (steps) => {
        const records: RunRecord[] = [];
        // What a table would hold that is cut at each rewind: every row tells the step that it was written in.
        const table: number[] = [];
        for (const [index, each] of steps.entries()) {
          if ('grow' in each) {
            const numbers = new Float64Array(each.grow * METRIC_NAMES.length).fill(index);
            records.push({
              type: 'rows',
              firstIteration: table.length,
              epoch: 0,
              characters: 0,
              elapsedMs: 0,
              columns: METRIC_NAMES,
              rows: numbers,
            });
            table.push(...new Array<number>(each.grow).fill(index));
          } else {
            table.length = Math.min(table.length, each.back);
            records.push({ type: 'rewind', iterations: table.length });
          }
        }
        assert.deepEqual(
          rowsOf(await valid(records)),
          table.map((index, iteration) => [iteration, index]),
        );
      }),
      { seed: 5, numRuns: 300 },
    );
  });
});

test('rows that repeat earlier ones are left out', async () => {
  assert.deepEqual(rowsOf(await valid([rows(0, 4), rows(2, 4), rows(1, 2)])), rowsOf([rows(0, 6)]));
});

test('samples from a file of their own come among the other records by iteration', async () => {
  const asStream = async function* (records: readonly ValidRecord[]) {
    yield* await Promise.resolve(records);
  };
  const metrics = [rows(0, 5), rows(5, 5), validation(10, 1)];
  const samples = [sample(0, 'a'), sample(7, 'b'), sample(20, 'c')];
  const types = (await listed(merged(asStream(metrics), asStream(samples)))).map(({ type }) => type);
  assert.deepEqual(types, ['sample', 'rows', 'rows', 'sample', 'validation', 'sample']);
});
