import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PSEUDO } from '../../workbench/languages.ts';
import { clippedTexts } from '../../workbench/shownTexts.ts';
import { assertTranslated, shown, untranslated } from '../pseudo.ts';
import { openSvg, saveFigure } from '../saving.ts';
import { freshSession, openTab, SAMPLE } from '../support.ts';

/** The panel of a run in the language that nobody speaks: of a network with gates and layers, so that all words of both are there. */
const session = freshSession({
  language: PSEUDO,
  settings: {
    'rnnInspector.maxEpochs': 1_000_000,
    'rnnInspector.hiddenSize': 12,
    'rnnInspector.sequenceLength': 20,
    'rnnInspector.batchSize': 4,
    'rnnInspector.cell': 'lstm',
    'rnnInspector.layers': 2,
  },
});
const panel = (): ReturnType<typeof session>['panel'] => session().panel;
const TABS = ['overview', 'steps', 'memory'] as const;
/** Widths of the window, in pixels. */
const WIDTHS = [1440, 760, 480] as const;
/** The text that is trained on, and what the network made of it. */
const OF_THE_TEXT = ['.sample-text', '[data-testid="prompt"]'];

async function isTranslated(): Promise<void> {
  await assertTranslated(panel().frame.locator('body'), OF_THE_TEXT);
}

/** Opens, or closes, every "?" in sight. */
async function turnHelps(): Promise<void> {
  for (const help of await panel().frame.locator('.help-button:visible').all()) await help.press('Enter');
}

test('a run is trained and paused, and alone in the window', async () => {
  const { window } = session();
  await window.openFile(SAMPLE);
  await window.runCommand(window.titleOf('train'));
  await window.pickQuickPick(shown('My settings'));
  await panel().waitForNumber('iteration', (iteration) => iteration > 200, 240_000);
  await isTranslated();
  await panel().click('button-pause');
  await panel().waitForText('state', (state) => state === shown('Paused'));
  await window.closeTab(SAMPLE);
});

for (const tab of TABS) {
  test(`the tab ${tab} has no text of the code, with all folds and helps open`, async () => {
    await openTab(session(), tab);
    for (const turn of await panel().frame.locator('[data-testid$="-turn-all"]:visible').all()) {
      if ((await turn.innerText()) === shown('Open all')) await turn.press('Enter');
    }
    await isTranslated();
    await turnHelps();
    await isTranslated();
    await session().picture(`pseudo-${tab}`);
    await turnHelps();
  });

  test(`the pictures of the tab ${tab} have no text of the code`, async () => {
    const menus = await panel().frame.locator('[data-testid^="menu-"][aria-haspopup]:visible').all();
    assert.ok(menus.length > 1, `${menus.length} pictures`);
    for (const menu of menus) {
      const figure = ((await menu.getAttribute('data-testid')) ?? '').replace('menu-', '');
      await menu.press('Enter');
      const items = panel().frame.getByTestId(`menu-${figure}-svg`);
      const hasPicture = (await items.count()) > 0;
      await isTranslated();
      await session().window.page.keyboard.press('Escape');
      if (!hasPicture) continue;
      const saved = shown('Saved {file}.').replace('{file}', `saved-${figure}.svg`);
      const svg = (await saveFigure(session(), figure, 'svg', saved)).toString('utf8');
      const { title, texts } = await openSvg(session(), svg);
      assert.deepEqual(
        [title, ...texts].filter((text) => untranslated(text).length > 0),
        [],
        figure,
      );
    }
  });

  for (const width of WIDTHS) {
    test(`no label of the tab ${tab} is cut off at ${width} pixels`, async () => {
      await session().window.resize(width, 900);
      await openTab(session(), tab);
      await panel()
        .frame.locator('body')
        .evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
      assert.deepEqual(await clippedTexts(panel().frame.locator('body')), []);
      await session().picture(`pseudo-${tab}-${width}`);
      await session().window.resize(1440, 900);
    });
  }
}

test('the tour has no text of the code at any stop', async () => {
  const { window } = session();
  await window.runCommand(window.titleOf('learn'));
  await window.pickQuickPick('lstm');
  await panel().testId('tour-asks').waitFor();
  for (let stop = 1; ; stop++) {
    const where = panel().testId('tour-where');
    await isTranslated();
    await panel().testId('tour-reveal').press('Enter');
    await panel().waitForText('tour-worked', (text) => text !== '');
    await isTranslated();
    const before = await where.innerText();
    await panel().testId('tour-next').press('Enter');
    if ((await panel().testId('tour').count()) === 0 || !(await panel().testId('tour').isVisible())) {
      assert.ok(stop > 20, `it ends after ${stop} stops`);
      return;
    }
    await panel().waitForText('tour-where', (text) => text !== before);
    await panel().testId('tour-asks').waitFor();
  }
});
