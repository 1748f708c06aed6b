import assert from 'node:assert/strict';
import { test } from 'node:test';
import { promptProblem } from '../../../src/panel/state/promptProblem.ts';
import type { RunDescription } from '../../../src/protocol/panel.ts';
import { DEFAULT_SETTINGS } from '../../../src/protocol/settings.ts';

const description: RunDescription = {
  runId: 'run',
  fileName: 'text.txt',
  settings: DEFAULT_SETTINGS,
  sampling: { prompt: '', length: 10, temperature: 1, topK: 0 },
  facts: {
    vocabulary: ['a', 'b', '🙂'],
    parameterCount: 1,
    trainingCharacters: 10,
    validationCharacters: 0,
    iterationsPerEpoch: 1,
    iterationsTotal: 1,
    memoryBytes: 1,
    kernels: 'scalar',
    threads: 1,
  },
};

test('a prompt of known symbols, or none, has no problem', () => {
  assert.equal(promptProblem('', description), undefined);
  assert.equal(promptProblem('ab🙂', description), undefined);
});

test('the first unknown symbol is named, whole', () => {
  assert.match(promptProblem('a😀c', description) ?? '', /😀/);
});

test('before the text is read, and with bytes, the run itself decides', () => {
  const starting = { ...description };
  delete starting.facts;
  assert.equal(promptProblem('c', starting), undefined);
  assert.equal(promptProblem('c', { ...description, settings: { ...DEFAULT_SETTINGS, tokens: 'bytes' } }), undefined);
});
