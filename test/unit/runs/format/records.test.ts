import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { encodeFrame, FrameReader, MAGIC, MAX_PAYLOAD_BYTES } from '../../../../src/runs/format/recordFrames.ts';
import { encodeRecord, type RunRecord } from '../../../../src/runs/format/records.ts';
import { decodeRecord, fileOf, framesOf, inspectionOf, recordsOf, rowsOf, sampleOf } from './recordFixtures.ts';
import { METRIC_NAMES, PARAMETER_NAMES, STEP_QUANTITIES } from '../../../tanh.ts';

const PLAIN = { noNullPrototype: true };
const iteration = fc.oneof(fc.nat(), fc.maxSafeNat());
const finite = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);
const amount = fc.double({ min: 0, max: 1e15, noNaN: true });

function floats<A>(length: number, arrayOf: (values: number[]) => A, value: fc.Arbitrary<number>): fc.Arbitrary<A> {
  return fc.array(value, { minLength: length, maxLength: length }).map(arrayOf);
}
const float32 = (length: number, value: fc.Arbitrary<number> = fc.float()): fc.Arbitrary<Float32Array<ArrayBuffer>> =>
  floats(length, (values) => new Float32Array(values), value);
const ids = (length: number): fc.Arbitrary<Int32Array<ArrayBuffer>> =>
  floats(length, (values) => new Int32Array(values), fc.nat());

const rows = fc.nat({ max: 5 }).chain((count) =>
  fc.record(
    {
      type: fc.constant('rows' as const),
      firstIteration: iteration,
      epoch: amount,
      characters: amount,
      elapsedMs: amount,
      columns: fc.constant(METRIC_NAMES),
      rows: floats(count * METRIC_NAMES.length, (values) => new Float64Array(values), fc.double()),
    },
    PLAIN,
  ),
);
const inspections = fc.integer({ min: 1, max: 6 }).chain((T) =>
  fc.record(
    {
      type: fc.constant('inspection' as const),
      value: fc.record(
        {
          iteration,
          stepNorm: float32(STEP_QUANTITIES.length * T),
          stepCosine: float32(PARAMETER_NAMES.length * T),
          inputs: ids(T),
          targets: ids(T),
        },
        PLAIN,
      ),
    },
    PLAIN,
  ),
);
const samples = fc.array(fc.string({ minLength: 1, unit: 'grapheme' }), { maxLength: 5 }).chain((characters) =>
  fc.record(
    {
      type: fc.constant('sample' as const),
      value: fc.record(
        {
          iteration,
          prompt: fc.string({ unit: 'grapheme' }),
          temperature: fc.constant(0.8),
          topK: fc.nat(),
          characters: fc.constant(characters),
          // JSON has one zero and no infinity; a probability is neither.
          probability: float32(
            characters.length,
            fc.float({ min: 0, max: 1 }).map((value) => value + 0),
          ),
        },
        PLAIN,
      ),
    },
    PLAIN,
  ),
);
const validations = fc.record(
  {
    type: fc.constant('validation' as const),
    value: fc.record({ iteration, lossNats: finite, characters: fc.nat() }, PLAIN),
  },
  PLAIN,
);
const rewinds = fc.record({ type: fc.constant('rewind' as const), iterations: iteration }, PLAIN);
const anyRecord = fc.oneof(rows, inspections, samples, validations, rewinds);

function payloadOf(record: RunRecord): Uint8Array {
  return framesOf([record])[0].slice(5, -4);
}

function decodeAll(pieces: Iterable<Uint8Array>, size?: number): ReturnType<typeof decodeRecord>[] {
  const reader = new FrameReader(0, size);
  return [...pieces].flatMap((piece) => reader.push(piece).map(({ kind, payload }) => decodeRecord(kind, payload)));
}

test('what is encoded is decoded the same, however the file is cut into pieces', () => {
  fc.assert(
    fc.property(
      fc.array(anyRecord, { maxLength: 6 }),
      fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 20 }),
      (records, lengths) => {
        const file = fileOf(records);
        const pieces: Uint8Array[] = [];
        for (let at = 0; at < file.length;) {
          const piece = file.slice(at, at + lengths[pieces.length % lengths.length]);
          pieces.push(piece);
          at += piece.length;
        }
        assert.deepEqual(decodeAll(pieces), records);
        assert.deepEqual(decodeAll([file], file.length), records);
      },
    ),
    { seed: 5, numRuns: 300 },
  );
});

test('every type of record comes back with its numbers', () => {
  const records = [...recordsOf(7), ...recordsOf(2 ** 40)];
  assert.deepEqual(decodeAll([fileOf(records)]), records);
});

test('the bytes of a record are those that the format says, for programs in other languages', () => {
  const record = rowsOf(3, 2);
  const [frame] = framesOf([record]);
  const view = new DataView(frame.buffer);
  assert.equal(view.getUint32(0, true), frame.length - 9);
  assert.equal(frame[4], 1);
  assert.deepEqual(
    [0, 1, 2, 3].map((index) => view.getFloat64(5 + 8 * index, true)),
    [3, record.epoch, record.characters, record.elapsedMs],
  );
  assert.equal(view.getFloat64(5 + 32 + 8 * METRIC_NAMES.length, true), 4);
  assert.equal(view.getUint32(frame.length - 4, true), crc32(frame.subarray(4, frame.length - 4)));

  const [inspection] = framesOf([{ type: 'inspection', value: inspectionOf(2 ** 33 + 5, 2) }]);
  const head = new DataView(inspection.buffer, 5);
  assert.deepEqual(
    [0, 4, 8, 12].map((at) => head.getUint32(at, true)),
    [5, 2, 2, 0],
  );
  assert.equal(inspection.length, 9 + 16 + 2 * 4 * (7 + 5 + 2));

  const [rewind] = framesOf([{ type: 'rewind', iterations: 12 }]);
  assert.equal(new TextDecoder().decode(rewind.subarray(5, -4)), '{"type":"rewind","iterations":12}');
  assert.equal(rewind[4], 3);
});

test('a file that is cut anywhere keeps every record before the cut', () => {
  const records = recordsOf(1);
  const file = fileOf(records);
  const ends = framesOf(records).map(
    (_, index, frames) => MAGIC.length + frames.slice(0, index + 1).reduce((sum, { length }) => sum + length, 0),
  );
  for (let length = 0; length <= file.length; length++) {
    const whole = ends.filter((end) => end <= length).length;
    assert.deepEqual(decodeAll([file.slice(0, length)], length), records.slice(0, whole));
  }
});

test('a byte that is flipped takes records away, never changes or adds one', () => {
  const records = recordsOf(1);
  const file = fileOf(records);
  const known = records.map((record) => encodeRecord(record)?.join());
  for (let at = 0; at < file.length; at++) {
    for (const mask of [0x01, 0x80, 0xff]) {
      const damaged = file.slice();
      damaged[at] ^= mask;
      const found = decodeAll([damaged], damaged.length);
      const places = found.map((record) =>
        typeof record === 'string' ? -1 : known.indexOf(encodeRecord(record)?.join()),
      );
      assert.ok(
        places.every((place, index) => place > (places[index - 1] ?? -1)),
        `byte ${at} ^ ${mask}: ${String(places)}`,
      );
      assert.ok(found.length < records.length);
    }
  }
});

test('content that is damaged costs its own record only', () => {
  const records = recordsOf(1);
  const file = fileOf(records);
  file[MAGIC.length + 5 + 40] ^= 1;
  const reader = new FrameReader();
  assert.equal(reader.push(file).length, records.length - 1);
  assert.equal(reader.damaged, 1);
  assert.equal(reader.validEnd, file.length);
});

test('a length that is hostile ends the file there, and nothing is allocated for it', () => {
  const [frame] = framesOf([rowsOf(0, 1)]);
  for (const length of [MAX_PAYLOAD_BYTES + 1, 0xffffffff, 0x7fffffff, MAX_PAYLOAD_BYTES]) {
    const hostile = Uint8Array.from(Buffer.concat([MAGIC, frame, new Uint8Array(64)]));
    new DataView(hostile.buffer).setUint32(MAGIC.length + frame.length, length, true);
    const before = process.memoryUsage().arrayBuffers;
    const reader = new FrameReader(0, hostile.length);
    assert.equal(reader.push(hostile).length, 1);
    assert.equal(reader.validEnd, MAGIC.length + frame.length);
    assert.equal(reader.isStopped, true);
    assert.ok(process.memoryUsage().arrayBuffers - before < 2 ** 20);
  }
});

test('a file of zeros after the last record, as a power cut leaves it, holds no records', () => {
  const file = Buffer.concat([fileOf(recordsOf(1)), new Uint8Array(5000)]);
  const reader = new FrameReader(0, file.length);
  assert.equal(reader.push(file).length, recordsOf(1).length);
  assert.equal(reader.validEnd, file.length - 5000);
});

test('what another version writes is left alone, what contradicts the format is refused', () => {
  const json = (value: unknown): ReturnType<typeof decodeRecord> =>
    decodeRecord(3, new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value)));
  assert.equal(decodeRecord(9, new Uint8Array(4)), 'unknown');
  assert.equal(json({ type: 'weather', sun: 1 }), 'unknown');
  for (const bad of [
    '',
    '[[[[',
    'null',
    '[]',
    '{"iterations":1}',
    '{"type":"rewind","iterations":-1}',
    '{"type":"rewind","iterations":1e300}',
    '{"type":"validation","validation":{"iteration":1,"lossNats":null,"characters":1}}',
    '{"type":"validation","validation":{"iteration":1,"lossNats":1e999,"characters":1}}',
    '{"type":"sample","sample":{"iteration":1,"prompt":"","temperature":1,"topK":0,"characters":["a"],"probability":[]}}',
    '['.repeat(100_000),
  ]) {
    assert.equal(json(bad), 'invalid', bad.slice(0, 80));
  }
  const rowsPayload = payloadOf(rowsOf(5, 2));
  assert.equal(decodeRecord(1, rowsPayload.subarray(1)), 'invalid');
  for (const [index, value] of [
    [0, -1],
    [0, 0.5],
    [0, NaN],
    [0, 2 ** 60],
    [1, NaN],
    [2, -1],
    [3, Infinity],
  ]) {
    const changed = rowsPayload.slice();
    new DataView(changed.buffer).setFloat64(8 * index, value, true);
    assert.equal(decodeRecord(1, changed), 'invalid', `${index} ${value}`);
  }
  const inspection = payloadOf({ type: 'inspection', value: inspectionOf(5, 2) });
  for (const [at, value] of [
    [4, 0xffffffff],
    [8, 3],
    [8, 0],
    [8, 0xffffffff],
    [inspection.length - 4, 0xffffffff],
  ]) {
    const changed = inspection.slice();
    new DataView(changed.buffer).setUint32(at, value, true);
    assert.equal(decodeRecord(2, changed), 'invalid', `${at} ${value}`);
  }
});

test('a point that is not finite is not written; rows and probabilities hold any number', () => {
  assert.equal(encodeRecord({ type: 'validation', value: { iteration: 1, lossNats: NaN, characters: 1 } }), undefined);
  assert.equal(
    encodeRecord({ type: 'vitals', value: { iteration: 1, updateToWeight: Infinity, saturation: 0 } }),
    undefined,
  );
  const notFinite = rowsOf(1, 1);
  notFinite.rows.set([NaN, Infinity, -Infinity]);
  const sample: RunRecord = { type: 'sample', value: sampleOf(1) };
  assert.deepEqual(decodeAll([fileOf([notFinite, sample])]), [notFinite, sample]);
});

test('events in JSON are written as the format says, under the name of their type, and a memory point as point', () => {
  const textOf = (type: RunRecord['type']): string => {
    const record = recordsOf(7).find((each) => each.type === type) ?? assert.fail(`no ${type}`);
    return Buffer.from(payloadOf(record)).toString('utf8');
  };
  assert.equal(
    textOf('validation'),
    '{"type":"validation","validation":{"iteration":7,"lossNats":1.5,"characters":100}}',
  );
  assert.equal(textOf('vitals'), '{"type":"vitals","vitals":{"iteration":7,"updateToWeight":0.001,"saturation":0.25}}');
  assert.equal(
    textOf('memoryPoint'),
    '{"type":"memoryPoint","point":{"iteration":7,"horizonOnePercent":null,"horizonOneOverE":4,"decayRate":-0.5,' +
      '"tanhFactor":0.75,"lyapunov":null,"spectralRadius":1.25,"sigmaMax":2}}',
  );
  assert.equal(
    textOf('sample'),
    '{"type":"sample","sample":{"iteration":7,"prompt":"NaN \\"","temperature":0.8,"topK":0,' +
      '"characters":["a","\\n","😀"],"probability":[0.100000001,null,0.333333343]}}',
  );
});

test('an event in JSON is read whatever else stands beside it, and not where a number is none or it is of another type', () => {
  const decoded = (text: string): ReturnType<typeof decodeRecord> => decodeRecord(3, Buffer.from(text));
  const vitals = { iteration: 7, updateToWeight: 0.5, saturation: 0 };
  // Records of the version before name the run as well.
  assert.deepEqual(decoded(JSON.stringify({ type: 'vitals', runId: 'run', vitals })), {
    type: 'vitals',
    value: vitals,
  });
  for (const wrong of ['1e999', '-1', '0.5', '1e300', 'null']) {
    const text = `{"type":"vitals","vitals":{"iteration":${wrong},"updateToWeight":1,"saturation":0}}`;
    assert.equal(decoded(text), 'invalid', text);
  }
  assert.equal(decoded('{"type":"vitals","vitals":{"iteration":7,"updateToWeight":1e999,"saturation":0}}'), 'invalid');
  assert.equal(decoded(JSON.stringify({ type: 'vitals', value: vitals })), 'invalid');
  assert.equal(decoded(JSON.stringify({ type: 'gates', gates: vitals })), 'unknown');
  // An inspection is no JSON: what a later version means by one is not known.
  assert.equal(decoded(JSON.stringify({ type: 'inspection', inspection: vitals })), 'unknown');
});

test('a record that is too long for the format is refused', () => {
  assert.throws(() => encodeFrame(1, MAX_PAYLOAD_BYTES + 1, () => undefined), RangeError);
});
