import assert from 'node:assert/strict';
import { truncateSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { InputError } from '../../../../src/common/inputError.ts';
import { diskFiles, type RunFiles } from '../../../../src/runs/disk/files.ts';
import { splitTensorBytes, writeSafetensors } from '../../../../src/runs/format/safetensors.ts';
import { parseStrictJson } from '../../../../src/runs/format/strictJson.ts';
import { readTensorFile } from '../../../../src/runs/format/tensorFile.ts';
import { tensorValues } from '../../../../src/runs/format/tensorValues.ts';
import { fileOf } from './checkpointFixtures.ts';
import { watchedFiles } from '../failingFiles.ts';

const SOURCE = { name: 'file.safetensors', advice: 'Use another.' };
const NO_DATA = new Uint8Array();

function valuesOf(bytes: Uint8Array, name: string): number[] {
  const file = splitTensorBytes(bytes, SOURCE);
  const entry = file.header.tensors.get(name);
  assert.ok(entry !== undefined);
  return [...tensorValues(entry, file, SOURCE)];
}

/** One tensor `x` of these bytes. */
function oneTensor(dtype: string, shape: number[], data: Uint8Array): Uint8Array {
  return fileOf(JSON.stringify({ x: { dtype, shape, data_offsets: [0, data.length] } }), data);
}

test('the bytes of the reference implementation are read, and an independent reader of the format reads ours', () => {
  // From the tests of the safetensors crate: one tensor of shape (1, 2, 3) with the numbers 0 … 5.
  const header = '{"attn.0":{"dtype":"F32","shape":[1,2,3],"data_offsets":[0,24]}}';
  const data = [0, 0, 0, 0, 0, 0, 128, 63, 0, 0, 0, 64, 0, 0, 64, 64, 0, 0, 128, 64, 0, 0, 160, 64];
  const bytes = Buffer.from([64, 0, 0, 0, 0, 0, 0, 0, ...Buffer.from(header), ...data]);
  assert.deepEqual(valuesOf(bytes, 'attn.0'), [0, 1, 2, 3, 4, 5]);
  assert.deepEqual(readIndependently(bytes), { metadata: {}, tensors: { 'attn.0': [0, 1, 2, 3, 4, 5] } });
  const ours = writeSafetensors(
    [
      { name: 'single', shape: [3], values: Float32Array.of(0.5, -1, 2) },
      { name: 'double', shape: [1, 1], values: Float64Array.of(0.1) },
    ],
    { 'a "key"': 'Ü\n' },
  );
  assert.deepEqual(readIndependently(ours), {
    metadata: { 'a "key"': 'Ü\n' },
    tensors: { single: [0.5, -1, 2], double: [0.1] },
  });
});

/** Written from the format's description alone, and only for files that are known to be right. */
function readIndependently(file: Uint8Array): { metadata: unknown; tensors: Record<string, number[]> } {
  const bytes = Buffer.from(file);
  const start = 8 + Number(bytes.readBigUInt64LE(0));
  assert.equal(bytes[8], 0x7b);
  interface Entry {
    dtype: string;
    data_offsets: [number, number];
  }
  const { __metadata__: metadata = {}, ...entries } = JSON.parse(bytes.toString('utf8', 8, start)) as Record<
    string,
    Entry
  >;
  const tensors = Object.entries(entries).map(
    ([
      name,
      {
        dtype,
        data_offsets: [begin, end],
      },
    ]) => {
      const size = dtype === 'F64' ? 8 : 4;
      const numbers = Array.from({ length: (end - begin) / size }, (_, i) => {
        const at = start + begin + i * size;
        return dtype === 'F64' ? bytes.readDoubleLE(at) : bytes.readFloatLE(at);
      });
      return [name, numbers] as const;
    },
  );
  return { metadata, tensors: Object.fromEntries(tensors) };
}

test('any tensors and metadata come back, as views', () => {
  const values = fc.oneof(
    fc.float32Array({ noNaN: true, noDefaultInfinity: true, maxLength: 20 }),
    fc.float64Array({ noNaN: true, noDefaultInfinity: true, maxLength: 20 }),
  );
  const name = fc.string({ unit: 'binary' }).filter((text) => text !== '__metadata__');
  const tensors = fc.uniqueArray(fc.record({ name, values }), { selector: (tensor) => tensor.name, maxLength: 8 });
  const metadata = fc.dictionary(fc.string(), fc.string({ unit: 'binary' }));
  fc.assert(
    fc.property(tensors, metadata, (given, texts) => {
      const named = given.map((tensor) => ({ ...tensor, shape: [tensor.values.length] }));
      const bytes = writeSafetensors(named, texts);
      const file = splitTensorBytes(bytes, SOURCE);
      assert.deepEqual(file.header.metadata, new Map(Object.entries(texts)));
      assert.equal(file.header.tensors.size, given.length);
      for (const tensor of given) {
        const entry = file.header.tensors.get(tensor.name);
        assert.ok(entry !== undefined);
        const read = tensorValues(entry, file, SOURCE);
        assert.deepEqual(read, tensor.values);
        assert.equal(read.buffer, bytes.buffer);
      }
    }),
    { seed: 7, numRuns: 300 },
  );
});

test('every float16 and bfloat16 number that is finite is read as what it stands for', () => {
  for (let bits = 0; bits < 0x10000; bits++) {
    const sign = bits >> 15 === 1 ? -1 : 1;
    const data = Uint8Array.of(bits & 0xff, bits >> 8);
    // IEEE 754: (−1)^s · 2^(e − bias) · 1.f, or 2^(1 − bias) · 0.f where e is 0.
    const half = numberOf(sign, (bits >> 10) & 0x1f, (bits & 0x3ff) / 1024, 15);
    const brain = numberOf(sign, (bits >> 7) & 0xff, (bits & 0x7f) / 128, 127);
    if (((bits >> 10) & 0x1f) < 0x1f) assert.deepEqual(valuesOf(oneTensor('F16', [1], data), 'x'), [half]);
    else assert.throws(() => valuesOf(oneTensor('F16', [1], data), 'x'), InputError);
    if (((bits >> 7) & 0xff) < 0xff) assert.deepEqual(valuesOf(oneTensor('BF16', [1], data), 'x'), [brain]);
  }
});

function numberOf(sign: number, exponent: number, fraction: number, bias: number): number {
  return exponent === 0 ? sign * 2 ** (1 - bias) * fraction : sign * 2 ** (exponent - bias) * (1 + fraction);
}

test('a tensor without numbers and one without axes are tensors', () => {
  assert.deepEqual(valuesOf(oneTensor('F32', [0, 4], NO_DATA), 'x'), []);
  assert.deepEqual(valuesOf(oneTensor('F32', [], Uint8Array.of(0, 0, 128, 63)), 'x'), [1]);
});

test('a number that is not finite is named by its tensor and place', () => {
  const bytes = writeSafetensors([{ name: 'w', shape: [3], values: Float32Array.of(0, 1, -Infinity) }], {});
  assert.throws(() => valuesOf(bytes, 'w'), /file\.safetensors holds -Infinity as number 2 of "w".* Use another\.$/);
});

test('tensors that contradict themselves are not written', () => {
  const tensor = { name: 'w', shape: [2], values: Float32Array.of(1) };
  assert.throws(() => writeSafetensors([tensor], {}), /RangeError: w has 1 numbers, not 2/);
  const right = { ...tensor, shape: [1] };
  assert.throws(() => writeSafetensors([right, right], {}), /RangeError: there are two tensors w/);
  assert.throws(() => writeSafetensors([right], { x: 'x'.repeat(2 ** 20) }), RangeError);
});

test('strict JSON is what JSON.parse reads, unless it is too deep or a name occurs twice', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 4 }), (text) => {
      assert.deepEqual(parseStrictJson(text, 16), JSON.parse(text));
    }),
    { seed: 3, numRuns: 500 },
  );
  for (const text of [
    '{"a":1,"a":1}',
    '{"a":1,"\\u0061":2}',
    '[{"b":{"":1,"":[]}}]',
    '{"__proto__":1,"__proto__":2}',
  ]) {
    assert.throws(() => parseStrictJson(text, 8), /a name occurs twice/);
  }
  assert.deepEqual(parseStrictJson('{"a:\\":{":"[[[["}', 1), { 'a:":{': '[[[[' });
  assert.throws(() => parseStrictJson('[[0]]', 1), /nested deeper than 1 levels/);
  assert.throws(() => parseStrictJson('"\\', 1), SyntaxError);
});

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rnn-tensors-'));
});
after(() => rm(folder, { recursive: true }));

test('of a file whose header is refused, no more than the header is read', async () => {
  const path = join(folder, 'large.safetensors');
  const bytes = writeSafetensors([{ name: 'w', shape: [1e6], values: new Float32Array(1e6) }], {});
  await writeFile(path, bytes);
  let read = 0;
  const counting: RunFiles = {
    ...diskFiles,
    open: async (name, flags) => {
      const handle = await diskFiles.open(name, flags);
      return {
        read: (target, offset, length, position) => {
          read += length;
          return handle.read(target, offset, length, position);
        },
        write: () => Promise.reject(new Error('reading writes nothing')),
        truncate: () => Promise.reject(new Error('reading truncates nothing')),
        sync: () => handle.sync(),
        stat: () => handle.stat(),
        close: () => handle.close(),
      };
    },
  };
  const refuse = (): never => {
    throw new InputError('not wanted');
  };
  await assert.rejects(readTensorFile(path, SOURCE, refuse, counting), /not wanted/);
  assert.equal(read, 8 + (bytes.length - 4e6 - 8));
  const { data } = await readTensorFile(path, SOURCE, () => undefined, counting);
  assert.equal(data.length, 4e6);
});

test('what is no file, is not there or becomes shorter is an error for the person', async () => {
  const read = (path: string, files?: RunFiles) => readTensorFile(path, SOURCE, () => undefined, files);
  await assert.rejects(read(folder), /^InputError: file\.safetensors is not a file\. Use another\.$/);
  await assert.rejects(read(join(folder, 'none')), /^InputError: .* cannot be read: there is no such file or folder\./);
  const path = join(folder, 'short.safetensors');
  await writeFile(path, writeSafetensors([{ name: 'w', shape: [2], values: new Float32Array(2) }], {}));
  const { size } = await diskFiles.stat(path);
  let reads = 0;
  // The header is read by then, and the data are not.
  const shrinking = watchedFiles((operation) => {
    if (operation === 'read' && ++reads === 3) truncateSync(path, size - 1);
  });
  await assert.rejects(read(path, shrinking), /^InputError: file\.safetensors became shorter while it was read\./);
});
