import assert from 'node:assert/strict';
import { test } from 'node:test';
import { longTest } from '../run/amount.ts';
import { clippedTexts } from '../workbench/shownTexts.ts';
import { themeNames } from '../workbench/window.ts';
import { freshSession, pictured, SAMPLE } from './support.ts';

/** What is in sight without scrolling: curves before numbers. */
const session = freshSession({
  settings: { 'rnnInspector.maxEpochs': 1_000_000 },
  size: { width: 1280, height: 800 },
});
const panel = (): ReturnType<typeof session>['panel'] => session().panel;

/** A window of 1280 × 800, and what a zoom of 150 % leaves of it in CSS pixels. */
const SIZES = { usual: { width: 1280, height: 800 }, zoomed: { width: 853, height: 533 } } as const;
/** Of header, settings, signs and readings together. */
const MOST_ABOVE_TABS = 200;
/** Of the heat map, so that it is seen that it goes on. */
const LEAST_OF_HEATMAP = 16;
/** What VS Code has beside a panel that is alone: its bar of activities and edges. */
const BESIDE_THE_PANEL = 58;

/** Where things are in the page when it is scrolled to its start, in CSS pixels. */
function places(): Promise<Record<'page' | 'tabs' | 'lossBottom' | 'heatmapTop', number>> {
  return panel()
    .frame.locator('#panel')
    .evaluate((page) => {
      window.scrollTo(0, 0);
      const box = (selector: string): DOMRect => {
        const found = page.querySelector(selector);
        if (found === null) throw new Error(`There is no ${selector}.`);
        return found.getBoundingClientRect();
      };
      return {
        page: innerHeight,
        tabs: box('.tabs').top,
        lossBottom: box('.surface-loss').bottom,
        heatmapTop: box('.surface-heatmap').top,
      };
    });
}

/** Waits until the page has taken the size that its window leaves it. */
async function resized(size: { readonly width: number; readonly height: number }): Promise<void> {
  await session().window.resize(size.width, size.height);
  await panel()
    .frame.locator('#panel')
    .evaluate(
      () =>
        new Promise<void>((settled) => {
          let before = '';
          // Two looks with frames between them that see the same.
          const timer = setInterval(() => {
            const now = `${innerWidth} ${innerHeight} ${document.documentElement.scrollHeight}`;
            if (now === before) {
              clearInterval(timer);
              settled();
            }
            before = now;
          }, 200);
        }),
    );
}

for (const layout of ['beside the text and the explorer', 'beside the text', 'alone'] as const) {
  test(`the loss chart and the top of the heat map are seen without scrolling: the panel ${layout}`, async () => {
    const { window } = session();
    if (layout === 'beside the text and the explorer') {
      await window.openFile(SAMPLE);
      await window.runCommand('RNN Inspector: Train RNN on file');
      await window.pickQuickPick('Quick look');
      await panel().waitForNumber('iteration', (iteration) => iteration > 200, 60_000);
    } else if (layout === 'beside the text') {
      await window.runCommand('View: Toggle Primary Side Bar Visibility');
    } else {
      await window.closeTab(SAMPLE);
    }
    for (const [name, size] of Object.entries(SIZES)) {
      await resized(size);
      const { page, tabs, lossBottom, heatmapTop } = await places();
      assert.ok(tabs <= MOST_ABOVE_TABS, `${name}: ${tabs} pixels above the tabs`);
      assert.ok(lossBottom <= page, `${name}: the loss chart ends at ${lossBottom} of ${page}`);
      assert.ok(heatmapTop + LEAST_OF_HEATMAP <= page, `${name}: the heat map begins at ${heatmapTop} of ${page}`);
      await session().picture(`first-screen-${layout.replaceAll(' ', '-')}-${name}`);
    }
  });
}

test('folded, a line tells how the run does, its losses and its largest step norm', async () => {
  await panel().testId('health-horizon').waitFor({ state: 'hidden' });
  await panel().testId('facts').waitFor({ state: 'hidden' });
  assert.notEqual(await panel().readTestId('health-summary'), '');
  for (const id of ['health-summary', 'loss', 'validation', 'largest']) {
    assert.ok(await panel().testId(id).isVisible(), `${id} is not in sight`);
  }
});

test('of a run that is paused it is said in as little room', async () => {
  await panel().click('button-pause');
  await panel().waitForText('state', (state) => state === 'Paused');
  assert.ok(await panel().testId('message').isVisible());
  for (const size of Object.values(SIZES)) {
    await resized(size);
    const { page, tabs, lossBottom } = await places();
    assert.ok(tabs <= MOST_ABOVE_TABS, `${tabs} pixels above the tabs of ${page}`);
    assert.ok(lossBottom <= page, `the loss chart ends at ${lossBottom} of ${page}`);
  }
  await panel().click('button-resume');
});

/** Another tab in front of it, and back: the page of a panel that is hidden goes, and is made anew. */
async function shownAnew(): Promise<void> {
  const { window } = session();
  await window.openFile(SAMPLE);
  await window.closeTab(SAMPLE);
  await panel().waitForNumber('iteration', () => true, 60_000);
}

test('what a person opened stays open, in a lower page and one that is made anew, until it is folded', async () => {
  await panel().testId('health-fold').press('Enter');
  await panel().testId('health-horizon').waitFor();
  await panel().testId('facts').waitFor();
  await resized(SIZES.usual);
  await resized(SIZES.zoomed);
  assert.ok(await panel().testId('health-horizon').isVisible());
  await shownAnew();
  await panel().testId('health-horizon').waitFor();
  await panel().testId('health-fold').press('Enter');
  await panel().testId('health-horizon').waitFor({ state: 'hidden' });
  // In a high page, too.
  await resized({ width: 1280, height: 1200 });
  assert.ok(await panel().testId('health-horizon').isHidden());
});

test('the tabs stay at the top while the page scrolls, and cover nothing that takes the focus', async () => {
  await resized(SIZES.usual);
  const seen = await panel()
    .frame.locator('#panel')
    .evaluate((page) => {
      window.scrollTo(0, document.documentElement.scrollHeight);
      const box = (selector: string): DOMRect | undefined => page.querySelector(selector)?.getBoundingClientRect();
      const scrolled = { by: scrollY, header: box('.header')?.top, tabs: box('.tabs')?.top };
      page.querySelector<HTMLElement>('[data-testid="help-loss"]')?.focus();
      return {
        ...scrolled,
        tabsBottom: box('.tabs')?.bottom ?? 0,
        focused: box('[data-testid="help-loss"]')?.top ?? 0,
      };
    });
  assert.ok(seen.by > 100, `the page scrolled by ${seen.by}`);
  assert.equal(seen.header, 0);
  assert.ok(seen.tabs !== undefined && seen.tabs < 60, `the tabs are at ${seen.tabs}`);
  assert.ok(seen.focused >= seen.tabsBottom, `what has the focus is at ${seen.focused}, under ${seen.tabsBottom}`);
});

test('the colours of the heat map are held where a person holds them, also in a page that is made anew', async () => {
  const choice = (value: string): ReturnType<ReturnType<typeof panel>['testId']> =>
    panel().testId('heatmap-scale').locator(`[data-value="${value}"]`);
  const colours = async (): Promise<string> => {
    const label = await panel().waitForAttribute('chart-heatmap', 'aria-label', (text) => text.includes('colours'));
    const [, range] = /colours (from \S+ to \S+)\./.exec(label) ?? [];
    return range ?? assert.fail(label);
  };
  assert.equal(await choice('fit').getAttribute('aria-checked'), 'true');
  await choice('hold').click();
  const held = await colours();
  await shownAnew();
  assert.equal(await choice('hold').getAttribute('aria-checked'), 'true');
  assert.equal(await colours(), held);
  await choice('hold').press('ArrowLeft');
  assert.equal(await choice('fit').getAttribute('aria-checked'), 'true');
});

/** Elements that reach beyond the right edge of the page, and by how much it scrolls sideways. */
function sideways(): Promise<{ by: number; widest: string[] }> {
  return panel()
    .frame.locator('#panel')
    .evaluate((page) => {
      const { scrollWidth, clientWidth } = document.documentElement;
      const beyond = [...page.querySelectorAll('*')].filter(
        (found) => found.getBoundingClientRect().right > clientWidth + 0.5,
      );
      const widest = beyond
        .filter((found) => found.matches('[class]'))
        .map((found) => `${found.tagName}.${found.getAttribute('class') ?? ''}`)
        .slice(-12);
      return { by: scrollWidth - clientWidth, widest: scrollWidth > clientWidth ? widest : [] };
    });
}

/** Of a page, and the windows that a zoom of 50, 150 and 300 % makes of 1280 × 800. */
const WIDTHS = [220, 309, 371, 480, 1280] as const;
const ZOOMS = [0.5, 1.5, 3] as const;
const TABS = ['overview', 'steps', 'memory'] as const;

/** Holds the state and the counters, and leaves those out that do not fit. */
const FOLDED_LINE = '.header-run';
const LARGEST = { width: 3840, height: 2160 } as const;

/** Nothing scrolls sideways, and no text is cut off. */
async function everythingFits(): Promise<void> {
  const windows = [
    ...WIDTHS.map((width) => ({ width: width + BESIDE_THE_PANEL, height: 800 })),
    ...ZOOMS.map((zoom) => ({ width: Math.round(1280 / zoom), height: Math.round(800 / zoom) })),
    LARGEST,
  ];
  const found: string[] = [];
  // A cursor that was placed in a wide panel stays within a narrow one.
  await panel().click('tab-overview');
  await resized(SIZES.usual);
  await panel().frame.locator('.surface-loss').press('ArrowLeft');
  for (const tab of TABS) {
    await panel().testId(`tab-${tab}`).press('Enter');
    for (const size of windows) {
      await resized(size);
      const { by, widest } = await sideways();
      const where = `${tab} at ${size.width} × ${size.height}`;
      if (by > 0) found.push(`${where} by ${by}: ${widest.join(', ')}`);
      const clipped = await clippedTexts(panel().frame.locator('body'), FOLDED_LINE);
      found.push(...clipped.map((text) => `${where} is cut off: ${text}`));
      if (size === LARGEST) await session().picture(`first-screen-4k-${tab}`);
    }
  }
  assert.deepEqual(found, []);
}

test(
  'down to a panel of 220 pixels, and up to 4K, at every zoom, nothing scrolls sideways and no text is cut off',
  everythingFits,
);

test('in an LSTM of two layers neither', async () => {
  const { window } = session();
  await resized(SIZES.usual);
  await window.runCommand('RNN Inspector: Stop');
  await panel().waitForText('state', (state) => state === 'Stopped');
  await window.changeSettings({ 'rnnInspector.layers': 2 });
  await window.openFile(SAMPLE);
  await window.runCommand('RNN Inspector: Train RNN on file');
  await window.pickQuickPick('LSTM');
  await panel().waitForText('facts', (facts) => facts.includes('lstm'), 60_000);
  await panel().waitForNumber('iteration', (iteration) => iteration > 20, 60_000);
  await window.closeTab(SAMPLE);
  await everythingFits();
});

for (const theme of themeNames) {
  longTest(`the first screen in the theme ${theme}`, async () => {
    await panel().testId('tab-overview').press('Enter');
    await session().window.setTheme(theme);
    for (const [name, size] of Object.entries(SIZES)) {
      await pictured(session(), `first-screen-${theme}-${name}`, () => resized(size));
    }
  });
}
