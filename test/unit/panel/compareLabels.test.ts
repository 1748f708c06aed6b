import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allElseEqual, caveats, runLabels } from '../../../src/panel/compare/labels.ts';
import { DEFAULT_SETTINGS, type RunSettings } from '../../../src/protocol/settings.ts';
import { differingSettings } from '../../../src/protocol/tellingSettings.ts';
import { comparedRun } from './compareFixtures.ts';

const withSettings = (settings: Partial<RunSettings>) =>
  comparedRun({ settings: { ...DEFAULT_SETTINGS, ...settings } });
const TEXT = comparedRun().text;

test('only the settings that differ become columns, and the others are told in one sentence', () => {
  const runs = [withSettings({ seed: 1 }), withSettings({ seed: 2, clipNorm: 0 }), withSettings({ seed: 1 })];
  assert.deepEqual(differingSettings(runs), ['clipNorm', 'seed']);
  const sentence = allElseEqual(runs);
  assert.match(sentence, /^All else equal: cell tanh, layers 1, hidden size 128, sequence length 50, /);
  assert.doesNotMatch(sentence, /seed|clip/);
});

test('runs of the same settings are said to be alike', () => {
  assert.match(allElseEqual([comparedRun(), comparedRun()]), /^All settings are equal: /);
});

test('a label has the fewest settings that tell the runs apart', () => {
  const runs = [
    withSettings({ hiddenSize: 64, seed: 1, batchSize: 8 }),
    withSettings({ hiddenSize: 64, seed: 2, batchSize: 8 }),
    withSettings({ hiddenSize: 64, seed: 3, batchSize: 16 }),
  ];
  assert.deepEqual(runLabels(runs), ['seed 1', 'seed 2', 'seed 3']);
});

test('different networks are called by their cell, and by their layers where these differ', () => {
  const cells = (['tanh', 'lstm', 'gru'] as const).map((cell) => withSettings({ cell }));
  assert.deepEqual(runLabels(cells), ['tanh', 'lstm', 'gru']);
  const deep = [withSettings({ cell: 'lstm' }), withSettings({ cell: 'gru', layers: 2 })];
  assert.deepEqual(runLabels(deep), ['lstm, layers 1', 'gru, layers 2']);
});

test('a learning rate stands with its optimizer where optimizers differ', () => {
  const runs = [
    withSettings({ optimizer: 'sgd', learningRate: 0.5 }),
    withSettings({ optimizer: 'adam', learningRate: 0.002 }),
    withSettings({ optimizer: 'adam', learningRate: 0.01 }),
  ];
  assert.deepEqual(runLabels(runs), ['sgd, lr 0.5', 'adam, lr 0.002', 'adam, lr 0.01']);
});

test('a name that a person gave stands alone, and files are named where they differ', () => {
  const runs = [comparedRun({ name: 'baseline' }), comparedRun({ fileName: 'other.txt' })];
  assert.deepEqual(runLabels(runs), ['baseline', 'other.txt']);
});

test('runs on the same text compare without a caveat', () => {
  assert.deepEqual(caveats([comparedRun(), comparedRun()]), []);
});

test('losses of different texts are said not to compare', () => {
  assert.ok(TEXT);
  const runs = [comparedRun(), comparedRun({ text: { ...TEXT, sha256: 'b'.repeat(64) } })];
  assert.match(caveats(runs).join(), /different texts: losses per character of different texts do not compare/);
});

test('the same text in other tokens is no other text, but has another vocabulary', () => {
  assert.ok(TEXT);
  const runs = [comparedRun(), comparedRun({ text: { ...TEXT, vocabularyId: 'bytes', trainingCharacters: 1800 } })];
  const notes = caveats(runs);
  assert.equal(notes.length, 1);
  assert.match(notes[0], /different vocabularies/);
});

test('norms under different reductions are said to stand apart', () => {
  assert.match(caveats([withSettings({ reduction: 'sum' }), comparedRun()]).join(), /T·B times as large/);
});
