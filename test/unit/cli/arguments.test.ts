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
        file: 'text.txt',
        settings: parseSettings({ hiddenSize: 32, optimizer: 'sgd', threads: 2, kernels: 'reference' }),
        maxIterations: 7,
        eventsFile: 'e',
        inspection: 'complete',
      },
    );
  });

  test('train without options has the default settings and no limit', () => {
    assert.deepEqual(parseCommand(['train', 'text.txt']), {
      name: 'train',
      file: 'text.txt',
      settings: DEFAULT_SETTINGS,
      maxIterations: undefined,
      eventsFile: undefined,
      inspection: 'complete',
    });
  });

  test('numbers are written as JavaScript reads them, and the last of two wins', () => {
    const command = parseCommand(['train', 'f', '--set', 'learningRate=1', '--set', 'learningRate=2e-3']);
    assert.ok(command.name === 'train' && command.settings.learningRate === 0.002);
  });

  test('a file whose name begins with a hyphen follows two of them', () => {
    const command = parseCommand(['train', '--', '--help']);
    assert.ok(command.name === 'train' && command.file === '--help');
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
