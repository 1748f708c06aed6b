import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, symlinkSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { storedRun } from '../../unit/host/runsFixtures.ts';
import { freshSession, pictured, SAMPLE, train } from '../support.ts';

/** A folder with runs in it that came from somebody else, as a repository may carry them. */
const NAME = '[shakespeare.txt](command:workbench.action.terminal.new)';
const session = freshSession({
  settings: { 'rnnInspector.maxEpochs': 1_000_000, 'rnnInspector.runs.location': 'workspace' },
  files: {
    '.rnn-runs/evil/run.json': JSON.stringify(
      storedRun({ runId: 'evil', name: NAME, state: 'running', changedAt: new Date().toISOString() }),
    ),
  },
});
const runs = (): ReturnType<typeof session>['runs'] => session().runs;
const root = (): string => join(session().folder, '.rnn-runs');

test('a run that came with a folder is in the list, and is not offered', async () => {
  await runs().open();
  await runs().waitForRun('shakespeare.txt');
  await train(session(), SAMPLE, 'Quick look');
  await session().panel.waitForNumber('iteration', (iteration) => iteration > 30, 60_000);
  assert.deepEqual(await session().window.notifications(), []);
});

test('a run of this window is kept beside it', async () => {
  await session().window.runCommand('RNN Inspector: Stop');
  await runs().waitForRun('stopped');
  const kept = readdirSync(root()).filter((name) => !name.startsWith('.') && name !== 'evil');
  assert.equal(kept.length, 1, kept.join());
});

test('its name is no link in what is said of it, and a trash that is a link takes nothing', async () => {
  const { window, folder } = session();
  const outside = join(folder, 'elsewhere');
  mkdirSync(join(outside, 'thesis.2024'), { recursive: true });
  symlinkSync(outside, join(root(), '.trash'));
  await runs().select(runs().run('shakespeare.txt'));
  await window.page.keyboard.press('Delete');
  await window.waitForNotification('links in a run are not followed');
  assert.deepEqual(readdirSync(outside), ['thesis.2024']);
  await window.clearNotifications();
  unlinkSync(join(root(), '.trash'));
  await runs().select(runs().run('shakespeare.txt'));
  await pictured(session(), 'foreign-name', async () => {
    await window.page.keyboard.press('Delete');
    const message = await window.waitForNotification('Deleted the run');
    assert.ok(message.includes('[shakespeare.txt] (command:'), message);
    assert.equal(await window.page.locator('.notifications-toasts .notification-list-item-message a').count(), 0);
  });
});
