import assert from 'node:assert/strict';
import { test } from 'node:test';
import { textsIn } from '../../l10n/strings.ts';
import { freshSession, SAMPLE } from './support.ts';

const session = freshSession({ language: 'de', settings: { 'rnnInspector.maxEpochs': 1 } });
const german = textsIn('l10n/bundle.l10n.de.json');

test('a person whose VS Code is German is offered German commands, choices and states', async () => {
  const { window } = session();
  await window.openFile(SAMPLE);
  await window.runCommand('RNN Inspector: RNN mit Datei trainieren');
  const offered = await window.quickPickItems();
  assert.ok(offered.includes(german['My settings']), offered.join());
  await session().picture('german-presets');
  await window.pickQuickPick(german['Quick look']);
  await window.statusBarItem(`RNN ${german.finished}`).waitFor({ timeout: 60_000 });
  assert.equal(await session().panel.frame.locator('html').getAttribute('lang'), 'de');
  await window.page.locator('.activitybar .action-item', { has: window.page.getByLabel('RNN Inspector') }).click();
  const row = window.page.getByRole('tree', { name: 'RNN-Läufe' }).locator('.monaco-list-row[aria-level="2"]').first();
  await row.filter({ hasText: german.finished }).waitFor({ timeout: 30_000 });
  assert.match((await row.getAttribute('aria-label')) ?? '', /bester Validierungs-Loss \d\.\d{3} nats/);
  await session().picture('german-runs');
});
