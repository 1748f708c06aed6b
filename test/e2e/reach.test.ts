import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LOSS_CLASSES } from '../../src/common/lossClasses.ts';
import { groupDigits } from '../../src/common/written.ts';
import { graveFindings } from './axe.ts';
import { tabStopsFrom, uselessStops } from './tabStops.ts';
import { freshSession, SAMPLE, train } from './support.ts';

/** The panel for those who cannot see it or point at it: what a keyboard reaches, what a screen reader hears. */

const TABS = ['overview', 'steps', 'memory'] as const;

const session = freshSession({
  settings: {
    'rnnInspector.maxEpochs': 1_000_000,
    'rnnInspector.hiddenSize': 16,
    'rnnInspector.sequenceLength': 12,
    'rnnInspector.batchSize': 4,
  },
});
const panel = (): ReturnType<typeof session>['panel'] => session().panel;

test('a run is paused', async () => {
  await train(session(), SAMPLE, 'My settings');
  await panel().waitForNumber('iteration', (iteration) => iteration > 100, 60_000);
  await panel().click('button-pause');
  await panel().waitForText('state', (state) => /paused/i.test(state));
});

for (const tab of TABS) {
  test(`axe finds nothing grave in the tab ${tab}`, async () => {
    await panel().click(`tab-${tab}`);
    assert.deepEqual(await graveFindings(panel()), []);
  });

  test(`in the tab ${tab} the Tab key stops at what can be seen alone, and leaves the page in the end`, async () => {
    await panel().click(`tab-${tab}`);
    const stops = await tabStopsFrom(session(), 'button-resume');
    assert.ok(stops.length > 20, stops.map(({ name }) => name).join(', '));
    assert.deepEqual(uselessStops(stops), []);
  });
}

test('every picture of every tab has its numbers as a table', async () => {
  for (const tab of TABS) {
    await panel().click(`tab-${tab}`);
    const menus = await panel().frame.locator('.page:not([hidden]) .figure-controls [aria-haspopup="menu"]').all();
    for (const menu of menus) {
      if (!(await menu.isVisible())) continue;
      const name = await menu.getAttribute('data-testid');
      await menu.press('Enter');
      await panel().frame.locator(`[data-testid="${name}-table"]:focus`).waitFor();
      await session().window.page.keyboard.press('Enter');
      const table = panel().testId('numbers-dialog').locator('table');
      await table.waitFor().catch((error: unknown) => assert.fail(`${name}: ${String(error)}`));
      assert.ok((await table.locator('caption').textContent()) !== '', `${name} has a caption`);
      const head = await table.locator('thead th[scope="col"]').count();
      const rows = await table.locator('tbody tr').count();
      assert.ok(head > 1 && rows > 0, `${name}: ${rows} rows of ${head}`);
      assert.equal(await table.locator('tbody th[scope="row"]').count(), rows, `${name} names its rows`);
      await session().window.page.keyboard.press('Escape');
      await table.waitFor({ state: 'detached' });
      assert.ok(await menu.evaluate((button) => button === document.activeElement), `${name} has the focus again`);
    }
  }
});

/** Whether an element has the focus. */
const hasFocus = (id: string): Promise<void> => panel().frame.locator(`[data-testid="${id}"]:focus`).waitFor();

test('Escape closes what a key opened, and the focus is where it was', async () => {
  const { keyboard } = session().window.page;
  await panel().click('tab-overview');
  const help = panel().frame.locator('#loss-help');
  await panel().testId('help-loss').press('Enter');
  await help.waitFor();
  await keyboard.press('Escape');
  await help.waitFor({ state: 'hidden' });
  await hasFocus('help-loss');

  await panel().testId('menu').press('Enter');
  await hasFocus('menu-again');
  await keyboard.press('ArrowUp');
  await hasFocus('menu-showLog');
  await keyboard.press('Escape');
  await hasFocus('menu');
  assert.equal(await panel().testId('menu').getAttribute('aria-expanded'), 'false');
});

test('Escape closes the numbers of a vector and a matrix', async () => {
  const { keyboard } = session().window.page;
  await panel().click('tab-steps');
  await panel().testId('step-3-head').click();
  const toggle = panel().frame.locator('.step-body [data-testid^="vector-"][data-testid$="-table"]').first();
  await toggle.press('Enter');
  const table = panel().frame.locator('.step-body .value-table');
  await table.focus();
  await keyboard.press('Escape');
  await table.waitFor({ state: 'detached' });
  assert.ok(await toggle.evaluate((button) => button === document.activeElement));

  await panel().testId('matrix').focus();
  await keyboard.press('Escape');
  await panel().testId('matrix').waitFor({ state: 'detached' });
  await panel().frame.locator('[data-testid="step-3-matrix"] [data-value="none"]:focus').waitFor();
});

test('a step of a paused run is told in words', async () => {
  const iteration = await panel().readNumber('iteration');
  await panel().testId('button-step').press('Enter');
  await panel().waitForText('told-state', (text) =>
    text.includes(`Paused after ${groupDigits(iteration + 1)} iterations`),
  );
});

test('while a run trains, only its health is told, and seldom', async () => {
  await panel().click('tab-steps');
  await panel().testId('tape').focus();
  await panel().click('button-resume');
  await panel().waitForText('told-state', (text) => text === 'Training');
  const body = panel().frame.locator('body');
  await body.evaluate((page) => {
    const told: Record<string, number> = {};
    Object.assign(globalThis, { told, since: performance.now() });
    for (const region of page.querySelectorAll('[role=status],[role=alert],[role=log],[aria-live],output')) {
      const name = region.getAttribute('data-testid') ?? region.className;
      new MutationObserver(() => (told[name] = (told[name] ?? 0) + 1)).observe(region, {
        childList: true,
        characterData: true,
        subtree: true,
      });
    }
  });
  const from = await panel().readNumber('iteration');
  await panel().waitForNumber('iteration', (iteration) => iteration > from + 2000, 60_000);
  const { told, seconds } = await body.evaluate(() => {
    const kept = globalThis as unknown as { told: Record<string, number>; since: number };
    return { told: kept.told, seconds: (performance.now() - kept.since) / 1000 };
  });
  const { 'told-health': ofHealth = 0, ...others } = told;
  assert.deepEqual(others, {});
  assert.ok(ofHealth <= 1 + seconds / 10, `${ofHealth} times in ${seconds} s`);
});

/** What moves in the panel; the delay of something that changes at once is no motion. */
const moving = (): Promise<number> =>
  panel()
    .frame.locator('body')
    .evaluate(
      () =>
        document.getAnimations().filter(({ effect }) => Number(effect?.getComputedTiming().duration ?? 0) > 0).length,
    );

test('nothing moves for those who asked for that, the system or VS Code', async () => {
  const { page } = session().window;
  await panel().waitForText('state', (state) => /running/i.test(state));
  assert.equal(await moving(), 0);
  await page.emulateMedia({ reducedMotion: 'no-preference' });
  await panel().frame.locator('body:not(.vscode-reduce-motion)').waitFor();
  assert.ok((await moving()) > 0, 'the dot of a run that goes on breathes for all others');
  await session().window.changeSettings({ 'workbench.reduceMotion': 'on' });
  await panel().frame.locator('body.vscode-reduce-motion').waitFor();
  assert.equal(await moving(), 0);
});

test('where the system gives pages its few colours, the shades of surprise stay apart', async () => {
  await panel().click('tab-overview');
  await session().window.page.emulateMedia({ forcedColors: 'active' });
  const grounds = await panel()
    .frame.locator('.page:not([hidden]) .shades > [class^="shade-"]')
    .evaluateAll((shades) => shades.map((shade) => getComputedStyle(shade).backgroundColor));
  assert.equal(grounds.length, LOSS_CLASSES);
  assert.equal(new Set(grounds).size, LOSS_CLASSES, grounds.join());
  await session().picture('forced-colors');
  await session().window.page.emulateMedia({ forcedColors: 'none' });
});
