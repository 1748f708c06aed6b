import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Session } from '../workbench/session.ts';
import { themeNames } from '../workbench/window.ts';
import { graveFindings } from './axe.ts';
import { openTab, SAMPLE, train } from './support.ts';
import { tabStopsFrom, uselessStops } from './tabStops.ts';

/** What axe-core calls serious or critical is nowhere, and every stop of the Tab key can be seen. */

export const SETTINGS = {
  'rnnInspector.maxEpochs': 1_000_000,
  'rnnInspector.hiddenSize': 24,
  'rnnInspector.sequenceLength': 20,
  'rnnInspector.batchSize': 8,
};
const TABS = ['steps', 'memory', 'overview'] as const;

type Settings = Readonly<Record<string, string | number>>;

/** @param where what is on the screen. */
export async function isClean({ panel }: Session, where: string): Promise<void> {
  assert.deepEqual(await graveFindings(panel), [], where);
}

export async function trainOn(session: Session, settings: Settings): Promise<void> {
  await session.window.changeSettings(settings);
  await train(session, SAMPLE, 'My settings');
}

/** Opens every "?" of the tab that is in sight, or closes it. */
async function turnHelps({ panel }: Session): Promise<void> {
  for (const help of await panel.frame.locator('.help-button:visible').all()) await help.press('Enter');
}

/**
 * Tests of a network in every tab, state and theme.
 * @param folds the buttons that open all that is folded.
 */
export function testsOf(name: string, session: () => Session, settings: Settings, folds: readonly string[]): void {
  const panel = (): Session['panel'] => session().panel;

  test(`${name} while it trains`, async () => {
    await session().window.setTheme('dark');
    await trainOn(session(), settings);
    await panel().waitForNumber('iteration', (iteration) => iteration > 100, 240_000);
    await isClean(session(), 'running');
    await panel().click('button-pause');
    await panel().waitForText('state', (state) => /paused/i.test(state));
    await openTab(session(), 'steps');
    for (const id of folds) {
      const turn = panel().testId(id);
      if ((await turn.innerText()) === 'Open all') await turn.press('Enter');
    }
  });

  for (const theme of themeNames) {
    test(`${name}, paused, in the theme ${theme}: every tab with all folds and every help open, menus, a table`, async () => {
      const { window } = session();
      await window.setTheme(theme);
      for (const tab of TABS) {
        await openTab(session(), tab);
        await turnHelps(session());
        await isClean(session(), tab);
        await turnHelps(session());
      }
      await panel().testId('menu-loss').press('Enter');
      await isClean(session(), 'the menu of a picture');
      await panel().frame.locator('[data-testid="menu-loss-table"]:focus').waitFor();
      await window.page.keyboard.press('Enter');
      await panel().testId('numbers-dialog').waitFor();
      await isClean(session(), 'a table');
      await session().picture(`numbers-${name}-${theme}`);
      await window.page.keyboard.press('Escape');
      await panel().testId('menu').press('Enter');
      await isClean(session(), 'the menu of the panel');
      await window.page.keyboard.press('Escape');
    });
  }

  test(`${name}: the Tab key, forth and back, stops at what can be seen, in every tab of a narrow panel`, async () => {
    await session().window.resize(900, 700);
    for (const tab of TABS) {
      await openTab(session(), tab);
      for (const [from, key] of [
        ['button-resume', 'Tab'],
        [`tab-${tab}`, 'Shift+Tab'],
      ] as const) {
        const stops = await tabStopsFrom(session(), from, key);
        assert.ok(stops.length > (key === 'Tab' ? 20 : 3), stops.map((stop) => stop.name).join(', '));
        assert.deepEqual(uselessStops(stops), [], `${tab}, ${key}`);
      }
    }
    await session().window.resize(1440, 900);
  });

  test(`${name}, stopped`, async () => {
    await session().window.runCommand('RNN Inspector: Stop');
    await panel().waitForText('state', (state) => /stopped/i.test(state));
    await isClean(session(), 'stopped');
  });
}
