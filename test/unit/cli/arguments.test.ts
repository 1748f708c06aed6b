import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { parseCommand } from '../../../src/cli/arguments.ts';
import { UsageError } from '../../../src/cli/errors.ts';
import { DEFAULT_SETTINGS, parseSettings } from '../../../src/protocol/settings.ts';

suite('arguments', () => {
  test('train takes settings, iterations, events, threads and kernels, before or after the file', () => {
    assert.deepEqual(
      parseCommand(
        'train --set hiddenSize=32 text.txt --set optimizer=sgd --threads 2 --kernels reference --iterations 7 --events e'.split(
          ' ',
        ),
      ),
      {
        name: 'train',
        text: { path: 'text.txt' },
        settings: parseSettings({ hiddenSize: 32, optimizer: 'sgd', threads: 2, kernels: 'reference' }),
        maxIterations: 7,
        eventsFile: 'e',
        inspection: 'complete',
        keep: undefined,
      },
    );
  });

  test('a run that would wait is refused wherever it is asked for, with where runs can wait', () => {
    for (const line of ['train f', 'fork r --out n', 'import w --text f --out n']) {
      const asked = (): unknown => parseCommand(`${line} --set startPaused=yes`.split(' '));
      assert.throws(
        asked,
        (error) => error instanceof UsageError && error.message.includes('in VS Code runs can start paused'),
      );
      assert.doesNotThrow(() => parseCommand(`${line} --set startPaused=no`.split(' ')));
    }
    assert.throws(() => parseCommand('resume r --set startPaused=no'.split(' ')), /the run keeps its startPaused/);
  });

  test('train without options has the default settings and no limit', () => {
    assert.deepEqual(parseCommand(['train', 'text.txt']), {
      name: 'train',
      text: { path: 'text.txt' },
      settings: DEFAULT_SETTINGS,
      maxIterations: undefined,
      eventsFile: undefined,
      inspection: 'complete',
      keep: undefined,
    });
  });

  test('train keeps a run where it is told to: every 30 seconds, with a text of up to 16 MB', () => {
    const kept = (line: string) => {
      const command = parseCommand(line.split(' '));
      return command.name === 'train' ? command.keep : undefined;
    };
    assert.deepEqual(kept('train f --out runs/a'), {
      folder: 'runs/a',
      checkpointSeconds: 30,
      keepTextBytes: 16 * 2 ** 20,
      metricsBytes: 50 * 2 ** 20,
    });
    assert.deepEqual(kept('train f --out a --checkpoint-every 0.5 --keep-text 0 --keep-metrics 10'), {
      folder: 'a',
      checkpointSeconds: 0.5,
      keepTextBytes: 0,
      metricsBytes: 10 * 2 ** 20,
    });
    const wrong = ['checkpoint-every 3', 'keep-text 3', 'keep-metrics 30', 'out= ', 'out a --keep-metrics 9'];
    for (const line of wrong.map((option) => `train f --${option}`)) {
      assert.throws(() => kept(line), UsageError);
    }
  });

  test('resume, export and sample take the folder of a run', () => {
    assert.deepEqual(
      parseCommand('resume r --iterations 9 --epochs 2.5 --threads 2 --events e --text kept'.split(' ')),
      {
        name: 'resume',
        folder: 'r',
        maxIterations: 9,
        changes: { maxEpochs: 2.5, threads: 2 },
        eventsFile: 'e',
        inspection: 'complete',
        checkpointSeconds: 30,
        metricsBytes: 50 * 2 ** 20,
        text: 'kept',
        takesOver: false,
      },
    );
    assert.throws(() => parseCommand('fork r --out n --take-over'.split(' ')), /take-over/);
    const taking = parseCommand('resume r --take-over'.split(' '));
    assert.ok(taking.name === 'resume' && taking.takesOver);
    assert.deepEqual(parseCommand('export r --to pytorch --out o --checkpoint best'.split(' ')), {
      name: 'export',
      folder: 'r',
      format: 'pytorch',
      out: 'o',
      checkpoint: 'best',
    });
    assert.deepEqual(parseCommand('sample r --prompt x --length 5 --top-k 3 --checkpoint 120'.split(' ')), {
      name: 'sample',
      folder: 'r',
      prompt: 'x',
      length: 5,
      temperature: undefined,
      topK: 3,
      seed: 0,
      checkpoint: 120,
    });
  });

  test('names the option of a run that is wrong, and what it may be', () => {
    for (const [line, message] of [
      ['resume', /^resume needs a run's folder\.$/],
      ['resume a b', /takes one run's folder; "b" is one too many/],
      ['resume r --iterations 0', /--iterations is "0"; it must be a whole number from 1\.$/],
      ['resume r --file t --text kept', /exclude each other/],
      ['resume r --text new', /--text is "new"; it must be kept\.$/],
      ['export r', /export needs --to with one of .*pytorch/],
      ['export r --to xml', /--to is "xml"; it must be one of/],
      [
        'export r --to csv --checkpoint best',
        /--checkpoint belongs to --to .*pytorch.*; --to csv exports the whole run/,
      ],
      ['sample r --temperature 9', /--temperature is "9"; it must be a number from 0 to 5\.$/],
      ['sample r --checkpoint first', /it must be last, best or a number of iterations/],
    ] as const) {
      assert.throws(() => parseCommand(line.split(' ')), { name: 'UsageError', message });
    }
  });

  test('settings that do not fit one another are wrong arguments', () => {
    const train = (cell: string) => () =>
      parseCommand(['train', 'f', '--set', `cell=${cell}`, '--set', 'initialBias=chrono']);
    assert.throws(train('relu'), {
      name: 'UsageError',
      message: /initialBias is chrono, and the cell relu has no gate/,
    });
    assert.doesNotThrow(train('gru'));
  });

  test('numbers are written as JavaScript reads them, and the last of two wins', () => {
    const command = parseCommand(['train', 'f', '--set', 'learningRate=1', '--set', 'learningRate=2e-3']);
    assert.ok(command.name === 'train' && command.settings.learningRate === 0.002);
  });

  test('a file whose name begins with a hyphen follows two of them', () => {
    const command = parseCommand(['train', '--', '--help']);
    assert.ok(command.name === 'train' && command.text !== 'sample' && command.text.path === '--help');
  });

  test('help comes before everything else that is wrong', () => {
    assert.deepEqual(parseCommand(['fly', '--help']), { name: 'help' });
    assert.deepEqual(parseCommand(['-v']), { name: 'version' });
  });

  test('a message is one sentence, whoever words it', () => {
    for (const argv of [
      ['train', 'f', '--x'],
      ['train', 'f', '--set'],
      ['train', 'f', '--set', '--events'],
      ['train', ''],
    ]) {
      assert.throws(
        () => parseCommand(argv),
        (error) => error instanceof UsageError && /^[^\n]+\.$/.test(error.message),
      );
    }
  });
});
