import assert from 'node:assert/strict';
import { test } from 'node:test';
import { factsText } from '../../../src/panel/state/runFacts.ts';
import { DEFAULT_SETTINGS } from '../../../src/protocol/settings.ts';
import { description, FACTS } from './fixtures.ts';

test('names text, shape, optimizer, clipping, loss, seed and parameters, with no break inside an equation', () => {
  const facts = {
    ...FACTS,
    vocabulary: ['a', 'b'],
    parameterCount: 1234,
    trainingCharacters: 1_003_855,
    validationCharacters: 0,
    kernels: 'relaxed',
    threads: 3,
  };
  const settings = { ...DEFAULT_SETTINGS, clipNorm: 0 };
  assert.equal(
    factsText(description({ facts, settings })).replaceAll(/[\u00a0\u202f]/g, '_'),
    '1_003_855 characters, no validation · V_=_2, H_=_128, T_=_50, B_=_32 · adam 0.002, no clipping, mean loss · seed 1 · 1_234 parameters · relaxed kernels on 3 threads',
  );
});

test('names the cell where it is not that of the derivation', () => {
  const settings = { ...DEFAULT_SETTINGS, cell: 'relu' } as const;
  assert.match(factsText(description({ settings })), /B\u00a0=\u00a0\d+, relu cell · adam/);
});

test('says nothing before the text is read', () => {
  const starting = description();
  delete starting.facts;
  assert.equal(factsText(starting), '');
});
