import assert from 'node:assert/strict';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { RandomStream } from '../../src/common/random.ts';
import { forkRun } from '../../src/host/run/forking.ts';
import { importWeights, symbolChoices } from '../../src/host/run/importing.ts';
import { openRun } from '../../src/host/run/opening.ts';
import type { Session } from '../../src/host/session/session.ts';
import { importWarning } from '../../src/protocol/imported.ts';
import { CheckpointFolder } from '../../src/runs/disk/checkpoints.ts';
import { type NamedTensor, writeSafetensors } from '../../src/runs/format/safetensors.ts';
import { sampleText } from '../../src/text/sampleText.ts';
import { type Window, folderOf, keptWindows, reaches } from './keptWindow.ts';
import { until } from './sessions.ts';

const SYMBOLS = [...new Set(sampleText())].sort(
  (one, other) => (one.codePointAt(0) ?? 0) - (other.codePointAt(0) ?? 0),
);
const BY_APPEARANCE = [...new Set(sampleText())];
const H = 12;

/** A network of seeded numbers. @param size of them: large ones guess worse than guessing. */
function networkFile(V: number, metadata: Readonly<Record<string, string>> = {}, size = 0.1): Uint8Array {
  const random = RandomStream.seeded(7, 'text');
  const tensor = (name: string, shape: readonly number[]): NamedTensor => {
    const length = shape.reduce((product, axis) => product * axis, 1);
    return { name, shape, values: Float32Array.from({ length }, () => size * random.normal()) };
  };
  const tensors = [
    tensor('rnn.weight_ih_l0', [H, V]),
    tensor('rnn.weight_hh_l0', [H, H]),
    tensor('rnn.bias_ih_l0', [H]),
    tensor('rnn.bias_hh_l0', [H]),
    tensor('fc.weight', [V, H]),
    tensor('fc.bias', [V]),
  ];
  return writeSafetensors(tensors, metadata);
}

/** A network that knows which symbol follows which: with ReLU it says how likely, by a hidden unit for each symbol; tanh flattens that. */
function pairsFile(): Uint8Array {
  const V = SYMBOLS.length;
  const size = 4;
  const counts = new Float64Array(V * V).fill(0.1);
  const ids = Array.from(sampleText(), (symbol) => SYMBOLS.indexOf(symbol));
  for (let at = 1; at < ids.length; at++) counts[ids[at] * V + ids[at - 1]]++;
  const square = (of: (row: number, column: number) => number) =>
    Float32Array.from({ length: V * V }, (_, at) => of(Math.floor(at / V), at % V));
  const values: [string, Float32Array<ArrayBuffer>][] = [
    ['rnn.weight_ih_l0', square((unit, symbol) => (unit === symbol ? size : 0))],
    ['rnn.weight_hh_l0', new Float32Array(V * V)],
    ['fc.weight', square((next, unit) => Math.log(counts[next * V + unit]) / size)],
  ];
  return writeSafetensors(
    values.map(([name, tensor]) => ({ name, shape: [V, V], values: tensor })),
    {},
  );
}

/** What a person answers, in order; undefined is a dialog that is closed. */
interface Answers {
  readonly files: (string | undefined)[];
  readonly choices?: (RegExp | undefined)[];
  readonly buttons?: (string | undefined)[];
}

suite('Weights of another program', function () {
  this.timeout(60_000);
  const { source, openWindow, storage } = keptWindows();
  const path = (name: string): string => join(storage(), name);
  const before = ['showOpenDialog', 'showQuickPick', 'showErrorMessage', 'showWarningMessage', 'withProgress'].map(
    (name): [string, unknown] => [name, Reflect.get(vscode.window, name)],
  );
  /** What the person was asked and told. */
  let asked: string[] = [];
  setup(() => (asked = []));
  teardown(() => Object.assign(vscode.window, Object.fromEntries(before)));

  function answering({ files, choices = [], buttons = [] }: Answers): void {
    const told = (message: string) => {
      asked.push(message);
      return Promise.resolve(buttons.shift());
    };
    Object.assign(vscode.window, {
      showOpenDialog: ({ title }: vscode.OpenDialogOptions) => {
        asked.push(title ?? '');
        const name = files.shift();
        return Promise.resolve(name === undefined ? undefined : [vscode.Uri.file(path(name))]);
      },
      showQuickPick: (items: vscode.QuickPickItem[], { placeHolder }: vscode.QuickPickOptions) => {
        asked.push(placeHolder ?? '');
        const choice = choices.shift();
        return Promise.resolve(choice && items.find(({ label }) => choice.test(label)));
      },
      showErrorMessage: told,
      showWarningMessage: told,
    });
  }

  async function imported(window: Window, answers: Answers): Promise<Session> {
    answering(answers);
    await importWeights(window.launcher);
    const session = window.sessions.all.at(-1);
    assert.ok(session, asked.join('\n'));
    await until(session, () => session.status.state === 'paused');
    return session;
  }

  test('are asked about where the file says nothing, and the answer stays beside the run, after a reload and in a fork', async () => {
    const window = openWindow();
    await writeFile(path('net.safetensors'), networkFile(SYMBOLS.length));
    const session = await imported(window, { files: ['net.safetensors', 'text.txt'], choices: [/code points/] });
    assert.deepEqual(asked, [
      'Import weights',
      'The text that net.safetensors is to read',
      `The file does not say what its ${SYMBOLS.length} symbols are. What do its ids stand for?`,
    ]);
    const known = session.description.imported;
    assert.match(
      known?.assumptions.join(' ') ?? '',
      /in the order of their code points, as was chosen.*taken to be tanh/,
    );
    const uniform = Math.log(SYMBOLS.length);
    assert.ok(
      Math.abs((known?.firstLossNats ?? 0) - uniform) < 0.5,
      `${known?.firstLossNats} of a network that guesses`,
    );
    session.control('step');
    await reaches(session, 1);
    const [lossNats] = session.history.points('lossNats', 0, 1, 20).mean;
    assert.equal(
      Math.fround(known?.firstLossNats ?? 0),
      Math.fround(lossNats),
      'the first loss is that of the first iteration',
    );
    const place = folderOf(session);
    await window.close();
    const again = openWindow();
    const summary = await again.summary(place);
    assert.deepEqual(summary.run?.imported, known);
    const restored = await openRun(again.launcher, summary);
    assert.deepEqual(restored.description.imported, known);
    restored.dispose();
    const resumed = await again.resume(place, true);
    await until(resumed, () => resumed.status.state === 'paused');
    assert.deepEqual(resumed.description.imported, known, 'it goes on as what it was');
    await resumed.stop();
    await again.keeper.settled(place);
    const { run, folder } = await again.summary(place);
    const newest = await new CheckpointFolder(folder).newestReadable();
    assert.ok(run && newest);
    await forkRun(again.launcher, {
      run,
      folder,
      newest,
      source: source(),
      settings: { ...run.settings, learningRate: 0.01 },
    });
    const fork = again.sessions.all.at(-1);
    assert.ok(fork && fork !== resumed);
    await until(fork, () => fork.history.iterations > 1);
    assert.deepEqual(fork.description.imported, known);
    await again.keeper.flush(folderOf(fork));
    assert.deepEqual((await again.summary(folderOf(fork))).run?.imported, known);
  });

  test('have the symbols of the text as they first appear, or of a file, where the person says so', async () => {
    const window = openWindow();
    await writeFile(path('net.safetensors'), networkFile(SYMBOLS.length));
    await writeFile(
      path('vocab.json'),
      JSON.stringify(Object.fromEntries(BY_APPEARANCE.map((symbol, id) => [symbol, id]))),
    );
    const weights = async (session: Session) => (await session.capture()).parameters;
    const sorted = await imported(window, { files: ['net.safetensors', 'text.txt'], choices: [/code points/] });
    const appearing = await imported(window, { files: ['net.safetensors', 'text.txt'], choices: [/first appear/] });
    const files = ['net.safetensors', 'text.txt', 'vocab.json'];
    const fromFile = await imported(window, { files, choices: [/file/] });
    assert.deepEqual(await weights(appearing), await weights(fromFile));
    assert.notDeepEqual(await weights(appearing), await weights(sorted));
    assert.match(
      fromFile.description.imported?.assumptions.join(' ') ?? '',
      /vocabulary is that of the file "vocab\.json"/,
    );
    assert.equal(appearing.description.imported?.firstLossNats, fromFile.description.imported?.firstLossNats);
  });

  test('are not asked about where the file says it, and are warned of where they do worse than guessing', async () => {
    const window = openWindow();
    const metadata = { config: JSON.stringify({ itos: SYMBOLS, nonlinearity: 'tanh' }) };
    await writeFile(path('net.safetensors'), networkFile(SYMBOLS.length, metadata, 3));
    const session = await imported(window, { files: ['net.safetensors', 'text.txt'] });
    assert.equal(asked.length, 2);
    const known = session.description.imported;
    assert.deepEqual(known?.assumptions, []);
    assert.match(known?.notes.join(' ') ?? '', /The vocabulary is that of the metadata "config\.itos"/);
    assert.match((known && (importWarning(known, SYMBOLS.length) ?? '')) || '', /above ln V/);
  });

  test('with a vocabulary that cannot be theirs are refused with what is wrong, and the person may choose another', async () => {
    const window = openWindow();
    await writeFile(path('net.safetensors'), networkFile(SYMBOLS.length, { chars: '["a"]' }));
    const files = () => ['net.safetensors', 'text.txt'];
    answering({ files: files(), buttons: [undefined] });
    await importWeights(window.launcher);
    assert.match(
      asked.at(-1) ?? '',
      /has a vocabulary that cannot be its own\. The metadata "chars".*1 symbol, and the network has/,
    );
    assert.deepEqual(window.sessions.all, []);
    const session = await imported(window, {
      files: files(),
      buttons: ['Choose its symbols…'],
      choices: [/code points/],
    });
    assert.equal(session.description.imported?.assumptions.length, 2);
  });

  test('of ReLU that nobody said are imported with it where the person takes what is offered', async () => {
    const window = openWindow();
    await writeFile(path('net.safetensors'), pairsFile());
    const answers = { files: ['net.safetensors', 'text.txt'], choices: [/code points/], buttons: ['Import with ReLU'] };
    const withRelu = new Promise<Session>((resolve) => {
      const subscription = window.sessions.onDidAdd((session) => {
        if (session.description.settings.cell !== 'relu') return;
        subscription.dispose();
        resolve(session);
      });
    });
    await imported(window, answers);
    const session = await withRelu;
    assert.match(asked.at(-1) ?? '', /^net\.safetensors: Its first loss .* with ReLU in the place of tanh it would/);
    const doubted = window.sessions.all.find(({ description }) => description.settings.cell === 'tanh');
    assert.ok(doubted);
    await until(session, () => session.status.state === 'paused');
    const known = session.description.imported;
    assert.match(known?.assumptions.join(' ') ?? '', /code points.*The nonlinearity is relu, as was chosen/);
    assert.doesNotMatch(known?.assumptions.join(' ') ?? '', /taken to be tanh/);
    assert.equal(known?.reluLossNats, undefined);
    const before = doubted.description.imported?.reluLossNats ?? NaN;
    assert.ok(Math.abs((known?.firstLossNats ?? 0) - before) < 1e-4, `${known?.firstLossNats} and ${before}`);
  });

  test('that the text is not for leave nothing but the reason', async () => {
    const window = openWindow();
    await writeFile(path('net.safetensors'), networkFile(SYMBOLS.length - 1));
    answering({ files: ['net.safetensors', 'text.txt'], choices: [/code points/] });
    await assert.rejects(
      importWeights(window.launcher),
      /has \d+ symbols and no vocabulary says which; "text\.txt" has/,
    );
    const other = JSON.stringify([...SYMBOLS.slice(1), '€']);
    await writeFile(path('net.safetensors'), networkFile(SYMBOLS.length, { chars: other }));
    answering({ files: ['net.safetensors', 'text.txt'] });
    await assert.rejects(importWeights(window.launcher), /characters that are not in the network's vocabulary/);
    assert.deepEqual(window.sessions.all, []);
    assert.ok(!(await readdir(storage())).includes('runs') || (await readdir(path('runs'))).length === 0);
  });

  test('are left, with nothing behind them, where the person ends the reading of the text', async () => {
    const window = openWindow();
    const titles: (string | undefined)[] = [];
    const ending: typeof vscode.window.withProgress = ({ title, cancellable }, work) => {
      titles.push(title);
      assert.ok(cancellable);
      const onCancellationRequested = (cancel: () => void): vscode.Disposable => {
        cancel();
        return { dispose: () => undefined };
      };
      const token = { isCancellationRequested: true, onCancellationRequested } as unknown as vscode.CancellationToken;
      return work({ report: () => undefined }, token);
    };
    Object.assign(vscode.window, { withProgress: ending });
    await writeFile(path('long.txt'), sampleText().repeat(200));
    await writeFile(path('net.safetensors'), networkFile(SYMBOLS.length));
    answering({ files: ['net.safetensors', 'long.txt'], choices: [/code points/] });
    await importWeights(window.launcher);
    assert.deepEqual(titles, ['Importing net.safetensors: reading long.txt']);
    assert.deepEqual(window.sessions.all, []);
    assert.ok(!(await readdir(storage())).includes('runs') || (await readdir(path('runs'))).length === 0);
  });

  test('of torch.save are told how to be converted, on the clipboard where that is wished', async () => {
    const window = openWindow();
    await writeFile(path('net.pt'), Uint8Array.of(0x50, 0x4b, 3, 4, 0, 0, 0, 0, 0));
    answering({ files: ['net.pt'], buttons: ['Copy the Python'] });
    await importWeights(window.launcher);
    assert.match(asked.at(-1) ?? '', /"net\.pt" is a zip archive, as torch\.save writes/);
    let copied = '';
    for (let tries = 0; !copied.includes('torch') && tries < 100; tries++) {
      copied = await vscode.env.clipboard.readText();
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    assert.match(copied, /^import json, torch, safetensors\.torch\nweights = .*torch\.load\("net\.pt"/);
    assert.deepEqual(window.sessions.all, []);
  });

  test('begin nothing where the person closes a question', async () => {
    const window = openWindow();
    await writeFile(path('net.safetensors'), networkFile(SYMBOLS.length));
    for (const answers of [
      { files: [undefined] },
      { files: ['net.safetensors', undefined] },
      { files: ['net.safetensors', 'text.txt'], choices: [undefined] },
      { files: ['net.safetensors', 'text.txt', undefined], choices: [/file/] },
    ]) {
      answering(answers);
      await importWeights(window.launcher);
      assert.deepEqual(window.sessions.all, []);
    }
  });

  test('of 256 symbols may be of bytes', () => {
    const network = (V: number) => ({ shape: { V, H } }) as unknown as Parameters<typeof symbolChoices>[0];
    assert.deepEqual(
      [256, 255].map((V) => symbolChoices(network(V)).map(({ order }) => order)),
      [
        ['bytes', 'codepoints', 'appearance', undefined],
        ['codepoints', 'appearance', undefined],
      ],
    );
  });
});
