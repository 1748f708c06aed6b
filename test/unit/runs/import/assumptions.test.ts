import assert from 'node:assert/strict';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { importWarning, withFirstLoss } from '../../../../src/protocol/imported.ts';
import { InputError } from '../../../../src/common/inputError.ts';
import { ForeignWeights } from '../../../../src/runs/format/foreignWeights.ts';
import { importedStart } from '../../../../src/runs/import/start.ts';
import { readVocabularyFile } from '../../../../src/runs/import/vocabularyFile.ts';
import { importNetwork, importNetworkFile, type SaidOfNetwork } from '../../../../src/runs/import/stateDict.ts';
import { writeSafetensors } from '../../../../src/runs/format/safetensors.ts';
import { assertClose, flatten, trajectoryVector } from '../../model/vectors.ts';
import { rowsOf } from '../../training/helpers.ts';
import { FIRST_LOSS, fileOfNetwork, runOf, SETTINGS, SHUFFLED, V, VECTOR } from './pytorchNetwork.ts';

const VOCABULARY = { chars: JSON.stringify(SHUFFLED) };

function imported(metadata: Record<string, string>, said: SaidOfNetwork = {}) {
  return importNetwork(fileOfNetwork(SHUFFLED, { ...VOCABULARY, ...metadata }), 'net.safetensors', said);
}

/**
 * A network that reads one symbol and expects the next one of four in a ring, by one hidden unit each and no recurrence: h is `SIZE` for the
 * unit of the symbol. Its outputs are a(t) times `SHARP`, which is meant for ReLU, so both losses have a closed form.
 */
const SIZE = 4;
const SHARP = 2;
const echoLoss = (a: number): number => Math.log(1 + 3 * Math.exp(-SHARP * a));
function echo(): { text: string; first: { tanh: number; relu: number } } {
  return { text: 'abcd'.repeat(100), first: { tanh: echoLoss(Math.tanh(SIZE)), relu: echoLoss(SIZE) } };
}

/** @param more layers, each of which gives what it reads through its function. */
function echoFile(metadata: Record<string, string>, more = 0): Uint8Array {
  const square = (of: (row: number, column: number) => number) =>
    Float64Array.from({ length: 16 }, (_, at) => of(Math.floor(at / 4), at % 4));
  const above = Array.from({ length: more }, (_, index) => [
    { name: `rnn.weight_ih_l${index + 1}`, shape: [4, 4], values: square((row, column) => (row === column ? 1 : 0)) },
    { name: `rnn.weight_hh_l${index + 1}`, shape: [4, 4], values: new Float64Array(16) },
  ]);
  return writeSafetensors(
    [
      { name: 'rnn.weight_ih_l0', shape: [4, 4], values: square((unit, symbol) => (unit === symbol ? SIZE : 0)) },
      { name: 'rnn.weight_hh_l0', shape: [4, 4], values: new Float64Array(16) },
      ...above.flat(),
      { name: 'fc.weight', shape: [4, 4], values: square((symbol, unit) => (symbol === (unit + 1) % 4 ? SHARP : 0)) },
    ],
    metadata,
  );
}

suite('the nonlinearity of an imported network', () => {
  test('is what the file says under any of the names, else tanh, and that is said', () => {
    for (const metadata of [
      { nonlinearity: 'tanh' },
      { activation: 'Tanh()' },
      { config: '{"model": {"nonlinearity": "tanh"}}' },
      { rnn_type: 'RNN_TANH' },
      { config: '{"hidden_activation": "torch.tanh"}' },
      { nonlinearity: 'tanh', output_activation: 'softmax' },
    ]) {
      assert.deepEqual(imported(metadata).assumptions, [], JSON.stringify(metadata));
    }
    const silent: Record<string, string>[] = [{}, { model: 'CharRNN', mode: 'train' }, { activation: 'softmax' }];
    for (const metadata of silent) {
      assert.match(imported(metadata).assumptions.join(' '), /taken to be tanh.*the file does not say it/);
    }
  });

  test('chooses the cell', () => {
    for (const metadata of [
      { nonlinearity: 'relu' },
      { activation: 'ReLU()' },
      { config: '{"rnn": {"nonlinearity": "relu"}}' },
      { mode: 'RNN_RELU' },
    ]) {
      const network = imported(metadata);
      assert.equal(network.cell, 'relu', JSON.stringify(metadata));
      assert.deepEqual(network.assumptions, []);
      assert.equal(importedStart(network, 'net', SETTINGS).settings.cell, 'relu');
    }
    assert.equal(imported({ nonlinearity: 'tanh' }).cell, 'tanh');
    assert.equal(imported({}).cell, 'tanh');
    // What a person says goes before what they have set for runs of their own.
    assert.equal(importedStart(imported({}), 'net', { ...SETTINGS, cell: 'relu' }).settings.cell, 'tanh');
  });

  test('of ReLU has the first loss that PyTorch computes', () => {
    const { text, params, expected, H, T, B, V } = trajectoryVector('cells/train-relu-l1-rmsprop-h16-t16-b2');
    const tensor = (name: string, parameter: string, shape: number[]) => ({
      name,
      shape,
      values: Float64Array.from(flatten(params[parameter])),
    });
    const bytes = writeSafetensors(
      [
        tensor('rnn.weight_ih_l0', 'W_xh', [H, V]),
        tensor('rnn.weight_hh_l0', 'W_ah', [H, H]),
        tensor('rnn.bias_ih_l0', 'b_h', [H]),
        { name: 'rnn.bias_hh_l0', shape: [H], values: new Float64Array(H) },
        tensor('fc.weight', 'W_ao', [V, H]),
        tensor('fc.bias', 'b_o', [V]),
      ],
      { nonlinearity: 'relu' },
    );
    const network = importNetwork(bytes, 'net.safetensors', { order: 'codepoints' });
    const run = runOf(network, text, { ...SETTINGS, sequenceLength: T, batchSize: B });
    assertClose([run.firstWindow?.firstLossNats ?? NaN], [expected.loss[0]], 1e-9, 'first loss');
  });

  test('is refused in words where it is another one', () => {
    for (const [metadata, expected] of [
      [{ nonlinearity: 'sin' }, /has the nonlinearity "sin"/],
      [
        { nonlinearity: 'tanh', activation: 'relu' },
        /says two nonlinearities, in the metadata "nonlinearity" and "activation"/,
      ],
    ] as const) {
      assert.throws(() => imported(metadata), expected);
    }
  });

  test('is what a person says, before what the file says', () => {
    const relu = imported({ activation: 'tanh' }, { nonlinearity: 'relu' });
    assert.equal(relu.cell, 'relu');
    assert.deepEqual(relu.assumptions, ['The nonlinearity is relu, as was chosen at the import; the file says tanh.']);
    assert.deepEqual(imported({ activation: 'relu' }, { nonlinearity: 'tanh' }).assumptions, [
      'The nonlinearity is tanh, as was chosen at the import; the file says relu.',
    ]);
  });
});

suite('what was assumed of an imported network', () => {
  const start = (said: SaidOfNetwork) =>
    importedStart(importNetwork(fileOfNetwork(SHUFFLED, {}), 'net.safetensors', said), 'net.safetensors', SETTINGS);

  test('is a sentence for each order', () => {
    assert.match(
      start({ order: 'codepoints' }).imported.assumptions[0],
      /characters of the text in the order of their code points, as was chosen/,
    );
    assert.match(
      start({ order: 'appearance' }).imported.assumptions[0],
      /in the order in which they first appear, as was chosen/,
    );
    assert.throws(() => start({ order: 'bytes' }), /has 19 symbols; only a network with 256/);
  });

  test('goes with the first loss, which is that of the first iteration', () => {
    const run = runOf(imported({}));
    const [[lossNats]] = rowsOf(run, 1);
    assert.equal(run.firstWindow?.firstLossNats, lossNats);
    assert.ok(Math.abs(lossNats - FIRST_LOSS) < 1e-9 * FIRST_LOSS);
    const summed = runOf(imported({}), VECTOR.text, { ...SETTINGS, reduction: 'sum' });
    assert.ok(Math.abs((summed.firstWindow?.firstLossNats ?? 0) - FIRST_LOSS) < 1e-9 * FIRST_LOSS);
  });

  test('is doubted where ReLU would do clearly better than tanh, and only where the file does not say tanh', () => {
    const { text, first } = echo();
    const symbols = {
      tokens: 'characters',
      codes: [...new Set(text)].map((symbol) => symbol.codePointAt(0) ?? 0).sort((a, b) => a - b),
    };
    const begun = (metadata: Record<string, string>, more?: number) => {
      const bytes = echoFile({ vocabulary: JSON.stringify(symbols), ...metadata }, more);
      const network = importNetwork(bytes, 'net.safetensors');
      const run = runOf(network, text);
      return withFirstLoss(importedStart(network, 'net', SETTINGS).imported, run.firstWindow ?? {});
    };
    const silent = begun({});
    assert.ok(
      Math.abs((silent.reluLossNats ?? NaN) - first.relu) < 1e-9,
      `${silent.reluLossNats}, expected ${first.relu}`,
    );
    assert.ok(
      Math.abs((silent.firstLossNats ?? NaN) - first.tanh) < 1e-9,
      `${silent.firstLossNats}, expected ${first.tanh}`,
    );
    assert.match(
      importWarning(silent, 4) ?? '',
      /with ReLU in the place of tanh it would have been.*nonlinearity="relu"/,
    );
    assert.equal(begun({ nonlinearity: 'tanh' }).reluLossNats, undefined);
    // Through three layers ReLU changes nothing, and tanh flattens three times.
    const deep = begun({}, 2);
    assertClose([deep.reluLossNats ?? NaN], [first.relu], 1e-9, 'with ReLU, of three layers');
    const flattened = echoLoss(Math.tanh(Math.tanh(Math.tanh(SIZE))));
    assertClose([deep.firstLossNats ?? NaN], [flattened], 1e-9, 'with tanh, of three layers');
    // PyTorch's network with tanh is none of ReLU.
    assert.equal(runOf(imported({})).firstWindow?.reluLossNats, undefined);
  });

  test('is doubted where that is above ln V', () => {
    const of = (said: SaidOfNetwork) => {
      const network = importNetwork(fileOfNetwork(SHUFFLED, {}), 'net.safetensors', said);
      return withFirstLoss(importedStart(network, 'net', SETTINGS).imported, runOf(network).firstWindow ?? {});
    };
    const right = { vocabulary: { name: 'v', text: JSON.stringify(SHUFFLED) } };
    assert.equal(importWarning(of(right), V), undefined);
    const warning = importWarning(of({ order: 'codepoints' }), V) ?? '';
    assert.match(
      warning,
      /first loss on this text was \d+\.\d+ nats, above ln V = 2\.944: worse than guessing all 19 symbols/,
    );
    assert.match(warning, /ids stand for other symbols.*another nonlinearity.*another kind of text/);
    const nothing = { fileName: 'x', assumptions: [], notes: [] };
    assert.equal(importWarning(nothing, V), undefined);
    assert.deepEqual(withFirstLoss(nothing, { firstLossNats: NaN }), nothing);
    assert.equal(importWarning(withFirstLoss(nothing, { firstLossNats: Math.log(V) }), V), undefined);
  });
});

suite('files of an import', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rnn-import-'));
  });
  after(() => rm(folder, { recursive: true }));

  test('of PyTorch’s own formats are recognised, and told how to be converted', async () => {
    const files: Record<string, number[]> = {
      'net.pt': [0x50, 0x4b, 0x03, 0x04, 0, 0, 8, 8, 0, 0],
      'net.pth': [0x80, 0x02, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20],
      'pytorch_model.bin': [0x80, 0x04, 0x95, 0x1a, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00],
    };
    for (const [name, bytes] of Object.entries(files)) {
      const path = join(folder, name);
      await writeFile(
        path,
        Uint8Array.from({ length: 300 }, (_, at) => bytes[at] ?? 7),
      );
      const error: unknown = await importNetworkFile(path).then(undefined, (reason: unknown) => reason);
      assert.ok(error instanceof ForeignWeights && error instanceof InputError, `${name}: ${String(error)}`);
      assert.match(error.message, /as torch\.save writes, which can hold programs and is not opened here/);
      assert.ok(error.message.length < 1000, 'a notification has room for it');
      const lines = error.conversion.trimEnd().split('\n');
      assert.equal(lines.length, 3);
      assert.ok(lines[1].includes(`torch.load("${name}"`) && lines[1].includes('weights_only=True'), lines[1]);
      assert.match(
        lines[2],
        /save_file\(weights, "(net|pytorch_model)\.safetensors", metadata=\{"vocabulary": json\.dumps\(chars\)/,
      );
    }
  });

  test('with a name that is a program stay a name', async () => {
    const path = join(folder, 'a"); import os #.pt');
    await writeFile(path, Uint8Array.of(0x50, 0x4b, 3, 4, 0, 0, 0, 0, 0));
    await assert.rejects(importNetworkFile(path), (error: unknown) => {
      assert.ok(error instanceof ForeignWeights);
      assert.ok(error.conversion.includes(String.raw`torch.load("a\"); import os #.pt"`), error.conversion);
      return true;
    });
  });

  test('with a vocabulary are regular, short and in UTF-8', async () => {
    const path = join(folder, 'vocab.json');
    await writeFile(path, '["a"]');
    await symlink(path, join(folder, 'link.json'));
    assert.deepEqual(await readVocabularyFile(join(folder, 'link.json')), { name: 'link.json', text: '["a"]' });
    await writeFile(path, Uint8Array.of(0xff, 0xfe));
    await assert.rejects(readVocabularyFile(path), /"vocab\.json" cannot be read as a vocabulary: it is not UTF-8/);
    await writeFile(path, new Uint8Array(5 * 2 ** 20));
    await assert.rejects(readVocabularyFile(path), /it has 5242880 bytes, more than/);
    await assert.rejects(readVocabularyFile(folder), /cannot be read as a vocabulary/);
    await assert.rejects(readVocabularyFile('/dev/zero'), /InputError: "zero" cannot be read as a vocabulary/);
  });
});
