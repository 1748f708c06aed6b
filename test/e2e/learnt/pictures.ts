import assert from 'node:assert/strict';
import { PNG } from 'pngjs';
import { longTest } from '../../run/amount.ts';
import { openSvg, saveFigure, shareThatDiffers } from '../saving.ts';
import { CHARTS, drawn, keepForReadme, SAMPLE } from '../support.ts';
import { themeNames } from '../../workbench/window.ts';
import { session } from './session.ts';

/** The tabs, what is drawn in each, and how high a wide and a narrow window must be to show it all. */
const TABS = [
  { tab: 'overview', charts: CHARTS, wide: 2050, narrow: 3100 },
  { tab: 'steps', charts: ['chart-tape', 'chart-pins'], wide: 2000, narrow: 4200 },
  {
    tab: 'memory',
    charts: ['chart-influence', 'chart-lag-profile', 'chart-horizon-history', 'chart-spectrum', 'chart-saturation'],
    wide: 2250,
    narrow: 4400,
  },
] as const;

longTest('a run that has learnt something is there to be looked at', async () => {
  await session().window.resize(1680, 1200);
  await session().panel.toTop();
  await session().panel.click('button-resume');
  await session().panel.click('tab-overview');
  await session().window.runCommand('View: Toggle Primary Side Bar Visibility');
  await session().panel.waitForNumber('loss-smoothed', (lossNats) => lossNats < 0.8, 240_000);
  await session().panel.waitForText('health-horizon-value', (text) => text.includes('step'), 60_000);
  // By then the shade in the editor is of a network that has learnt something, too; for the README, of one that has learnt much.
  const enough = process.env.RNN_README_PICTURE === '1' ? 20_000 : 4000;
  await session().panel.waitForNumber('iteration', (iteration) => iteration > enough, 240_000);
  // The pointer leaves what it clicked on, and its tooltip goes.
  await session().window.page.mouse.move(400, 800);
  await session().window.page.locator('.monaco-hover:visible').waitFor({ state: 'detached' });
  keepForReadme(await session().picture('beside-the-text'), 'panel.png');
  await session().panel.click('button-pause');
  await session().panel.waitForText('state', (state) => /paused/i.test(state));
});

for (const [tab, file] of [
  ['steps', 'time-steps.png'],
  ['memory', 'memory.png'],
] as const) {
  longTest(`the tab ${tab} is drawn beside the text`, async () => {
    await session().panel.click(`tab-${tab}`);
    for (const chart of TABS.find((one) => one.tab === tab)?.charts ?? []) await drawn(session(), chart);
    await session().panel.toTop();
    await session().panel.testId(`tab-${tab}`).focus();
    keepForReadme(await session().picture(`beside-the-text-${tab}`), file);
  });
}

longTest('the panel has the whole window', async () => {
  await session().window.closeTab(SAMPLE);
});

/** Figures of every kind: an image under axes, a drawing of our own, curves, formulas, points in a plane. */
const SAVED = [
  { tab: 'overview', figure: 'heatmap', title: 'Gradient norm by time step', words: ['iteration'], images: 2 },
  { tab: 'steps', figure: 'tape', title: 'The window, unrolled', words: ['reads x(t)', 'predicts'] },
  { tab: 'overview', figure: 'loss', title: 'Loss', words: ['Loss', 'iteration'] },
  { tab: 'steps', figure: 'side-b', title: 'Side B, backward: the eleven steps', words: ['class c'] },
  { tab: 'memory', figure: 'spectrum', title: 'Spectrum of W_ah', words: ['Re λ', 'Im λ'] },
] as const;

for (const { tab, figure, title, words, ...more } of SAVED) {
  longTest(
    `the figure ${figure} saved as SVG is lines and text, needs nothing else, and looks like its PNG`,
    async () => {
      await session().panel.click(`tab-${tab}`);
      const svg = (await saveFigure(session(), figure, 'svg')).toString('utf8');
      const png = PNG.sync.read(await saveFigure(session(), figure, 'png'));
      const opened = await openSvg(session(), svg);
      assert.equal(opened.title, title);
      for (const word of words) assert.ok(opened.texts.includes(word), `no text "${word}"`);
      assert.ok(opened.counts.path > 10, `${opened.counts.path} paths`);
      if ('images' in more) assert.equal(opened.counts.image, more.images);
      assert.equal(opened.counts.script ?? 0, 0);
      assert.deepEqual(opened.references, []);
      const share = shareThatDiffers(opened.picture, png);
      assert.ok(share < 0.005, `${(100 * share).toFixed(2)} % of it differs`);
      const unpainted = await openSvg(session(), svg.replaceAll('<path ', '<path display="none" '));
      assert.ok(shareThatDiffers(unpainted.picture, png) > 0.005, 'without its lines it would be told apart');
    },
  );
}

for (const theme of themeNames) {
  for (const { tab, charts, ...heights } of TABS) {
    for (const size of ['wide', 'narrow'] as const) {
      longTest(`every view of the tab ${tab} is drawn in the theme ${theme}, ${size}`, async () => {
        if (tab === 'overview') await session().window.setTheme(theme);
        await session().window.resize(size === 'wide' ? 1600 : 480, heights[size]);
        await session().panel.click(`tab-${tab}`);
        for (const chart of charts) await drawn(session(), chart);
        await session().panel.toTop();
        await session().picture(`${tab === 'overview' ? 'panel' : tab}-${theme}-${size}`);
      });
    }
  }
}
