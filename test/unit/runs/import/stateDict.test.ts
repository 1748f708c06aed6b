import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { InputError } from '../../../../src/common/inputError.ts';
import { RandomStream } from '../../../../src/common/random.ts';
import { encodeCheckpoint } from '../../../../src/runs/format/checkpointFile.ts';
import { type NamedTensor, writeSafetensors } from '../../../../src/runs/format/safetensors.ts';
import { type ImportedNetwork, importNetwork, importNetworkFile } from '../../../../src/runs/import/stateDict.ts';
import { withAllocations } from '../format/allocations.ts';
import { changedFile, checkpointFixture, fileOf } from '../format/checkpointFixtures.ts';
import { amount } from '../../../run/amount.ts';
import { smallRun } from '../../training/helpers.ts';
import { mutated } from '../format/checkpointMutations.ts';

const V = 3;
const H = 2;
type Shapes = Readonly<Record<string, readonly number[]>>;

const RNN: Shapes = {
  'rnn.weight_ih_l0': [H, V],
  'rnn.weight_hh_l0': [H, H],
  'rnn.bias_ih_l0': [H],
  'rnn.bias_hh_l0': [H],
  'out.weight': [V, H],
  'out.bias': [V],
};

/** Numbers that tell where they come from: the tensor's place in the list, then 1, 2, 3, … in eighths. */
function tensorsOf(shapes: Shapes): NamedTensor[] {
  return Object.entries(shapes).map(([name, shape], index) => {
    const count = shape.reduce((product, axis) => product * axis, 1);
    return { name, shape, values: Float32Array.from({ length: count }, (_, i) => 10 * (index + 1) + i / 8) };
  });
}

function stateDict(shapes: Shapes = RNN, metadata: Readonly<Record<string, string>> = {}): Uint8Array<ArrayBuffer> {
  return writeSafetensors(tensorsOf(shapes), metadata);
}

function renamed(rename: (name: string) => string, shapes: Shapes = RNN): Shapes {
  return Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [rename(name), shape]));
}

function without(...names: string[]): Shapes {
  return Object.fromEntries(Object.entries(RNN).filter(([name]) => !names.includes(name)));
}

function refusal(bytes: Uint8Array): string {
  let message = '';
  assert.throws(
    () => importNetwork(bytes, 'net.safetensors'),
    (error) => {
      assert.ok(error instanceof InputError, String(error));
      ({ message } = error);
      return true;
    },
  );
  assert.match(message, /^net\.safetensors /);
  assert.ok(message.length < 1000, message);
  return message;
}

test('the weights of torch.nn.RNN and a linear layer become the parameters; the two biases add up', () => {
  const { parameters, shape, vocabulary, vocabularyProblem, notes, assumptions } = importNetwork(
    stateDict(),
    'net.safetensors',
  );
  assert.deepEqual(shape, { V, H });
  assert.deepEqual(parameters, {
    W_xh: Float32Array.of(10, 10.125, 10.25, 10.375, 10.5, 10.625),
    W_ah: Float32Array.of(20, 20.125, 20.25, 20.375),
    b_h: Float32Array.of(30 + 40, 30.125 + 40.125),
    W_ao: Float32Array.of(50, 50.125, 50.25, 50.375, 50.5, 50.625),
    b_o: Float32Array.of(60, 60.125, 60.25),
  });
  assert.deepEqual([vocabulary, vocabularyProblem], [undefined, undefined]);
  assert.match(notes.join(' '), /b_h is the sum of "rnn\.bias_ih_l0" and "rnn\.bias_hh_l0"/);
  assert.match(assumptions.join(' '), /taken to be tanh/);
});

test('names of wrappers and of the layers make no difference, nor does the kind of module', () => {
  const expected = importNetwork(stateDict(), 'net.safetensors').parameters;
  const renamings: ((name: string) => string)[] = [
    (name) => `module.${name}`,
    (name) => `_orig_mod.module.model.${name}`,
    (name) => name.replace('rnn.', 'encoder.layers.'),
    (name) => name.replace('rnn.', ''),
    (name) => name.replace('_l0', ''),
    (name) => name.replace('out.', 'head.linear.'),
    (name) => name.replace('out.', ''),
  ];
  for (const rename of renamings) {
    const { parameters } = importNetwork(stateDict(renamed(rename)), 'net.safetensors');
    assert.deepEqual(parameters, expected, rename('rnn.weight_ih_l0'));
  }
});

test('without biases they are 0, which is said', () => {
  const bare = without('rnn.bias_ih_l0', 'rnn.bias_hh_l0', 'out.bias');
  const { parameters, notes } = importNetwork(stateDict(bare), 'net.safetensors');
  assert.deepEqual([parameters.b_h, parameters.b_o], [new Float32Array(H), new Float32Array(V)]);
  assert.match(
    notes.join(' '),
    /The recurrent layer has no bias: b_h is 0\. The output layer "out" has no bias: b_o is 0\./,
  );
});

test('float64 stays float64 where all of it is, half precision becomes float32', () => {
  const doubles = tensorsOf(RNN).map((tensor) => ({
    ...tensor,
    values: Float64Array.from(tensor.values, (x) => x / 3),
  }));
  const { parameters } = importNetwork(writeSafetensors(doubles, {}), 'net.safetensors');
  assert.ok(Object.values(parameters).every((tensor) => tensor instanceof Float64Array));
  assert.equal(parameters.b_h[1], doubles[2].values[1] + doubles[3].values[1]);
  const [first, ...others] = doubles;
  const mixed = [{ ...first, values: Float32Array.from(first.values) }, ...others];
  assert.ok(importNetwork(writeSafetensors(mixed, {}), 'x').parameters.b_o instanceof Float32Array);
  const beyond = others.map((tensor) => ({ ...tensor, values: tensor.values.map(() => 1e300) }));
  assert.match(refusal(writeSafetensors([mixed[0], ...beyond], {})), /holds Infinity as number 0 of "W_ah"/);
  // 1.0 in every place: 0x3f80 in bfloat16.
  let begin = 0;
  const entries = Object.entries(RNN).map(([name, shape]) => {
    const end = begin + 2 * shape.reduce((product, axis) => product * axis, 1);
    const entry = [name, { dtype: 'BF16', shape, data_offsets: [begin, end] }];
    begin = end;
    return entry;
  });
  const data = new Uint8Array(begin).map((_, i) => (i % 2 === 0 ? 0x80 : 0x3f));
  const bytes = fileOf(JSON.stringify(Object.fromEntries(entries)), data);
  assert.deepEqual(importNetwork(bytes, 'net.safetensors').parameters.b_h, Float32Array.of(2, 2));
});

test('other networks are refused by what they are', () => {
  const layer = (index: number, rows = H, columns = H): Shapes => ({
    [`rnn.weight_ih_l${index}`]: [rows, index === 0 ? V : columns],
    [`rnn.weight_hh_l${index}`]: [rows, columns],
  });
  const lists = (one: string, other: string): Shapes => ({
    ...renamed((name) => name.replace('rnn.', one)),
    ...renamed((name) => name.replace('rnn.', other), { 'rnn.weight_ih_l0': [H, V], 'rnn.weight_hh_l0': [H, H] }),
  });
  const refused: [RegExp, Shapes][] = [
    [
      /"rnn\.weight_hh_l0" of shape \[10, 2\], where \[H, H\] of an RNN or .*\[4 H, H\] of an LSTM/,
      { ...RNN, ...layer(0, 5 * H) },
    ],
    [/"rnn\.bias_ih_l0" of shape \[2\], where \[8\] is expected/, { ...RNN, ...layer(0, 4 * H) }],
    [/num_layers=5\), where at most 4/, { ...RNN, ...layer(1), ...layer(2), ...layer(3), ...layer(4) }],
    [/lacks weight_ih_l1/, { ...RNN, ...layer(2) }],
    [/"rnn\.weight_hh_l1" of shape \[6, 2\], where \[2, 2\], as all layers must have/, { ...RNN, ...layer(1, 3 * H) }],
    [/"rnn\.weight_hh_l1" of shape \[3, 3\], where \[2, 2\], as all layers must have/, { ...RNN, ...layer(1, 3, 3) }],
    [/"rnns\.1\.weight_ih_l0" of shape \[2, 3\], where \[2, 2\]/, lists('rnns.0.', 'rnns.1.')],
    [
      /has 5 recurrent layers \(num_layers=5\), where at most 4/,
      Object.assign({}, ...[0, 1, 2, 3, 4].map((at) => lists('rnns.0.', `rnns.${at}.`))) as Shapes,
    ],
    [/2 recurrent modules: "lstm1", "lstm2"/, lists('lstm1.', 'lstm2.')],
    [/bidirectional/, { ...RNN, 'rnn.weight_ih_l0_reverse': [H, V] }],
    [/2 recurrent modules: "rnn", "rnn2"/, { ...RNN, 'rnn2.weight_ih_l0': [H, V] }],
    [/LSTM with a projection/, { ...RNN, 'rnn.weight_hr_l0': [1, H] }],
    [
      /no recurrent layer: none of its tensors \("out\.weight", "out\.bias"\)/,
      { 'out.weight': [V, H], 'out.bias': [V] },
    ],
    [/lacks weight_hh_l0/, without('rnn.weight_hh_l0')],
    [/"rnn\.bias_ih_l0" without the other bias/, without('rnn.bias_hh_l0')],
    [/more than one layer.*: "out\.weight", "fc\.weight"/, { ...RNN, 'fc.weight': [V, H], 'fc.bias': [V] }],
    [/no output layer: a weight of shape \[3, 2\] is expected/, without('out.weight', 'out.bias')],
    [
      /through an embedding \("embedding\.weight"\)/,
      { ...without('out.weight', 'out.bias'), 'embedding.weight': [7, V] },
    ],
    [/tensors beyond .*\("norm\.weight", "norm\.bias"\)/, { ...RNN, 'norm.weight': [H], 'norm.bias': [H] }],
    [/"out\.bias" of shape \[2\], where \[3\]/, { ...RNN, 'out.bias': [H] }],
    [/has two tensors for weight_ih/, { ...RNN, 'rnn.weight_ih': [H, V] }],
    [
      /4097 hidden units, where at most 4096/,
      {
        ...RNN,
        'rnn.weight_ih_l0': [4097, 0],
        'rnn.weight_hh_l0': [4097, 4097],
        'rnn.bias_ih_l0': [4097],
        'rnn.bias_hh_l0': [4097],
      },
    ],
    [/reads 0 symbols/, { ...RNN, 'rnn.weight_ih_l0': [H, 0] }],
  ];
  for (const [expected, shapes] of refused) assert.match(refusal(stateDict(shapes)), expected);
});

const DAMAGED = amount(20_000, 2000, 'damaged state dicts');

test(`${DAMAGED} damaged files are refused or load whole, and little more is allocated than half precision needs`, () => {
  const random = RandomStream.seeded(21, 'text');
  const bases = [stateDict(RNN, { vocab: '["c","a","b"]' }), stateDict(without('out.bias'), { chars: 'abc' })];
  let loaded = 0;
  withAllocations((allocatedBy) => {
    for (let count = 0; count < DAMAGED; count++) {
      const bytes = mutated(bases[count % bases.length], random);
      let network: ImportedNetwork | undefined;
      const allocated = allocatedBy(() => (network = loadedOrRefused(bytes)));
      if (allocated > 2 * bytes.length) assert.fail(`${allocated} bytes for a file of ${bytes.length}`);
      if (network === undefined) continue;
      loaded++;
      for (const tensor of Object.values(network.parameters)) assert.ok(tensor.every(Number.isFinite));
      assert.equal(network.parameters.W_xh.length, network.shape.V * network.shape.H);
      assert.equal(network.vocabulary?.codes.length ?? network.shape.V, network.shape.V);
    }
  });
  assert.ok(loaded > DAMAGED / 20 && loaded < (3 * DAMAGED) / 4, String(loaded));
});

function loadedOrRefused(bytes: Uint8Array): ImportedNetwork | undefined {
  try {
    return importNetwork(bytes, 'net.safetensors');
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}

test('a vocabulary as this program writes it is taken, of bytes too', () => {
  for (const vocabulary of [
    { tokens: 'bytes', codes: [0, 10, 255] },
    { tokens: 'characters', codes: [0x0a, 0x61, 0x1f600] },
  ]) {
    const bytes = stateDict(RNN, { vocabulary: JSON.stringify(vocabulary) });
    const read = importNetwork(bytes, 'net.safetensors');
    assert.deepEqual(read.vocabulary, vocabulary);
    assert.match(read.notes.join(' '), /The vocabulary is that of the metadata "vocabulary"\./);
  }
});

test('symbols in another order than that of their codes are put in order, and the weights with them', () => {
  const plain = importNetwork(stateDict(), 'net.safetensors').parameters;
  const { parameters, vocabulary, notes } = importNetwork(
    stateDict(RNN, { chars: '["c","a","b"]' }),
    'net.safetensors',
  );
  assert.deepEqual(vocabulary, { tokens: 'characters', codes: [0x61, 0x62, 0x63] });
  const idInFile = [1, 2, 0];
  for (const [id, old] of idInFile.entries()) {
    for (let unit = 0; unit < H; unit++) {
      assert.equal(parameters.W_xh[unit * V + id], plain.W_xh[unit * V + old]);
      assert.equal(parameters.W_ao[id * H + unit], plain.W_ao[old * H + unit]);
    }
    assert.equal(parameters.b_o[id], plain.b_o[old]);
  }
  assert.deepEqual([parameters.W_ah, parameters.b_h], [plain.W_ah, plain.b_h]);
  assert.match(notes.join(' '), /put in the order of their code points/);
});

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rnn-import-'));
});
after(() => rm(folder, { recursive: true }));

test('a checkpoint of a run is imported with its vocabulary, from memory and from a file', async () => {
  const vocabulary = { tokens: 'characters' as const, codes: [1, 2, 3] };
  const checkpoint = checkpointFixture();
  const bytes = encodeCheckpoint(checkpoint, { vocabulary });
  const expected = {
    parameters: checkpoint.parameters,
    cell: 'tanh',
    layers: 1,
    shape: { V, H },
    vocabulary,
    isTanhAssumed: false,
    assumptions: [],
    notes: [],
  };
  assert.deepEqual(importNetwork(bytes, 'x'), expected);
  const path = join(folder, 'own.safetensors');
  await writeFile(path, bytes);
  assert.deepEqual(await importNetworkFile(path), expected);
  await writeFile(
    path,
    changedFile(({ tensors }) => (tensors.b_h.shape = [1])),
  );
  await assert.rejects(importNetworkFile(path), /InputError: own\.safetensors /);
});

test('a checkpoint of a cell that PyTorch does not have is imported too, with its layers', () => {
  const training = smallRun({ cell: 'mingru', layers: 2 });
  training.iterate();
  const { vocabulary } = training;
  const checkpoint = training.checkpoint(0);
  const bytes = encodeCheckpoint(checkpoint, { vocabulary });
  const network = importNetwork(bytes, 'net.safetensors', { cell: 'mingru', layers: 2 });
  assert.deepEqual([network.cell, network.layers, network.vocabulary], ['mingru', 2, vocabulary]);
  assert.deepEqual(network.parameters, checkpoint.parameters);
  training.close();
  assert.throws(
    () => importNetwork(bytes, 'net.safetensors', { cell: 'gru' }),
    /net\.safetensors has a network of the cell mingru, not gru/,
  );
});

test('a file is read like its bytes, and refused by its base name', async () => {
  const path = join(folder, 'net.safetensors');
  await writeFile(path, stateDict());
  assert.deepEqual(await importNetworkFile(path), importNetwork(stateDict(), 'net.safetensors'));
  await writeFile(path, stateDict(without('out.weight')));
  await assert.rejects(importNetworkFile(path), /^InputError: net\.safetensors has no output layer/);
});
