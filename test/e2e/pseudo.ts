import assert from 'node:assert/strict';
import type { Locator } from 'playwright-core';
import { textsIn } from '../../l10n/strings.ts';
import { pseudoText, untranslatedWords } from '../pseudoLocale.ts';
import { shownTexts } from '../workbench/shownTexts.ts';
import { SAMPLE } from './support.ts';

/** What tests in the language that nobody speaks have in common: what is not in its brackets was written into the code. */

/** What is the same in every language: names, settings and their values, symbols, units. */
const NAMES: readonly (string | RegExp)[] = [
  ...[SAMPLE, 'RNN Gradient Inspector', 'RNN Inspector', 'RNN', 'min-char-rnn', 'LSTM', 'GRU', 'lr', 'nats', 'bits'],
  /\b(adam|adagrad|sgd|lstm|gru|mean|sum|normal|uniform|relaxed|tanh)\b/u,
  /\p{L}_\p{L}+/u,
  /\b[kMGT]B\b/u,
];
/** Parts of VS Code itself within its quick pick, which stay English. */
const OF_VSCODE = /monaco-(keybinding|count-badge|progress)/;
const bundle = textsIn('l10n/bundle.l10n.json');

/** A text of the sources as such a window shows it. */
export function shown(message: string): string {
  assert.ok(message in bundle, `nobody says "${message}" any more`);
  return pseudoText(message);
}

export function untranslated(text: string): string[] {
  return untranslatedWords(text, NAMES);
}

/** @param but what people wrote, or the network did: elements that it matches are left out, with all in them. */
export async function assertTranslated(within: Locator, but: readonly string[] = []): Promise<void> {
  const wrong = (await shownTexts(within, ['script', 'style', ...but].join()))
    .filter(({ text, place }) => !OF_VSCODE.test(place) && untranslated(text).length > 0)
    .map(({ text, place }) => `${place}: ${text}`);
  assert.deepEqual([...new Set(wrong)], []);
}
