import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { sampleText } from '../../src/text/sampleText.ts';
import { isLong, longTest } from '../run/amount.ts';
import { openReport } from './saving.ts';
import { freshSession, iterationIn, pictured, SAMPLE, train } from './support.ts';

const CHANGING = 'changing.txt';
/** Runs go on until they are stopped, and a checkpoint is never far. */
const session = freshSession({
  settings: { 'rnnInspector.maxEpochs': 1_000_000, 'rnnInspector.runs.checkpointSeconds': 1 },
  files: { [CHANGING]: sampleText() },
});
const panel = (): ReturnType<typeof session>['panel'] => session().panel;
const runs = (): ReturnType<typeof session>['runs'] => session().runs;

/** What VS Code itself writes to the console when the process of its extensions is killed. */
const CRASH_NOISE = [
  /CloseEvent/,
  /Connection error: Unknown reconnection token/,
  /error control message when negotiating connection/,
  /permanent error occurred in the reconnecting loop/,
  /Extension host \(Remote\) terminated unexpectedly/,
];

async function waitForState(word: RegExp): Promise<void> {
  await panel().waitForText('state', (state) => word.test(state), 60_000);
}

/** Waits until the run is so many iterations further than it was. */
function trainedOn(from: number, iterations = 100): Promise<number> {
  return panel().waitForNumber('iteration', (iteration) => iteration > from + iterations, 60_000);
}

test('after a crash a notification says what is lost, and the panel that was left behind is replaced', async () => {
  await pictured(session(), 'runs-crash', async () => {
    const { window } = session();
    await train(session(), SAMPLE, 'Quick look');
    await runs().open();
    await runs().waitForRun('running');
    await trainedOn(0, 300);
    await session().killExtensionHost();
    const message = await window.waitForNotification('was interrupted');
    assert.match(message, /about (a second|\d+ seconds) of training (is|are) lost/);
    await waitForState(/interrupted/i);
    const stood = await panel().readTestId('message');
    assert.match(stood, /^Interrupted after/);
    const checkpoint = iterationIn(message);
    assert.ok(checkpoint > 0 && checkpoint <= (await panel().readNumber('iteration')), `${message} ${stood}`);
    assert.equal(await window.page.locator('.tabs-container .tab[aria-label^="RNN:"]').count(), 1);
    await runs().waitForRun('interrupted');
    assert.deepEqual(
      session()
        .errors.take()
        .filter((error) => !CRASH_NOISE.some((pattern) => pattern.test(error))),
      [],
    );
  });
  await session().window.setTheme('light');
  await session().picture('runs-crash-light');
  await session().window.setTheme('dark');
});

test('Resume in the notification goes on from the checkpoint', async () => {
  const { window } = session();
  const checkpoint = iterationIn(await window.waitForNotification('was interrupted'));
  await window.clickNotification('was interrupted', 'Resume');
  await waitForState(/running/i);
  await trainedOn(checkpoint);
  await panel().waitForNumber('loss-smoothed', (lossNats) => lossNats < 1.5);
  await runs().waitForRun('running');
  assert.equal(await runs().runs.count(), 1, 'it is the same run');
  await window.runCommand('RNN Inspector: Stop');
  await waitForState(/stopped/i);
});

test('a run is renamed by F2, and pinned', async () => {
  const { window } = session();
  await runs().open();
  await runs().select(runs().run('lr 0.005').last());
  await panel().waitForText('file', (file) => file === SAMPLE);
  assert.equal(await session().window.page.locator('.tabs-container .tab[aria-label^="RNN: sample"]').count(), 1);
  await window.page.keyboard.press('F2');
  const input = window.quickInput.locator('input').first();
  await input.waitFor();
  await input.fill('the first');
  await window.page.keyboard.press('Enter');
  assert.match(await runs().waitForRun('the first'), /lr 0\.005/, 'a name does not hide the settings');
  await runs().press(runs().run('the first'), 'Pin run');
  await runs().waitForRun(/the first.*pinned/s);
});

test('a fork with another learning rate is a run of its own, which goes on where the first one stands', async () => {
  const { window } = session();
  const count = await runs().runs.count();
  const stood = await panel().readNumber('iteration');
  await runs().pick(runs().run('the first'), 'Fork run');
  // The newest of its checkpoints.
  await window.pickQuickPick();
  await window.pickQuickPick('learningRate');
  const input = window.quickInput.locator('input').first();
  await window.page.waitForFunction(() => {
    return document.querySelector<HTMLInputElement>('.quick-input-widget input')?.value === '0.005';
  });
  await input.fill('0.001');
  await window.page.keyboard.press('Enter');
  await window.quickInput.getByText('learningRate 0.005 → 0.001').waitFor();
  await session().picture('runs-fork');
  await window.page.keyboard.press('Enter');
  await waitForState(/running/i);
  await trainedOn(stood);
  assert.match(await panel().readTestId('facts'), /adam 0\.001/);
  const row = await runs().waitForRun(/\(fork\).*lr 0\.001/s);
  const [, from] = /fork of “the first” from iteration ([\d\u202f]+)/.exec(row) ?? [];
  assert.ok(from !== undefined && Number(from.replaceAll('\u202f', '')) <= stood, row);
  assert.equal(await panel().readTestId('fork'), `fork of “the first” from iteration ${from}`);
  await session().picture('runs-forked');
  await runs().waitForCount(count + 1);
  await window.runCommand('RNN Inspector: Stop');
  await waitForState(/stopped/i);
});

longTest('a comparison says of what a run is a fork, by the letter of the other one', async () => {
  const { window } = session();
  const [first, fork] = [runs().run('the first').last(), runs().run('(fork)')];
  await runs().select(first, fork);
  await runs().pick(fork, 'Compare runs');
  await window.closeTab('RNN:');
  await panel().waitForText('compare-title', (title) => title === 'Comparison of 2 runs');
  const told = panel().frame.locator('.run-fork');
  assert.equal(await told.count(), 1);
  assert.match(await told.innerText(), /^fork of “[AB] the first” from iteration [\d\u202f]+$/);
  await session().picture('runs-fork-compared');
  await window.closeTab('Compare:');
  await runs().select(fork);
  await waitForState(/stopped/i);
});

test('a run is deleted by a key and brought back', async () => {
  const { window } = session();
  const count = await runs().runs.count();
  // A run that has just been stopped says for a moment that it is under way; its row is a new one afterwards.
  await runs().waitForRun(/\(fork\).*stopped/s);
  await runs().select(runs().run('(fork)'));
  await runs().waitUntilFocused('(fork)');
  await window.page.keyboard.press('Delete');
  assert.match(await window.waitForNotification('Deleted the run'), /\(fork\)/);
  await runs().waitForCount(count - 1);
  await window.clickNotification('Deleted the run', 'Undo');
  await runs().waitForCount(count);
  await runs().waitForRun('(fork)');
});

test('text is sampled from a checkpoint without training', async () => {
  const { window } = session();
  await runs().pick(runs().run('(fork)'), 'Sample from checkpoint…');
  await window.pickQuickPick();
  const input = window.quickInput.locator('input').first();
  await window.page.locator('.quick-input-widget:visible').getByText('goes on from').waitFor();
  await input.fill('The ');
  await window.page.keyboard.press('Enter');
  const text = await panel().waitForText('sample-text', (shown) => shown.startsWith('The '));
  assert.ok(text.length > 100, text);
  assert.match(await panel().readTestId('state'), /stopped/i);
  // The text comes first, then the keyboard's focus, which closes any menu.
  await panel().frame.locator('[data-testid="prompt"]:focus-within').waitFor();
});

test('a report is one page that needs no network', async () => {
  const { window, folder } = session();
  const path = join(folder, 'report.html');
  await runs().pick(runs().run('(fork)'), 'Export run');
  await window.pickQuickPick('Report');
  const input = window.quickInput.locator('input').first();
  await window.page.waitForFunction(
    () => document.querySelector<HTMLInputElement>('.quick-input-widget input')?.value.endsWith('.html') === true,
  );
  await input.fill(path);
  await window.page.keyboard.press('Enter');
  await window.waitForNotification('Exported to report.html');
  assert.ok(existsSync(path));
  const report = await openReport(path, (scheme) => session().picturePath(`report-${scheme}`));
  assert.deepEqual([report.requests, report.errors], [[], []]);
  assert.match(report.title, /sample\.txt|the first/);
  assert.ok(report.curves > 3, `${report.curves} curves`);
  assert.ok(report.width <= report.viewport, `the page is ${report.width} px wide in a window of ${report.viewport}`);
});

longTest(
  'a second window watches the run that another one owns, and takes it over once the person says so',
  async () => {
    await runs().select(runs().run('(fork)'));
    await panel().waitForText('state', (state) => /stopped/i.test(state));
    await panel().click('button-resume');
    await waitForState(/running/i);
    // The run goes on without its panel, which would only draw beside the other one.
    await session().window.closeTab('RNN:');
    const other = await session().openOtherWindow();
    await other.runs.open();
    const row = other.runs.run('elsewhere');
    await row.waitFor({ timeout: 30_000 });
    await other.runs.select(row);
    await other.panel.waitForText('message', (text) => text.includes('VS Code window on '));
    const seen = await other.panel.readNumber('iteration');
    await other.panel.waitForNumber('iteration', (iteration) => iteration > seen + 100, 60_000);
    for (const button of ['button-pause', 'button-step', 'button-stop']) {
      assert.ok(await other.panel.testId(button).evaluate((element) => element.hasAttribute('disabled')), button);
    }
    if (isLong()) await other.window.page.screenshot({ path: session().picturePath('runs-other-window') });
    const entries = await other.window.contextMenu(row);
    assert.ok(entries.includes('Open run'), entries.join());
    for (const entry of ['Resume run', 'Delete run', 'Rename run']) assert.ok(!entries.includes(entry), entries.join());
    assert.ok(entries.includes('Take over run…'), entries.join());
    await other.window.page.keyboard.press('Escape');
    await other.panel.click('action-resume');
    const dialog = other.window.page.locator('.monaco-dialog-box');
    await dialog.waitFor();
    assert.match(
      (await dialog.textContent()) ?? '',
      /under way in another program: the VS Code window on .*, which showed life .*The other program loses the run/,
    );
    if (isLong()) await other.window.page.screenshot({ path: session().picturePath('runs-take-over') });
    await dialog.getByRole('button', { name: 'Take over' }).click();
    await other.panel.waitForText('state', (state) => /running/i.test(state), 60_000);
    await session().window.waitForNotification('it was taken over there');
    await pictured(session(), 'runs-taken-over', () => Promise.resolve());
    await session().window.clearNotifications();
    await other.window.page.close();
    const paused = runs()
      .run('(fork)')
      .filter({ hasText: /paused|interrupted/ });
    await paused.waitFor({ timeout: 60_000 });
    await runs().select(paused);
    await panel().click('button-resume');
    await waitForState(/running/i);
  },
);

longTest('a text that changed since is no obstacle: the run goes on with the text as it was', async () => {
  const { window } = session();
  await window.runCommand('RNN Inspector: Stop');
  await window.page.keyboard.press('ControlOrMeta+1');
  await train(session(), CHANGING, 'Quick look');
  await panel().waitForText('file', (file) => file === CHANGING, 60_000);
  await panel().waitForNumber('iteration', (iteration) => iteration > 200, 60_000);
  await window.runCommand('RNN Inspector: Stop');
  await waitForState(/stopped/i);
  await window.page.keyboard.press('ControlOrMeta+1');
  await window.openFile(CHANGING);
  await window.page.keyboard.type('These words came later. ');
  await window.page.keyboard.press('ControlOrMeta+s');
  const path = join(session().folder, CHANGING);
  while (!readFileSync(path, 'utf8').startsWith('These words came later. ')) await window.page.waitForTimeout(20);
  const stood = await panel().readNumber('iteration');
  await panel().click('button-resume');
  const dialog = window.page.locator('.monaco-dialog-box');
  await dialog.waitFor();
  assert.match((await dialog.textContent()) ?? '', /changing\.txt changed since the run began/);
  for (const way of ['Go on with the text as it was', 'Continue on the new text', 'Start anew']) {
    assert.ok(await dialog.getByRole('button', { name: way }).isVisible(), way);
  }
  await session().picture('runs-text-changed');
  await dialog.getByRole('button', { name: 'Go on with the text as it was' }).click();
  await waitForState(/running/i);
  await trainedOn(stood);
  await window.runCommand('RNN Inspector: Stop');
  await waitForState(/stopped/i);
});

longTest('the view is readable when it is wide, in dark and light', async () => {
  const { window } = session();
  await window.clearNotifications();
  const box = await window.page.locator('.part.sidebar').boundingBox();
  assert.ok(box);
  await window.page.mouse.move(box.x + box.width, 400);
  await window.page.mouse.down();
  await window.page.mouse.move(640, 400, { steps: 5 });
  await window.page.mouse.up();
  await session().picture('runs-view-dark');
  await window.setTheme('light');
  await session().picture('runs-view-light');
});
