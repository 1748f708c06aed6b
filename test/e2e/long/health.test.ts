import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PNG } from 'pngjs';
import { saveFigure } from '../saving.ts';
import { themeNames } from '../../workbench/window.ts';
import { drawn, freshSession, pictured, SAMPLE, train } from '../support.ts';

/**
 * A run that ends by itself after an iteration that is known, so that what is seen of it does not depend on how far it came: its
 * rows are all still there one by one, and on these kernels its numbers are the same on every machine.
 */
const EPOCHS = 3;
const session = freshSession({
  settings: {
    'rnnInspector.maxEpochs': EPOCHS,
    'rnnInspector.kernels': 'simd',
    // What a preset does not choose otherwise: a run that diverges within its first iterations.
    'rnnInspector.hiddenSize': 16,
    'rnnInspector.optimizer': 'sgd',
    'rnnInspector.learningRate': 10,
    'rnnInspector.clipNorm': 0,
  },
  size: { width: 1440, height: 1100 },
});
const panel = (): ReturnType<typeof session>['panel'] => session().panel;

/** The number that an element shows, unformatted. */
async function valueOf(testId: string): Promise<number> {
  const value = await panel().testId(testId).getAttribute('data-value');
  assert.ok(value !== null && value !== '', `"${testId}" has no value`);
  return Number(value);
}

/** The table of a CSV file: one record a row, by the names of its first line. */
function tableOf(csv: string): Record<string, string>[] {
  const [names, ...rows] = csv
    .split('\r\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split(','));
  return rows.map((row) => Object.fromEntries(names.map((name, index) => [name, row[index]])));
}

test('the strip shows every vital sign of a run, and says that it is healthy', async () => {
  await pictured(session(), 'health', async () => {
    await train(session(), SAMPLE, 'Quick look');
    await panel().waitForText('state', (state) => state === 'Finished', 120_000);
    for (const id of [
      'health-update-value',
      'health-saturation-value',
      'health-horizon-value',
      'health-radius-value',
    ]) {
      await panel().waitForNumber(id, () => true, 60_000);
    }
    await panel().waitForNumber('health-gap-value', () => true, 60_000);
    await panel().waitForText('health-summary', (text) => text === 'Healthy', 60_000);
  });
});

test('the baselines come by themselves, and the verdict says where the validation loss stands', async () => {
  const verdict = await panel().waitForText(
    'verdict',
    (text) => !text.startsWith('Baselines') && /better than a [1-6]-gram|better than every n-gram/.test(text),
    120_000,
  );
  assert.match(verdict, /^Validation loss \d\.\d{3} nats: better than /);
  const description = await panel().testId('chart-loss').getAttribute('aria-label');
  for (const name of ['uniform', '1-gram', '2-gram', '3-gram', '4-gram', '5-gram', '6-gram']) {
    assert.ok(description?.includes(`Reference: ${name}`), `${name} is not among: ${description}`);
  }
});

test('the lines of the baselines can be hidden, and the verdict stays', async () => {
  const shown = await drawn(session(), 'chart-loss');
  await panel().click('baselines');
  await panel().waitForOtherPixels('chart-loss', shown);
  assert.doesNotMatch((await panel().testId('chart-loss').getAttribute('aria-label')) ?? '', /Reference/);
  assert.match(await panel().readTestId('verdict'), /better than/);
  await panel().click('baselines');
  await panel().waitForPixels('chart-loss', ({ hash }) => hash === shown.hash);
});

test('numbers saved as CSV are those of the picture and of the readings', async () => {
  const csv = (await saveFigure(session(), 'loss', 'csv')).toString('utf8');
  const [firstComment] = csv.split('\r\n');
  assert.equal(firstComment, `# file: ${SAMPLE}`);
  const rows = tableOf(csv);
  const curve = rows.filter(({ training }) => training !== '');
  const validations = rows.filter(({ validation }) => validation !== '');
  assert.equal(Number(curve.at(-1)?.training), await valueOf('loss'));
  assert.equal(Number(curve.at(-1)?.training_smoothed), await valueOf('loss-smoothed'));
  const validated = validations.at(-1);
  assert.equal(Number(validated?.validation), await valueOf('validation'));
  assert.equal(curve.length, await panel().readNumber('iteration'));
  // The gap of the strip, from the two curves of the file: the last validation came after the last iteration.
  assert.equal(Number(validated?.iteration), curve.length);
  const gap = Number(validated?.validation) - Number(curve.at(-1)?.training_smoothed);
  assert.equal(gap, await valueOf('health-gap-value'));
});

test('numbers saved as JSON agree with the strip: the norm before clipping is the newest of all parameters', async () => {
  const saved = JSON.parse((await saveFigure(session(), 'totals', 'json')).toString('utf8')) as {
    about: Record<string, unknown>;
    columns: string[];
    rows: number[][];
  };
  assert.equal(saved.about.norms, 'before clipping');
  const newest = Object.fromEntries(saved.columns.map((column, index) => [column, saved.rows.at(-1)?.[index] ?? NaN]));
  assert.equal(newest.all, await valueOf('grad-norm'));
  const parameters = Math.hypot(newest.W_xh, newest.W_ah, newest.b_h, newest.W_ao, newest.b_o);
  assert.ok(Math.abs(parameters - newest.all) < 1e-5 * newest.all, `${parameters} is not ${newest.all}`);
});

test('a picture saved as PNG shows the chart at twice its size on the ground of the theme', async () => {
  const { width, height, data } = PNG.sync.read(await saveFigure(session(), 'loss', 'png'));
  const chart = await panel().testId('chart-loss').boundingBox();
  assert.ok(chart !== null && width > 2 * chart.width && height > 2 * chart.height, `${width} × ${height}`);
  const ground = await panel()
    .frame.locator('#panel')
    .evaluate((main) => {
      const probe = main.appendChild(document.createElement('span'));
      probe.style.color = 'var(--ground)';
      const color = getComputedStyle(probe).color;
      probe.remove();
      return color;
    });
  assert.equal(`rgb(${data.subarray(0, 3).join(', ')})`, ground);
  const colours = new Set(new Uint32Array(data.buffer, data.byteOffset, width * height));
  assert.ok(colours.size > 50, `only ${colours.size} colours`);
});

test('Escape closes the menu and gives the focus back', async () => {
  await panel().testId('menu-heatmap').press('Enter');
  await panel().frame.locator('[data-testid="menu-heatmap-table"]:focus').waitFor();
  await session().window.page.keyboard.press('Escape');
  await panel().frame.locator('[data-testid="menu-heatmap"]:focus').waitFor();
  assert.equal(await panel().testId('menu-heatmap').getAttribute('aria-expanded'), 'false');
});

test('the update size leads to its figure, which says the same number', async () => {
  await panel().testId('health-update').scrollIntoViewIfNeeded();
  await panel().click('health-update');
  await panel().frame.locator('.surface-update:focus').waitFor();
  await drawn(session(), 'chart-update');
  const shown = await panel().readTestId('health-update-value');
  const description = (await panel().testId('chart-update').getAttribute('aria-label')) ?? '';
  assert.ok(description.endsWith(`: ${shown}.`), `"${description}" does not say ${shown}`);
});

test('the horizon leads to the tab Memory, which shows the same numbers', async () => {
  await pictured(session(), 'health-jump', async () => {
    await panel().testId('health-horizon').scrollIntoViewIfNeeded();
    await panel().click('health-horizon');
    await panel().frame.locator('.surface-lag-profile:focus').waitFor();
    assert.equal(await panel().testId('tab-memory').getAttribute('aria-selected'), 'true');
    // The window that comes next is measured anew for the tab, and the strip takes its numbers.
    const shown = (await panel().testId('horizon-one-percent').getAttribute('data-value')) ?? '';
    const steps = shown === '' ? '> ' : `${shown} `;
    await panel().waitForText('health-horizon-value', (text) => `${text} `.startsWith(steps));
    const radius = await valueOf('rho');
    await panel().waitForNumber('health-radius-value', (value) => Math.abs(value - radius) < 0.005 * radius);
  });
});

test('the strip folds to its summary and unfolds', async () => {
  await panel().testId('health-fold').scrollIntoViewIfNeeded();
  await panel().click('health-fold');
  await panel().testId('health-horizon').waitFor({ state: 'hidden' });
  assert.notEqual(await panel().readTestId('health-summary'), '');
  await panel().click('health-fold');
  await panel().testId('health-horizon').waitFor();
});

test('a run that diverged shows no green sign, and is headed by that with the way out', async () => {
  await session().window.closeTab('RNN:');
  await train(session(), SAMPLE, 'My settings');
  await panel().waitForText('state', (state) => state === 'Finished', 120_000);
  const headline = await panel().waitForText(
    'health-summary',
    (text) => text.startsWith('Training has diverged'),
    60_000,
  );
  assert.match(
    headline,
    /above the 3\.\d{3} of guessing .*Lower learningRate from 10 to 1, and turn clipping on: clipNorm is 0/,
  );
  await panel().waitForNumber('health-radius-value', () => true, 60_000);
  const conditions = await panel()
    .frame.locator('.sign')
    .evaluateAll((signs) => signs.map((sign) => sign.getAttribute('data-condition')));
  assert.equal(conditions.length, 7);
  assert.ok(!conditions.includes('ok'), conditions.join());
  assert.equal(await panel().frame.locator('.health .codicon-check').count(), 0);
});

test('the findings after the first are opened by the keyboard, in every theme and width', async () => {
  const { window } = session();
  const [more, list] = [panel().testId('health-more'), panel().testId('health-findings')];
  for (const theme of themeNames) {
    await window.setTheme(theme);
    for (const [name, width] of Object.entries({ wide: 3600, usual: 1440, narrow: 760 })) {
      await window.resize(width, 1100);
      await panel().testId('health-fold').focus();
      await window.page.keyboard.press('Tab');
      await panel().frame.locator('[data-testid="health-more"]:focus').waitFor();
      await window.page.keyboard.press('Enter');
      await list.waitFor();
      assert.equal(await more.getAttribute('aria-expanded'), 'true');
      const [, count] = /^and (\d+) more$/.exec(await panel().readTestId('health-more-text')) ?? [];
      const found = panel().frame.getByRole('list', { name: 'All else that is notable' }).getByRole('listitem');
      assert.equal(await found.count(), Number(count));
      assert.ok(Number(count) > 0);
      const isWhole = await found.first().evaluate((item) => {
        const { left, right, height } = item.getBoundingClientRect();
        return height > 0 && left >= 0 && right <= innerWidth && item.scrollWidth <= item.clientWidth;
      });
      assert.ok(isWhole, `the second finding is cut off in ${theme}, ${name}`);
      await session().picture(`health-diverged-${theme}-${name}`);
      await more.press('Enter');
      await list.waitFor({ state: 'hidden' });
    }
  }
  await panel().testId('health-fold').press('Enter');
  await more.press('Enter');
  await list.waitFor();
  await session().picture('health-diverged-folded');
});
