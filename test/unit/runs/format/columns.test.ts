import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { MAX_COLUMN_NAME, MAX_COLUMNS } from '../../../../src/common/limits.ts';
import { networkOf } from '../../../../src/network/network.ts';
import type { Inspection } from '../../../../src/protocol/run.ts';
import type { BucketsRecord } from '../../../../src/runs/format/bucketRecords.ts';
import { type Columns, columnsOf, MAX_COLUMNS_BYTES, UNSAID_COLUMNS } from '../../../../src/runs/format/columns.ts';
import { RecordDecoder } from '../../../../src/runs/format/recordDecoder.ts';
import { encodeColumns, encodeRecord, endOfRows, type RowsRecord } from '../../../../src/runs/format/records.ts';
import { METRIC_NAMES, NETWORK } from '../../../tanh.ts';
import { inspectionOf, rowsOf } from './recordFixtures.ts';

const OF_LSTM = columnsOf(networkOf({ cell: 'lstm', layers: 2 }));
const OF_GRU = columnsOf(networkOf({ cell: 'gru', layers: 1 }));
const JSON_TEXT = 3;

function payloadOf(frame: Uint8Array | undefined): Uint8Array {
  assert.ok(frame !== undefined);
  return frame.subarray(5, -4);
}

function decodeFrame(decoder: RecordDecoder, frame: Uint8Array | undefined): ReturnType<RecordDecoder['decode']> {
  assert.ok(frame !== undefined);
  return decoder.decode(frame[4], payloadOf(frame));
}

function textOf(json: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(json));
}

/** Every number is its column's place, so that one in a wrong place shows. */
function rowsWith({ rows: columns }: Columns, count: number): RowsRecord {
  const clock = { epoch: 1, characters: 1, elapsedMs: 1 };
  const rows = Float64Array.from({ length: count * columns.length }, (_, at) => at % columns.length);
  return { type: 'rows', firstIteration: 0, ...clock, columns, rows };
}

function bucketsWith({ rows: columns }: Columns): BucketsRecord {
  const clock = { epoch: 1, characters: 1, elapsedMs: 1, smoothedNats: 1, smoothedLosses: 8 };
  const buckets = Float32Array.from({ length: 2 * 3 * (columns.length + 1) }, (_, at) => at);
  return { type: 'buckets', firstIteration: 0, ...clock, width: 4, columns, buckets };
}

function inspectionWith({ stepNorm, stepCosine }: Columns, T: number): Inspection {
  return {
    iteration: 5,
    stepNorm: Float32Array.from({ length: stepNorm.length * T }, (_, at) => at),
    stepCosine: Float32Array.from({ length: stepCosine.length * T }, (_, at) => -at),
    inputs: new Int32Array(T).fill(1),
    targets: new Int32Array(T).fill(2),
  };
}

suite('the record of the columns', () => {
  test('is JSON that begins with its type, and names what every number is', () => {
    const frame = encodeColumns(columnsOf(NETWORK));
    assert.equal(frame[4], JSON_TEXT);
    assert.equal(
      new TextDecoder().decode(payloadOf(frame)),
      '{"type":"columns","rows":["lossNats","gradNorm","clipFactor","learningRate","gradNorm_W_xh","gradNorm_W_ah",' +
        '"gradNorm_b_h","gradNorm_W_ao","gradNorm_b_o"],"stepNorm":["W_xh","W_ah","b_h","W_ao","b_o","dh","da"],' +
        '"stepCosine":["W_xh","W_ah","b_h","W_ao","b_o"]}',
    );
  });

  for (const columns of [OF_LSTM, OF_GRU, UNSAID_COLUMNS]) {
    test(`lets rows, buckets and inspections of ${columns.rows.length} columns come back`, () => {
      const decoder = new RecordDecoder({ wanted: columns });
      assert.equal(decodeFrame(decoder, encodeColumns(columns)), 'columns');
      assert.deepEqual(decoder.present, columns);
      const event = { type: 'inspection', value: inspectionWith(columns, 3) } as const;
      for (const record of [rowsWith(columns, 4), bucketsWith(columns), event]) {
        assert.deepEqual(decodeFrame(decoder, encodeRecord(record, columns)), record);
      }
    });
  }

  test('where there is none, the five parameters of one layer of tanh are meant', () => {
    assert.deepEqual(UNSAID_COLUMNS, columnsOf(NETWORK));
    assert.deepEqual(decodeFrame(new RecordDecoder(), encodeRecord(rowsOf(2, 3))), rowsOf(2, 3));
  });

  test('holds from there on, wherever it stands', () => {
    const decoder = new RecordDecoder();
    const [before, after] = [rowsOf(0, 2), rowsWith(OF_LSTM, 2)];
    assert.deepEqual(decodeFrame(decoder, encodeRecord(before)), before);
    decodeFrame(decoder, encodeColumns(OF_LSTM));
    assert.deepEqual(decodeFrame(decoder, encodeRecord(after, OF_LSTM)), after);
    assert.equal(endOfRows(after), 2);
  });

  test('lets rows be counted without decoding them, also where its type is not the first of its fields', () => {
    const decoder = new RecordDecoder();
    const { rows, stepNorm, stepCosine } = OF_LSTM;
    assert.equal(decoder.endOfRowsIn(JSON_TEXT, textOf({ stepNorm, stepCosine, rows, type: 'columns' })), 0);
    assert.equal(decoder.endOfRowsIn(1, payloadOf(encodeRecord(rowsWith(OF_LSTM, 7), OF_LSTM))), 7);
  });

  test('a record of other columns has no place where others hold', () => {
    assert.equal(encodeRecord(rowsWith(OF_LSTM, 1)), undefined);
    assert.equal(encodeRecord(bucketsWith(OF_GRU), OF_LSTM), undefined);
    assert.equal(encodeRecord({ type: 'inspection', value: inspectionOf(1) }, OF_LSTM), undefined);
  });
});

suite('records of other columns than the run’s network has', () => {
  // The loss last, what no network of today has, and without gradNorm_W_ah.
  const foreign: Columns = {
    rows: ['gradNorm_b_o', 'weather', ...METRIC_NAMES.slice(1, 5), 'gradNorm_b_h', 'gradNorm_W_ao', 'lossNats'],
    stepNorm: ['da', 'dh', 'weather', 'W_xh'],
    stepCosine: ['b_o', 'W_xh'],
  };
  const decoder = new RecordDecoder({ present: foreign, wanted: UNSAID_COLUMNS });

  test('have their rows by name: one that is missing is NaN', () => {
    const record = decodeFrame(decoder, encodeRecord(rowsWith(foreign, 2), foreign));
    assert.ok(typeof record === 'object' && record.type === 'rows');
    assert.deepEqual(record.columns, METRIC_NAMES);
    const row = [8, 2, 3, 4, 5, NaN, 6, 7, 0];
    assert.deepEqual([...record.rows], [...row, ...row]);
    assert.equal(endOfRows(record), 2);
  });

  test('have their buckets by name, and the smoothed loss', () => {
    const record = decodeFrame(decoder, encodeRecord(bucketsWith(foreign), foreign));
    assert.ok(typeof record === 'object' && record.type === 'buckets');
    const part = [8, 2, 3, 4, 5, NaN, 6, 7, 0, 9];
    const parts = Array.from({ length: 6 }, (_, index) => part.map((at) => at + 10 * index));
    assert.deepEqual([...record.buckets], parts.flat());
    assert.equal(endOfRows(record), 8);
  });

  test('have the time steps of an inspection by name', () => {
    const value = inspectionWith(foreign, 2);
    const record = decodeFrame(decoder, encodeRecord({ type: 'inspection', value }, foreign));
    assert.ok(typeof record === 'object' && record.type === 'inspection');
    const none = [NaN, NaN];
    assert.deepEqual([...record.value.stepNorm], [6, 7, ...none, ...none, ...none, ...none, 2, 3, 0, 1]);
    assert.deepEqual([...record.value.stepCosine], [-2, -3, ...none, ...none, ...none, -0, -1]);
    assert.deepEqual(record.value.inputs, value.inputs);
  });

  test('are not taken where they would need many times their room', () => {
    const narrow: Columns = { rows: ['lossNats'], stepNorm: [], stepCosine: [] };
    const wide: Columns = {
      ...OF_LSTM,
      rows: [...OF_LSTM.rows, ...Array.from({ length: 400 }, (_, n) => `more ${n}`)],
    };
    const few = new RecordDecoder({ present: narrow, wanted: wide });
    const payload = (rows: number): Uint8Array => payloadOf(encodeRecord(rowsWith(narrow, rows), narrow));
    assert.equal(typeof few.decode(1, payload(10)), 'object');
    assert.equal(few.decode(1, payload(50_000)), 'invalid');
  });
});

suite('hostile columns', () => {
  const { rows, stepNorm, stepCosine } = UNSAID_COLUMNS;
  const named = (count: number): string[] => ['lossNats', ...Array.from({ length: count - 1 }, (_, n) => `n${n}`)];
  const wrong: Record<string, unknown> = {
    'thousands of them': { rows: named(MAX_COLUMNS + 1), stepNorm, stepCosine },
    'thousands of quantities': { rows, stepNorm: named(MAX_COLUMNS + 1), stepCosine },
    'a long name': { rows: [...rows, 'x'.repeat(MAX_COLUMN_NAME + 1)], stepNorm, stepCosine },
    'a name without a character': { rows: [...rows, ''], stepNorm, stepCosine },
    'a name twice': { rows: [...rows, 'lossNats'], stepNorm, stepCosine },
    'a parameter twice': { rows, stepNorm, stepCosine: [...stepCosine, 'W_xh'] },
    'no loss': { rows: rows.slice(1), stepNorm, stepCosine },
    'no rows at all': { stepNorm, stepCosine },
    'a number': { rows: [...rows, 7], stepNorm, stepCosine },
    'an object of a length': { rows: { length: 1, 0: 'lossNats' }, stepNorm, stepCosine },
    null: { rows: null, stepNorm, stepCosine },
  };
  for (const [what, columns] of Object.entries(wrong)) {
    test(`are not taken: ${what}`, () => {
      const payload = textOf({ type: 'columns', ...(columns as object) });
      for (const [read, unsaid] of [
        [new RecordDecoder(), UNSAID_COLUMNS],
        [new RecordDecoder({ wanted: OF_LSTM }), OF_LSTM],
      ] as const) {
        assert.equal(read.decode(JSON_TEXT, payload), 'invalid');
        assert.equal(read.endOfRowsIn(JSON_TEXT, payload), 0);
        assert.deepEqual(read.present, unsaid);
      }
    });
  }

  test('as many as there may be are taken, and no longer text than those have', () => {
    const most = Array.from({ length: MAX_COLUMNS - 1 }, (_, n) => String(n).padStart(MAX_COLUMN_NAME, 'n'));
    const columns: Columns = { rows: ['lossNats', ...most], stepNorm: most, stepCosine: most };
    const decoder = new RecordDecoder();
    assert.equal(decodeFrame(decoder, encodeColumns(columns)), 'columns');
    assert.deepEqual(decoder.present, columns);
    const padded = textOf({ type: 'columns', rows, stepNorm, stepCosine, more: ' '.repeat(MAX_COLUMNS_BYTES) });
    assert.equal(new RecordDecoder().decode(JSON_TEXT, padded), 'invalid');
  });

  test('are what a walk without decoding takes for them too, or none', () => {
    const said = JSON.stringify({ type: 'columns', rows: ['lossNats'], stepNorm: [], stepCosine: [] });
    const texts = [said.replace('columns', '\\u0063olumns'), said.replace('{', `{${' '.repeat(MAX_COLUMNS_BYTES)}`)];
    for (const text of texts) {
      const [decoding, walking] = [new RecordDecoder(), new RecordDecoder()];
      const payload = new TextEncoder().encode(text);
      assert.equal(decoding.decode(JSON_TEXT, payload), 'invalid');
      walking.endOfRowsIn(JSON_TEXT, payload);
      assert.deepEqual([decoding.present, walking.present], [UNSAID_COLUMNS, UNSAID_COLUMNS]);
    }
    const spaced = new TextEncoder().encode(said.replaceAll(':', ': '));
    const [decoding, walking] = [new RecordDecoder(), new RecordDecoder()];
    assert.equal(decoding.decode(JSON_TEXT, spaced), 'columns');
    walking.endOfRowsIn(JSON_TEXT, spaced);
    assert.deepEqual(walking.present, decoding.present);
  });
});
