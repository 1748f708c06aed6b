import { test } from 'node:test';
import { themeNames } from '../../workbench/window.ts';
import { isClean, SETTINGS, testsOf, trainOn } from '../reachOfNetwork.ts';
import { drawn, freshSession } from '../support.ts';

const TANH = { 'rnnInspector.cell': 'tanh', 'rnnInspector.layers': 1 };
/** Of a run that diverges at once. */
const DIVERGING = { 'rnnInspector.learningRate': 10, 'rnnInspector.clipNorm': 0, 'rnnInspector.optimizer': 'sgd' };

const session = freshSession({ settings: SETTINGS });

testsOf('tanh', session, TANH, []);

for (const theme of themeNames) {
  test(`a run that diverges, in the theme ${theme}`, async () => {
    const { window, panel } = session();
    await window.setTheme(theme);
    if (theme === themeNames[0]) {
      await trainOn(session(), { ...TANH, ...DIVERGING });
      await panel.waitForAttribute('health', 'data-condition', (condition) => condition === 'alarm', 120_000);
    }
    await panel.click('tab-overview');
    await drawn(session(), 'chart-loss');
    await isClean(session(), 'alarm');
    await session().picture(`alarm-${theme}`);
  });
}
