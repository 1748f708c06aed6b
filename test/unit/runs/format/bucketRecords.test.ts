import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { bucketNumbers, type BucketsRecord } from '../../../../src/runs/format/bucketRecords.ts';
import { RecordDecoder } from '../../../../src/runs/format/recordDecoder.ts';
import { encodeRecord, endOfRows } from '../../../../src/runs/format/records.ts';
import { bucketsBetween } from '../../../../src/runs/format/validPart.ts';
import { HISTORY_COLUMNS, METRIC_NAMES } from '../../../tanh.ts';
import { decodeRecord } from './recordFixtures.ts';

const BUCKET_NUMBERS = bucketNumbers(METRIC_NAMES);

function bucketsRecord(change: Partial<BucketsRecord> = {}): BucketsRecord {
  return {
    type: 'buckets',
    firstIteration: 128,
    epoch: 0.5,
    characters: 1000,
    elapsedMs: 250,
    smoothedNats: 1.25,
    smoothedLosses: 256,
    width: 64,
    columns: METRIC_NAMES,
    buckets: Float32Array.from({ length: 2 * BUCKET_NUMBERS }, (_, index) => index),
    ...change,
  };
}

function payloadOf(record: BucketsRecord): Uint8Array {
  const frame = encodeRecord(record);
  assert.ok(frame !== undefined);
  return frame.subarray(5, -4);
}

test('the bytes of buckets are those that the format says, for programs in other languages', () => {
  const record = bucketsRecord();
  const frame = encodeRecord(record);
  assert.equal(frame?.[4], 4);
  const payload = payloadOf(record);
  const view = new DataView(payload.buffer, payload.byteOffset, payload.length);
  assert.deepEqual(
    [0, 1, 2, 3, 4, 5].map((index) => view.getFloat64(8 * index, true)),
    [128, 0.5, 1000, 250, 1.25, 256],
  );
  assert.deepEqual([view.getUint32(48, true), view.getUint32(52, true)], [64, 2]);
  // The second bucket: means, then minima, then maxima.
  assert.equal(view.getFloat32(56 + 4 * (BUCKET_NUMBERS + HISTORY_COLUMNS.length), true), 40);
  assert.equal(payload.length, 56 + 4 * 2 * 3 * 10);
  assert.deepEqual(decodeRecord(4, payload), record);
  assert.deepEqual([new RecordDecoder().endOfRowsIn(4, payload), endOfRows(record)], [256, 256]);
});

test('any numbers of a bucket come back, also those that are none', () => {
  const number = fc.oneof(fc.float(), fc.constantFrom(NaN, Infinity, -Infinity));
  const buckets = fc
    .array(number, { minLength: BUCKET_NUMBERS, maxLength: BUCKET_NUMBERS })
    .map((numbers) => Float32Array.from(numbers));
  fc.assert(
    fc.property(buckets, fc.integer({ min: 1, max: 15 }), fc.nat(1000), (numbers, level, place) => {
      const width = 4 ** level;
      const record = bucketsRecord({ buckets: numbers, width, firstIteration: place * width, smoothedNats: NaN });
      assert.deepEqual(decodeRecord(4, payloadOf(record)), record);
    }),
    { seed: 6 },
  );
});

test('what contradicts the format is no record', () => {
  const wrong: Partial<BucketsRecord>[] = [
    { width: 63 },
    { width: 1 },
    { width: 4 ** 16 },
    { firstIteration: 100 },
    { firstIteration: -128 },
    { firstIteration: 2 ** 53 - 64 },
    { epoch: NaN },
    { elapsedMs: -1 },
    { smoothedNats: Infinity },
    { smoothedLosses: 0.5 },
    { buckets: new Float32Array(0) },
  ];
  for (const change of wrong) assert.equal(encodeRecord(bucketsRecord(change)), undefined, JSON.stringify(change));
  const payload = payloadOf(bucketsRecord());
  assert.equal(decodeRecord(4, payload.subarray(0, -4)), 'invalid');
  assert.equal(decodeRecord(4, payload.subarray(0, 40)), 'invalid');
  const changed = (at: number, value: number): Uint8Array => {
    const copy = Uint8Array.from(payload);
    new DataView(copy.buffer).setUint32(at, value, true);
    return copy;
  };
  for (const [at, value] of [
    [48, 60],
    [48, 0],
    [48, 2 ** 32 - 1],
    [52, 3],
    [52, 0],
  ]) {
    assert.equal(decodeRecord(4, changed(at, value)), 'invalid', `${value} at ${at}`);
  }
});

test('of buckets only those count that lie between two iterations as a whole', () => {
  const record = bucketsRecord();
  assert.equal(bucketsBetween(record, 0, 1000), record);
  assert.deepEqual(bucketsBetween(record, 129, 1000), {
    ...record,
    firstIteration: 192,
    buckets: record.buckets.subarray(BUCKET_NUMBERS),
  });
  // How the smoothed loss stood there, its mean over the bucket tells.
  assert.deepEqual(bucketsBetween(record, 0, 255), {
    ...record,
    buckets: record.buckets.subarray(0, BUCKET_NUMBERS),
    smoothedNats: 9,
  });
  assert.equal(bucketsBetween(record, 150, 255), undefined);
});
