import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { parseCommand } from '../../../src/cli/arguments.ts';
import { UsageError } from '../../../src/cli/errors.ts';
import { CheckpointFolder } from '../../../src/runs/disk/checkpoints.ts';
import { readRunFile } from '../../../src/runs/format/runFile.ts';
import { importNetworkFile } from '../../../src/runs/import/stateDict.ts';
import { assertClose } from '../model/vectors.ts';
import {
  BY_APPEARANCE,
  fileOfNetwork,
  FIRST_LOSS,
  NETWORK,
  SHUFFLED,
  TEXT,
  V,
  VECTOR,
} from '../runs/import/pytorchNetwork.ts';
import { copyHeadless, Headless, headless, type Outcome } from './headless.ts';

let folder: string;
before(async () => {
  folder = await copyHeadless();
  await writeFile(path('text.txt'), TEXT);
  await writeFile(path('silent.safetensors'), fileOfNetwork(SHUFFLED, {}));
  await writeFile(path('sorted.safetensors'), fileOfNetwork(VECTOR.vocabulary, { nonlinearity: 'tanh' }));
  await writeFile(path('appearance.safetensors'), fileOfNetwork(BY_APPEARANCE, {}));
  await writeFile(path('stoi.json'), JSON.stringify(Object.fromEntries(SHUFFLED.map((symbol, id) => [symbol, id]))));
});
after(() => rm(folder, { recursive: true }));

const path = (name: string): string => join(folder, name);
const SETTINGS = [
  `sequenceLength=${VECTOR.T}`,
  `batchSize=${VECTOR.B}`,
  'kernels=reference',
  'validationFraction=0',
].flatMap((setting) => ['--set', setting]);

/** Imports into a run of this name. */
function imports(file: string, run: string, ...options: string[]): Promise<Outcome> {
  return headless(
    folder,
    'import',
    path(file),
    '--text',
    path('text.txt'),
    '--out',
    path(run),
    ...SETTINGS,
    ...options,
  );
}

async function refused(expected: RegExp, code: number, file: string, ...options: string[]): Promise<void> {
  const outcome = await imports(file, 'refused', ...options);
  assert.equal(outcome.code, code, outcome.stderr);
  assert.match(outcome.stderr, expected);
  assert.equal(outcome.stdout, '');
  assert.ok(!existsSync(path('refused')), 'nothing is left');
}

suite('headless import', () => {
  test('makes a run that has PyTorch’s loss, says what it assumed, and goes on, writes text and is exported', async () => {
    const outcome = await imports('silent.safetensors', 'imported', '--vocabulary', path('stoi.json'));
    assert.equal(outcome.code, 0, outcome.stderr);
    assert.match(
      outcome.stderr,
      /assumed: The vocabulary is that of the file "stoi\.json", as was chosen at the import\./,
    );
    assert.match(outcome.stderr, /assumed: The nonlinearity is taken to be tanh/);
    assert.doesNotMatch(outcome.stderr, /warning/);
    assert.match(
      outcome.stdout,
      /imported: V=19, H=24, first loss 0\.6660 nats \(guessing: 2\.9444\)\. Go on with it: resume .*imported\n$/,
    );
    const run = await readRunFile(path('imported'));
    assert.deepEqual([run.state, run.iterations, run.settings.hiddenSize], ['paused', 0, 24]);
    assertClose([run.imported?.firstLossNats ?? NaN], [FIRST_LOSS], 1e-9, 'first loss');
    assert.equal(run.imported?.assumptions.length, 2);
    const newest = await new CheckpointFolder(path('imported')).newestReadable();
    assert.deepEqual(newest?.checkpoint.parameters, NETWORK);
    assert.deepEqual(await readFile(path('imported/text'), 'utf8'), TEXT);

    const events = path('events.jsonl');
    const resumed = await headless(folder, 'resume', path('imported'), '--iterations', '3', '--events', events);
    assert.equal(resumed.code, 0, resumed.stderr);
    const lines = (await readFile(events, 'utf8')).trimEnd().split('\n');
    const losses = lines
      .map((line) => JSON.parse(line) as Record<string, unknown>)
      .filter(({ type }) => type === 'iteration');
    assertClose([Number(losses[0].lossNats)], [FIRST_LOSS], 1e-9, 'loss of the first iteration');
    assert.equal(
      (await readRunFile(path('imported'))).imported?.assumptions.length,
      2,
      'what was assumed stays beside it',
    );
    const sampled = await headless(folder, 'sample', path('imported'), '--length', '40');
    assert.equal(sampled.code, 0, sampled.stderr);
    const exported = await headless(folder, 'export', path('imported'), '--to', 'pytorch', '--out', path('exported'));
    assert.equal(exported.code, 0, exported.stderr);
    const { vocabulary, assumptions } = await importNetworkFile(path('exported/model.safetensors'));
    assert.deepEqual([vocabulary?.codes.length, assumptions], [V, []]);
  });

  test('reads the text in the encoding that is said, which the run remembers', async () => {
    await writeFile(path('wide.txt'), Buffer.from(TEXT, 'utf16le'));
    const options = ['--vocabulary', path('stoi.json'), '--text', path('wide.txt'), '--encoding', 'utf-16le'];
    const outcome = await imports('silent.safetensors', 'wide', ...options);
    assert.equal(outcome.code, 0, outcome.stderr);
    const { text, imported } = await readRunFile(path('wide'));
    assert.equal(text?.encoding, 'utf-16le');
    assertClose([imported?.firstLossNats ?? NaN], [FIRST_LOSS], 1e-9, 'first loss');
  });

  test('takes the order that is said, and warns where the network does worse than guessing', async () => {
    for (const [file, order, isRight] of [
      ['sorted.safetensors', 'codepoints', true],
      ['appearance.safetensors', 'appearance', true],
      ['appearance.safetensors', 'codepoints', false],
    ] as const) {
      const name = `by-${order}-${isRight}`;
      const { code, stderr } = await imports(file, name, '--order', order);
      assert.equal(code, 0, stderr);
      const { imported } = await readRunFile(path(name));
      assert.equal(
        /warning: Its first loss on this text was .* above ln V .*another --vocabulary or --order/.test(stderr),
        !isRight,
      );
      if (isRight) assertClose([imported?.firstLossNats ?? NaN], [FIRST_LOSS], 1e-9, name);
      else assert.ok((imported?.firstLossNats ?? 0) > Math.log(V));
    }
    assert.deepEqual((await readRunFile(path('by-codepoints-true'))).imported?.assumptions, [
      'Its ids are taken to stand for the characters of the text in the order of their code points, as was chosen at the import.',
    ]);
  });

  test('ends with the options where nothing says what the symbols are', () =>
    refused(
      /^error: silent\.safetensors does not say what its 19 symbols are\. Say it with --vocabulary FILE\.json; .*--order codepoints .* or --order appearance/,
      1,
      'silent.safetensors',
    ));

  test('refuses other networks, texts and vocabularies in words, and leaves nothing', async () => {
    await writeFile(path('short.json'), '["a", "b"]');
    await refused(
      /"short\.json" cannot be its symbols: they are 2 symbols/,
      1,
      'silent.safetensors',
      '--vocabulary',
      path('short.json'),
    );
    await writeFile(path('other.json'), JSON.stringify([...SHUFFLED.slice(1), '?']));
    await refused(
      /characters that are not in the network's vocabulary/,
      1,
      'silent.safetensors',
      '--vocabulary',
      path('other.json'),
    );
    await writeFile(path('contradictory.safetensors'), fileOfNetwork(SHUFFLED, { chars: '["a"]' }));
    await refused(
      /has a vocabulary that cannot be its own.*1 symbol, .*--vocabulary FILE\.json/,
      1,
      'contradictory.safetensors',
    );
    const codepoints = ['--order', 'codepoints'];
    await refused(
      /a network of the cell tanh or relu, not lstm/,
      1,
      'silent.safetensors',
      ...codepoints,
      '--set',
      'cell=lstm',
    );
    await refused(/a network of 1 layer, not 2/, 1, 'silent.safetensors', ...codepoints, '--set', 'layers=2');
    await refused(
      /says the nonlinearity tanh .*, not that of the cell relu/,
      1,
      'sorted.safetensors',
      ...codepoints,
      '--set',
      'cell=relu',
    );
    await writeFile(path('net.pt'), Uint8Array.of(0x50, 0x4b, 3, 4, 0, 0, 0, 0, 0));
    await refused(/^error: "net\.pt" is a zip archive, as torch\.save writes.*torch\.load\("net\.pt"/, 1, 'net.pt');
    await mkdir(path('full'));
    await writeFile(path('full/mine'), 'mine');
    const full = await imports('sorted.safetensors', 'full', '--order', 'codepoints');
    assert.match(full.stderr, /is not empty: "mine"/);
    assert.deepEqual(await readdir(path('full')), ['mine']);
  });

  test('is ended by Ctrl-C', async () => {
    await writeFile(path('long.txt'), TEXT.repeat(60_000));
    const process = new Headless(folder, [
      ...['import', path('sorted.safetensors'), '--text', path('long.txt'), '--out', path('interrupted')],
      ...['--order', 'codepoints'],
    ]);
    await process.until(() => existsSync(path('interrupted/lock')));
    process.process.kill('SIGINT');
    assert.equal((await process.outcome()).code, 130);
    assert.ok(!existsSync(path('interrupted/lock')), 'the folder is free');
  });

  test('says what is wrong with its arguments', () => {
    const parse = (line: string) => parseCommand(['import', ...line.split(' ').filter((word) => word !== '')]);
    for (const [line, expected] of [
      ['', /import needs a safetensors file/],
      ['net --out run', /needs --text/],
      ['net --text a', /needs --out/],
      [
        'net --text a --out r --order alphabet',
        /--order is "alphabet"; it must be one of codepoints, appearance, bytes/,
      ],
      ['net --text a --out r --set cell=relu --nonlinearity tanh', /--nonlinearity and --set cell exclude each other/],
      ['net --text a --out r --nonlinearity gelu', /--nonlinearity is "gelu"; it must be one of tanh, relu/],
      ['net --text a --out r --order bytes --vocabulary v', /exclude each other/],
      ['net --text a --out r --set hiddenSize=3', /the network has its own/],
    ] as const) {
      assert.throws(
        () => parse(line),
        (error) => error instanceof UsageError && expected.test(error.message),
        line,
      );
    }
  });
});
