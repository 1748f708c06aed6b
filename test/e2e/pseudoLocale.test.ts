import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Locator } from 'playwright-core';
import { TO_COME } from '../../l10n/rooms.ts';
import { textsIn } from '../../l10n/strings.ts';
import { pseudoText, untranslatedWords } from '../pseudoLocale.ts';
import { PSEUDO } from '../workbench/languages.ts';
import { clippedTexts, shownTexts } from '../workbench/shownTexts.ts';
import { freshSession, SAMPLE } from './support.ts';

/** In the language that nobody speaks: what is not in its brackets was written into the code. */
const session = freshSession({ language: PSEUDO, settings: { 'rnnInspector.maxEpochs': 0.3 } });

/** What is the same in every language: names, settings and their values, symbols, units. */
const NAMES: readonly (string | RegExp)[] = [
  ...[SAMPLE, 'RNN Gradient Inspector', 'RNN Inspector', 'RNN', 'min-char-rnn', 'LSTM', 'GRU', 'lr', 'nats', 'bits'],
  /\b(adam|adagrad|sgd|lstm|gru|mean|sum|normal|uniform|relaxed|tanh)\b/u,
  /\p{L}_\p{L}+/u,
  /\b[kMGT]B\b/u,
];
/** Parts of VS Code itself within its quick pick, which stay English. */
const OF_VSCODE = /monaco-(keybinding|count-badge|progress)/;
/** What rooms show within those that are translated, as long as l10n/rooms.ts says that they are to come. */
const STILL_ENGLISH: Readonly<Record<string, RegExp>> = {
  'src/network/': /^[∂\p{L}_]+: /u,
  'src/panel/views/': /^(How to read: |Save\b|Unit of the loss$|\w+ per character \(|Shades of probability|less$)/,
};
const bundle = textsIn('l10n/bundle.l10n.json');

/** A text of the sources as this window shows it. */
function shown(message: string): string {
  assert.ok(message in bundle, `nobody says "${message}" any more`);
  return pseudoText(message);
}

function isToCome(text: string): boolean {
  return Object.entries(STILL_ENGLISH).some(([room, pattern]) => TO_COME.includes(room) && pattern.test(text));
}

async function assertTranslated(within: Locator): Promise<void> {
  const wrong = (await shownTexts(within))
    .filter(({ text, place }) => !OF_VSCODE.test(place) && !isToCome(text))
    .filter(({ text }) => untranslatedWords(text, NAMES).length > 0)
    .map(({ text, place }) => `${place}: ${text}`);
  assert.deepEqual([...new Set(wrong)], []);
}

test('the palette offers every command in the person’s language', async () => {
  const { window } = session();
  const offered = await window.commandsMatching('RNN Inspector: ⟦');
  assert.ok(offered.length > 5, offered.join());
  for (const title of offered) assert.deepEqual(untranslatedWords(title, NAMES), [], title);
});

test('the choice of settings and the status bar have no text of the code', async () => {
  const { window } = session();
  await window.openFile(SAMPLE);
  await window.runCommand(window.titleOf('train'));
  await window.quickPickItems();
  await session().picture('pseudo-presets');
  await assertTranslated(window.quickInput);
  await window.pickQuickPick(shown('Quick look'));
  const item = window.statusBarItem(`RNN ${shown('finished')}`);
  await item.waitFor({ timeout: 60_000 });
  await assertTranslated(item);
});

test('the list of runs has no text of the code, and neither has the menu of a run', async () => {
  const { window } = session();
  await window.page.locator('.activitybar .action-item', { has: window.page.getByLabel('RNN Inspector') }).click();
  const tree = window.page.locator('.part.sidebar .monaco-list-row[aria-level="2"]');
  const row = tree.filter({ hasText: shown('finished') }).first();
  await row.waitFor({ timeout: 30_000 });
  await assertTranslated(row);
  for (const entry of await window.contextMenu(row)) assert.deepEqual(untranslatedWords(entry, NAMES), [], entry);
  await session().picture('pseudo-runs');
});

test('a comparison has no text of the code and no label that is cut off, wide and narrow', async () => {
  const { window, panel } = session();
  await window.page.keyboard.press('ControlOrMeta+1');
  await window.runCommand(window.titleOf('train'));
  await window.pickQuickPick('min-char-rnn');
  const rows = window.page.locator('.part.sidebar .monaco-list-row[aria-level="2"]');
  await rows
    .filter({ hasText: shown('finished') })
    .nth(1)
    .waitFor({ timeout: 60_000 });
  await session().runs.select(rows.nth(0), rows.nth(1));
  await session().runs.pick(rows.nth(1), pseudoText('Compare runs'));
  await window.closeTab('RNN:');
  const title = shown('Comparison of {count} runs').replace('{count}', '2');
  await panel.waitForText('compare-title', (text) => text === title);
  const page = panel.frame.locator('body');
  for (const help of await panel.frame.locator('.help-button:visible').all()) await help.click();
  await session().picture('pseudo-comparison');
  await assertTranslated(page);
  for (const width of [1440, 760]) {
    await window.resize(width, 900);
    await panel.frame.locator('body').evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
    assert.deepEqual(await clippedTexts(page), [], `${width} px`);
  }
  await session().picture('pseudo-comparison-narrow');
  // What looks for such texts sees one.
  await page.evaluate((body) => {
    const label = Object.assign(document.createElement('p'), {
      textContent: 'too long for its place',
      className: 'cut',
    });
    Object.assign(label.style, { width: '40px', overflow: 'hidden', whiteSpace: 'nowrap' });
    body.append(label);
  });
  assert.deepEqual(await clippedTexts(page), ['p.cut: too long for its place']);
  await assert.rejects(assertTranslated(page), /too long for its place/);
});
