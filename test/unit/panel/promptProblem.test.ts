import assert from 'node:assert/strict';
import { test } from 'node:test';
import { promptProblem } from '../../../src/panel/state/promptProblem.ts';
import { DEFAULT_SETTINGS } from '../../../src/protocol/settings.ts';
import { description, FACTS } from './fixtures.ts';

const run = description({ facts: { ...FACTS, vocabulary: ['a', 'b', '🙂'] } });

test('a prompt of known symbols, or none, has no problem', () => {
  assert.equal(promptProblem('', run), undefined);
  assert.equal(promptProblem('ab🙂', run), undefined);
});

test('every unknown symbol is named, whole and with its value', () => {
  assert.match(promptProblem('a😀c', run) ?? '', /^The characters "😀" \(U\+1F600\) and "c" \(U\+0063\) do not occur/);
});

test('before the text is read, and with bytes, the run itself decides', () => {
  const starting = { ...run };
  delete starting.facts;
  assert.equal(promptProblem('c', starting), undefined);
  assert.equal(promptProblem('c', { ...run, settings: { ...DEFAULT_SETTINGS, tokens: 'bytes' } }), undefined);
});
