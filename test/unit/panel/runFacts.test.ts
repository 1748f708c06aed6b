import assert from 'node:assert/strict';
import { test } from 'node:test';
import { factsText } from '../../../src/panel/state/runFacts.ts';
import type { RunDescription } from '../../../src/protocol/panel.ts';
import { DEFAULT_SETTINGS } from '../../../src/protocol/settings.ts';

const starting: RunDescription = {
  runId: 'run',
  fileName: 'text.txt',
  settings: { ...DEFAULT_SETTINGS, clipNorm: 0 },
  sampling: { prompt: '', length: 10, temperature: 1, topK: 0 },
};

test('names text, shape, optimizer, clipping, loss, seed and parameters, with no break inside an equation', () => {
  const facts = {
    vocabulary: ['a', 'b'],
    parameterCount: 1234,
    trainingCharacters: 1_003_855,
    validationCharacters: 0,
    iterationsPerEpoch: 1,
    iterationsTotal: 1,
    memoryBytes: 1,
    kernels: 'scalar',
    threads: 1,
  };
  assert.equal(
    factsText({ ...starting, facts }).replaceAll(/[\u00a0\u202f]/g, '_'),
    '1_003_855 characters, no validation · V_=_2, H_=_128, T_=_50, B_=_32 · adam 0.002, no clipping, mean loss · seed 1 · 1_234 parameters',
  );
});

test('says nothing before the text is read', () => {
  assert.equal(factsText(starting), '');
});
