import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { projectRoot } from '../workbench/paths.ts';
import { themeNames } from '../workbench/window.ts';
import { CHARTS, drawn, freshSession, SAMPLE, train } from './support.ts';

/** Set to make the README's picture anew. */
const KEEP_README_PICTURE = process.env.RNN_README_PICTURE === '1';

const session = freshSession({ size: { width: 1680, height: 1200 } });

test('a run that has learnt something is there to be looked at', async () => {
  await train(session(), SAMPLE, 'Quick look');
  await session().window.runCommand('View: Toggle Primary Side Bar Visibility');
  await session().panel.waitForNumber('loss-smoothed', (lossNats) => lossNats < 0.8, 240_000);
  // The pointer leaves what it clicked on, and its tooltip goes.
  await session().window.page.mouse.move(400, 800);
  await session().window.page.locator('.monaco-hover:visible').waitFor({ state: 'detached' });
  const picture = await session().screenshot('beside-the-text');
  if (KEEP_README_PICTURE) copyFileSync(picture, join(projectRoot, 'media', 'panel.png'));
  await session().panel.click('button-pause');
  await session().panel.waitForText('state', (state) => /paused/i.test(state));
  await session().window.closeTab(SAMPLE);
});

for (const theme of themeNames) {
  for (const [size, width, height] of [
    ['wide', 1600, 1500],
    ['narrow', 480, 2600],
  ] as const) {
    test(`every view is drawn in the theme ${theme}, ${size}`, async () => {
      if (size === 'wide') await session().window.setTheme(theme);
      await session().window.resize(width, height);
      for (const chart of CHARTS) await drawn(session(), chart);
      await session().panel.testId('state').scrollIntoViewIfNeeded();
      await session().screenshot(`panel-${theme}-${size}`);
    });
  }
}
