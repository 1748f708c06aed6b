import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Levels } from '../../../src/common/levels.ts';
import { RandomStream } from '../../../src/common/random.ts';
import { amount } from '../../run/amount.ts';

const CAPACITY = 8;
const FACTOR = 4;

function filled(rows: readonly (readonly number[])[], columns: number): Levels {
  const levels = new Levels(columns, CAPACITY, FACTOR);
  for (const row of rows) levels.append(row);
  return levels;
}

test('points over all rows cover every row once and give its minimum, maximum and mean', () => {
  fc.assert(
    fc.property(fc.array(fc.float({ noNaN: true, noDefaultInfinity: true }), { maxLength: 700 }), (drawn) => {
      const values = drawn.map((value) => value + 0); // Adding 0 makes −0 into 0, which a sum does too.
      const points = filled(
        values.map((value) => [0, value]),
        2,
      ).points(1, 0, values.length, CAPACITY);
      assert.ok(points.row.length <= CAPACITY);
      let covered = 0;
      for (let point = 0; point < points.row.length; point++) {
        // `row` is the middle of the rows that a point stands for, which follow the rows of the point before.
        const end = Math.round(2 * points.row[point] + 1 - covered);
        const part = values.slice(covered, end);
        assert.equal(points.minimum[point], Math.fround(Math.min(...part)));
        assert.equal(points.maximum[point], Math.fround(Math.max(...part)));
        const mean = part.reduce((sum, value) => sum + value / part.length, 0);
        const scale = Math.max(...part.map(Math.abs), 1e-30);
        assert.ok(Math.abs(points.mean[point] - mean) <= 1e-5 * scale);
        covered = end;
      }
      assert.equal(covered, values.length);
    }),
    { seed: 1 },
  );
});

test('a snapshot restores to the same points and goes on the same', () => {
  fc.assert(
    fc.property(fc.nat(600), fc.nat(200), (before, after) => {
      const random = RandomStream.seeded(before, 'text');
      const original = filled(
        Array.from({ length: before }, () => [random.uniform(), random.uniform()]),
        2,
      );
      const restored = Levels.fromSnapshot(structuredClone(original.snapshot()));
      for (let row = 0; row < after; row++) {
        const values = [random.uniform(), random.uniform()];
        original.append(values);
        restored.append(values);
      }
      assert.deepEqual(restored.snapshot(), original.snapshot());
      assert.deepEqual(restored.points(1, 0, 1e9, 20), original.points(1, 0, 1e9, 20));
    }),
    { seed: 2 },
  );
});

test('a snapshot whose parts contradict each other is refused', () => {
  const snapshot = filled([[1], [2], [3]], 1).snapshot();
  const [level] = snapshot.levels;
  assert.throws(() => Levels.fromSnapshot({ ...snapshot, levels: [{ ...level, completed: 5 }] }), RangeError);
});

test('the newest rows are kept exactly and the newest value is the last one appended', () => {
  const levels = filled(
    Array.from({ length: 50 }, (_, row) => [row, -row]),
    2,
  );
  assert.equal(levels.newest(1), -49);
  const look = levels.points(0, 44, 48, 100);
  assert.deepEqual([...look.row], [44, 45, 46, 47]);
});

const ROWS = amount(10_000_000, 1_000_000, 'rows of a table of numbers');

test(`${ROWS} rows of ten columns stay far under 50 MB and reach back to the first`, () => {
  const levels = new Levels(10);
  const row = new Float64Array(10);
  for (let index = 0; index < ROWS; index++) {
    row[0] = index;
    levels.append(row);
  }
  assert.ok(levels.byteLength < 10 * 2 ** 20, `${levels.byteLength} bytes`);
  const points = levels.points(0, 0, ROWS, 2000);
  assert.ok(points.row.length <= 2000 && points.row.length > 500);
  assert.equal(points.minimum[0], 0);
  assert.equal(points.maximum[points.maximum.length - 1], Math.fround(ROWS - 1));
});

test('a value that is not finite shows as not finite in every level', () => {
  const levels = filled(
    Array.from({ length: 200 }, (_, row) => [row === 13 ? NaN : row]),
    1,
  );
  const points = levels.points(0, 0, 200, CAPACITY);
  assert.ok(Number.isNaN(points.mean[0]));
  assert.ok(Number.isFinite(points.mean[points.mean.length - 1]));
});

test('rows that are skipped are rows of NaN, and cost no more, however many they are', () => {
  fc.assert(
    fc.property(fc.nat(400), fc.nat(700), fc.nat(300), (before, skipped, after) => {
      const random = RandomStream.seeded(before, 'text');
      const [known, later] = [before, after].map((count) =>
        Array.from({ length: count }, () => [random.uniform(), random.uniform()]),
      );
      const one = filled(known, 2);
      one.skip(skipped);
      const other = filled([...known, ...Array.from({ length: skipped }, () => [NaN, NaN])], 2);
      for (const row of later) for (const levels of [one, other]) levels.append(row);
      // As plain numbers: of NaN there are several in bytes.
      const [plain, expected] = [one, other].map((levels) => {
        const { rows, levels: all } = levels.snapshot();
        return { rows, levels: all.map(({ completed, kept }) => [completed, ...kept]) };
      });
      assert.deepEqual(plain, expected);
    }),
    { seed: 1 },
  );
  const long = new Levels(3);
  long.append([1, 2, 3]);
  long.skip(2 ** 40);
  assert.equal(long.rows, 2 ** 40 + 1);
  assert.ok(long.byteLength < 50e6, `${long.byteLength} bytes`);
  assert.deepEqual([...long.points(0, 0, long.rows, 100).mean].slice(0, 2), [NaN, NaN]);
});

test('buckets of several rows show what their rows would, as far as they go', () => {
  // Runs of buckets of any width, then rows, as a run that is read from its folder has them.
  const part = fc.record({ level: fc.integer({ min: 1, max: 3 }), count: fc.integer({ min: 1, max: 12 }) });
  fc.assert(
    fc.property(fc.array(part, { maxLength: 5 }), fc.nat(60), fc.nat(1000), (parts, after, seed) => {
      const random = RandomStream.seeded(seed, 'text');
      const values: number[] = [];
      const levels = new Levels(1, CAPACITY, FACTOR);
      const grow = (count: number): number[] => {
        const grown = Array.from({ length: count }, () => Math.fround(random.uniform()));
        values.push(...grown);
        return grown;
      };
      for (const { level, count } of parts) {
        const width = FACTOR ** level;
        while (levels.rows % width !== 0) levels.append(grow(1));
        const buckets = Array.from({ length: count }, () => grow(width)).flatMap((rows) => [
          rows.reduce((sum, value) => sum + value) / width,
          Math.min(...rows),
          Math.max(...rows),
        ]);
        levels.appendBuckets(width, Float32Array.from(buckets));
      }
      for (const row of grow(after)) levels.append([row]);
      assert.equal(levels.rows, values.length);
      for (const read of [levels, Levels.fromSnapshot(structuredClone(levels.snapshot()))]) {
        for (const { width, first, end, slice } of read.levels.map((level) => ({
          width: level.width,
          first: level.first,
          end: level.end,
          slice: (bucket: number) => level.slice(bucket, bucket + 1),
        }))) {
          assert.equal(end, Math.floor(values.length / width));
          for (let bucket = first; bucket < end; bucket++) {
            const rows = values.slice(bucket * width, (bucket + 1) * width);
            const [mean, least = mean, greatest = mean] = slice(bucket);
            assert.deepEqual([least, greatest], [Math.min(...rows), Math.max(...rows)]);
            assert.ok(Math.abs(mean - rows.reduce((sum, value) => sum + value) / width) < 1e-5);
          }
        }
        // The coarsest level reaches back to the first row, whatever the others forgot.
        assert.equal(read.levels.at(-1)?.first, 0);
        const { minimum, maximum } = read.points(0, 0, values.length, CAPACITY);
        assert.deepEqual([Math.min(...minimum), Math.max(...maximum)], [Math.min(...values), Math.max(...values)]);
        const newest = levels.newest(0);
        assert.ok(values.length === 0 ? Number.isNaN(newest) : newest > 0);
      }
    }),
    { seed: 7, numRuns: 300 },
  );
  const levels = new Levels(1, CAPACITY, FACTOR);
  levels.append([1]);
  assert.throws(() => levels.appendBuckets(4, Float32Array.of(1, 1, 1)), RangeError);
  assert.throws(() => new Levels(1, CAPACITY, FACTOR).appendBuckets(8, Float32Array.of(1, 1, 1)), RangeError);
});
