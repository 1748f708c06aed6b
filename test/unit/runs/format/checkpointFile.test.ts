import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as v from 'valibot';
import { InputError } from '../../../../src/common/inputError.ts';
import { RandomStream } from '../../../../src/common/random.ts';
import { Checkpoint } from '../../../../src/protocol/checkpoint.ts';
import { DEFAULT_SETTINGS } from '../../../../src/protocol/settings.ts';
import {
  decodeCheckpoint,
  encodeCheckpoint,
  type StoredCheckpoint,
} from '../../../../src/runs/format/checkpointFile.ts';
import { withAllocations } from './allocations.ts';
import {
  changedFile,
  checkpointFixture,
  fileOf,
  fileWithEntry,
  fileWithout,
  type FixtureOptions,
  type HeaderObject,
  headerOf,
} from './checkpointFixtures.ts';
import { amount } from '../../../run/amount.ts';
import { mutated } from './checkpointMutations.ts';

const NAME = '000000000500.safetensors';
const EXTRAS = {
  vocabulary: { tokens: 'characters' as const, codes: [10, 97, 0x1f600] },
  settings: { ...DEFAULT_SETTINGS, hiddenSize: 2 },
};
const NO_DATA = new Uint8Array();

function loadedOrRefused(bytes: Uint8Array): StoredCheckpoint | string {
  try {
    return decodeCheckpoint(bytes, NAME);
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
}

function refusal(bytes: Uint8Array): string {
  const result = loadedOrRefused(bytes);
  assert.ok(typeof result === 'string', 'it was read');
  assert.match(result, /^000000000500\.safetensors .* use another checkpoint of the run\.$/);
  assert.ok(result.length < 600, result);
  return result;
}

test('a checkpoint comes back to the bit, with every optimizer, both float types, with and without a validation under way', () => {
  for (const optimizer of ['sgd', 'momentum', 'adagrad', 'rmsprop', 'adam'] as const) {
    for (const kernels of ['reference', 'scalar', 'simd', 'relaxed'] as const) {
      for (const hasValidation of [false, true]) {
        const checkpoint = checkpointFixture({ optimizer, kernels, hasValidation });
        assert.deepEqual(decodeCheckpoint(encodeCheckpoint(checkpoint, EXTRAS), NAME), { checkpoint, ...EXTRAS });
      }
    }
  }
});

test('without vocabulary and settings, and before the first validation, nothing is invented', () => {
  const checkpoint = { ...checkpointFixture(), best: null, carriesState: false };
  assert.deepEqual(decodeCheckpoint(encodeCheckpoint(checkpoint), NAME), { checkpoint });
});

test('tensors are views of the file where it lies at a multiple of 8 bytes, and copies elsewhere', () => {
  const bytes = encodeCheckpoint(checkpointFixture({ hasValidation: true }));
  assert.equal(decodeCheckpoint(bytes, NAME).checkpoint.parameters.b_o.buffer, bytes.buffer);
  const shifted = new Uint8Array(bytes.length + 1).subarray(1);
  shifted.set(bytes);
  assert.deepEqual(decodeCheckpoint(shifted, NAME), decodeCheckpoint(bytes, NAME));
});

test('the cell of a network comes back, and a file that says none, with states that have no names, is one of tanh', () => {
  const relu = checkpointFixture({ cell: 'relu', hasValidation: true });
  assert.deepEqual(decodeCheckpoint(encodeCheckpoint(relu), NAME).checkpoint, relu);
  const earlier = changedFile(
    ({ __metadata__, tensors }) => {
      Reflect.deleteProperty(__metadata__, 'cell');
      for (const name of ['state', 'candidate.state', 'validation.state']) {
        tensors[name] = tensors[`${name}.a`];
        Reflect.deleteProperty(tensors, `${name}.a`);
      }
    },
    { hasValidation: true },
  );
  assert.deepEqual(decodeCheckpoint(earlier, NAME).checkpoint, checkpointFixture({ hasValidation: true }));
});

test('a changed bit is noticed, wherever it is', () => {
  const bytes = encodeCheckpoint(checkpointFixture(), EXTRAS);
  const { json, dataStart } = headerOf(bytes);
  const padding = 8 + json.trimEnd().length;
  for (let at = 0; at < bytes.length; at++) {
    // The spaces that fill up the header mean nothing.
    if (at >= padding && at < dataStart) continue;
    const changed = bytes.slice();
    changed[at] ^= 1;
    refusal(changed);
  }
});

test('what could not be read back is not written', () => {
  const checkpoint = checkpointFixture();
  const write = (change: Partial<Checkpoint>) => () => encodeCheckpoint({ ...checkpoint, ...change });
  const a = checkpoint.states.a.slice();
  a[1] = NaN;
  assert.throws(
    write({ states: { a } }),
    /^InputError: The checkpoint after 500 iterations holds NaN as number 1 of "state\.a"/,
  );
  assert.throws(write({ elapsedMs: NaN }), /InputError: .*elapsedMs is null/);
  assert.throws(write({ iteration: 10 ** 12 }), /InputError: .*iteration is 1000000000000/);
  assert.throws(write({ parameters: { ...checkpoint.parameters, b_h: new Float64Array(2) } }), /InputError: .* F64/);
  assert.throws(write({ shape: { V: 3, H: 2, T: 4, B: 3 } }), RangeError);
  assert.throws(write({ moments: {} }), /RangeError: the optimizer adam has the moments/);
  const { b_h, ...others } = checkpoint.parameters;
  assert.throws(write({ parameters: others }), /RangeError: "b_h" of the checkpoint has no numbers, not 2/);
  const { moments } = checkpoint;
  const short = { ...moments.exp_avg, b_h: b_h.slice(1) };
  assert.throws(
    write({ moments: { ...moments, exp_avg: short } }),
    /RangeError: "exp_avg\.b_h" .* has 1 numbers, not 2/,
  );
  assert.throws(write({ states: {} }), /RangeError: "state\.a" of the checkpoint has no numbers, not 4/);
  const { pendingValidation } = checkpointFixture({ hasValidation: true });
  assert.ok(pendingValidation);
  const withPending = (change: Partial<typeof pendingValidation>) =>
    write({ pendingValidation: { ...pendingValidation, ...change } });
  assert.throws(withPending({ states: {} }), /RangeError: "validation\.state\.a" of the checkpoint has no numbers/);
  assert.throws(
    withPending({ network: { ...pendingValidation.network, parameters: others } }),
    /RangeError: "candidate\.b_h" of the checkpoint has no numbers/,
  );
});

test('a file without a checksum is read: its numbers are checked one by one', () => {
  const whole = changedFile(() => undefined, EXTRAS);
  assert.deepEqual(decodeCheckpoint(whole, NAME), { checkpoint: checkpointFixture(), ...EXTRAS });
  new DataView(whole.buffer).setFloat32(whole.length - 4, NaN, true);
  assert.match(refusal(whole), /holds NaN as number 3 of "state\.a"/);
});

type Tensor = HeaderObject['tensors'][string];
const bias = (change: Partial<Tensor>) => changedFile(({ tensors }) => Object.assign(tensors.b_h, change));
const metadata = (change: Record<string, unknown>, options: FixtureOptions = {}) =>
  changedFile(({ __metadata__ }) => Object.assign(__metadata__, change), options);

/** A file of the version before, in which one state has a tensor of the present name besides. */
function withBothNames(state: string): Uint8Array {
  return changedFile(
    ({ tensors }) => {
      for (const name of ['state', 'candidate.state', 'validation.state']) {
        tensors[name] = tensors[`${name}.a`];
        Reflect.deleteProperty(tensors, `${name}.a`);
      }
      const { shape, data_offsets: offsets } = tensors[state];
      // Half of the streams, so that no byte belongs to two tensors.
      const half = (offsets[0] + offsets[1]) / 2;
      tensors[`${state}.a`] = { dtype: 'F32', shape: [shape[0], shape[1] / 2], data_offsets: [half, offsets[1]] };
      tensors[state] = { dtype: 'F32', shape: [shape[0], shape[1] / 2], data_offsets: [offsets[0], half] };
    },
    { hasValidation: true },
  );
}

const CRAFTED: readonly [RegExp, Uint8Array][] = [
  [/has 7 bytes, too few/, new Uint8Array(7)],
  [/header length of 18446744073709551615 bytes/, new Uint8Array(64).fill(0xff)],
  [/ends within its header, which has 1000 bytes/, fileOf(' '.repeat(1000), NO_DATA).subarray(0, 500)],
  [/nested deeper than 3 levels/, fileOf('[{"a":'.repeat(170_000), NO_DATA)],
  [/not a JSON object/, fileOf('[]', NO_DATA)],
  [/not JSON in UTF-8/, Uint8Array.from([4, 0, 0, 0, 0, 0, 0, 0, 0x7b, 0xff, 0xff, 0x7d])],
  [/no checkpoint of a run: its format is not given/, fileOf('{}', NO_DATA)],
  [/overlaps the one before it/, bias({ data_offsets: [0, 8] })],
  [/data_offsets \[-8, 0\]/, bias({ data_offsets: [-8, 0] })],
  [/data_offsets \[8, 0\]/, bias({ data_offsets: [8, 0] })],
  [/data_offsets \[0, 1e\+300\]/, bias({ data_offsets: [0, 1e300] })],
  [/data_offsets \[0, 0.5\]/, bias({ data_offsets: [0, 0.5] })],
  [/shape \[9007199254740992, 2\]/, bias({ shape: [2 ** 53, 2] })],
  [/shape \[4294967296, 4294967296\].*not its size/, bias({ shape: [2 ** 32, 2 ** 32] })],
  [/at most 4 whole numbers/, bias({ shape: [2, 1, 1, 1, 1] })],
  [/dtype "I8"; F64, F32, F16, BF16/, bias({ dtype: 'I8' })],
  [/b_h of shape \[2, 1\], which must be \[2\]/, bias({ shape: [2, 1] })],
  [/unknown property "__proto__"/, fileOf('{"b_h":{"__proto__":{"dtype":"F32"}}}', NO_DATA)],
  [/tensor "__proto__".*no place/, fileWithEntry('"__proto__"')],
  [/tensor "\.\.\/\.\.\/x".*no place/, fileWithEntry('"../../x"')],
  [/a name occurs twice/, fileWithEntry('"b_h"')],
  [/a name occurs twice/, fileWithEntry('"\\u0062_h"')],
  [/leaves a gap before it|of which its tensors are/, Uint8Array.from([...changedFile(() => undefined), 0])],
  [/has no tensor W_ao/, fileWithout('W_ao')],
  [/has no tensor validation\.state\.a/, fileWithout('validation.state.a')],
  [/"x\\u\{202e\}", which are not known/, metadata({ 'x\u202e': '1' })],
  [/metadata "H" that are 2, not text/, metadata({ H: 2 })],
  [/says nothing of position/, metadata({ position: undefined })],
  [/position is -1, where a whole number/, metadata({ position: '-1' })],
  [/optimizerStep is 1e\+300/, metadata({ optimizerStep: '1e300' })],
  [/elapsedMs is Infinity/, metadata({ elapsedMs: '1e999' })],
  [/H is 4097, where a whole number from 1 to 4096/, metadata({ H: '4097' })],
  [/V is 20001/, metadata({ V: '20001' })],
  [/W_xh of shape \[2, 3\], which must be \[2, 2\]/, metadata({ V: '2' })],
  [/dtype F32; the kernels reference compute with F64/, metadata({ kernels: 'reference' })],
  [/"exp_avg\.W_xh", which has no place/, metadata({ optimizer: 'sgd' })],
  [/"state", which has no place/, fileWithEntry('"state"')],
  [/"candidate\.state", which has no place/, withBothNames('candidate.state')],
  [/"validation\.state", which has no place/, withBothNames('validation.state')],
  [/cell is "elman", where one of the cells/, metadata({ cell: 'elman' })],
  [/setting cell relu and a network of the cell tanh/, metadata({ settings: '{"hiddenSize":2,"cell":"relu"}' })],
  [/says nothing of validation\.lossSum/, metadata({ 'validation.windows': '1' })],
  [
    /validation\.state\.a of shape \[1, 2\].*must|state\.a of shape \[2, 2\]/,
    metadata({ B: '1' }, { hasValidation: true }),
  ],
  [/samplingRandom is \[1, 2, 3\], where the state of/, metadata({ samplingRandom: '[1,2,3]' })],
  [/metadata best that cannot be read/, metadata({ best: '[[[[]]]]' })],
  [/vocabulary of 2 symbols for a network of 3/, metadata({ vocabulary: '{"tokens":"bytes","codes":[1,2]}' })],
  [/codes do not rise: 2 follows 2/, metadata({ vocabulary: '{"tokens":"bytes","codes":[1,2,2]}' })],
  [/bytes with the code 256/, metadata({ vocabulary: '{"tokens":"bytes","codes":[1,2,256]}' })],
  [
    /vocabulary\.tokens is "x+"…, which cannot be/,
    metadata({ vocabulary: `{"tokens":"${'x'.repeat(1e5)}","codes":[]}` }),
  ],
  [/settings that cannot be: hiddenSize is 0/, metadata({ settings: '{"hiddenSize":0}' })],
  [/hiddenSize 3 and a network with 2/, metadata({ settings: '{"hiddenSize":3}' })],
];

test('crafted files are refused by what is wrong with them, and nothing is allocated beyond their size', () => {
  withAllocations((allocatedBy) => {
    for (const [expected, bytes] of CRAFTED) {
      let message = '';
      const allocated = allocatedBy(() => (message = refusal(bytes)));
      assert.match(message, expected);
      assert.ok(allocated <= bytes.length, `${allocated} bytes for a file of ${bytes.length}`);
    }
  });
});

const DAMAGED = amount(200_000, 8000, 'damaged checkpoints');

test(`${DAMAGED} damaged files are refused or load whole, and nothing is allocated beyond their size`, (context) => {
  const random = RandomStream.seeded(20, 'text');
  const bases = [
    changedFile(() => undefined, { optimizer: 'sgd' }),
    changedFile(() => undefined, { optimizer: 'momentum', hasValidation: true }),
    changedFile(() => undefined, { optimizer: 'rmsprop', kernels: 'reference', ...EXTRAS }),
    encodeCheckpoint(checkpointFixture({ optimizer: 'sgd' }), EXTRAS),
  ];
  // Damage that never reached the inner checks, or never left a file whole, would show nothing.
  const unseen = new Set([/overlaps/, /gap/, /must be finite/, /occurs twice/, /no place/, /checksum/, /expected/]);
  let loaded = 0;
  // Most of the time would go into stack traces that nobody reads.
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  context.after(() => (Error.stackTraceLimit = stackTraceLimit));
  withAllocations((allocatedBy) => {
    for (let count = 0; count < DAMAGED; count++) {
      const bytes = mutated(bases[count % bases.length], random);
      let result: StoredCheckpoint | string = '';
      const allocated = allocatedBy(() => (result = loadedOrRefused(bytes)));
      if (allocated > bytes.length) assert.fail(`${allocated} bytes for a file of ${bytes.length}`);
      if (typeof result === 'string') noteRefusal(result, unseen);
      else if (loaded++ % 4 === 0) checkWhole(result);
    }
  });
  context.diagnostic(`${loaded} loaded whole`);
  assert.ok(loaded > DAMAGED / 40 && loaded < DAMAGED / 2);
  assert.deepEqual([...unseen], []);
});

function noteRefusal(message: string, unseen: Set<RegExp>): void {
  if (message.length > 600) assert.fail(message);
  for (const reason of unseen) if (reason.test(message)) unseen.delete(reason);
}

/** What loads is a checkpoint that could have been written. */
function checkWhole(stored: StoredCheckpoint): void {
  v.parse(Checkpoint, stored.checkpoint);
  assert.deepEqual(decodeCheckpoint(encodeCheckpoint(stored.checkpoint, stored), NAME), stored);
}
