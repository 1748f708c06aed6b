import assert from 'node:assert/strict';
import { test } from 'node:test';
import { longTest } from '../../run/amount.ts';
import { themeNames } from '../../workbench/window.ts';
import { saveFigure } from '../saving.ts';
import { pictured } from '../support.ts';
import { session, SETTINGS } from './session.ts';

const { hiddenSize: H, sequenceLength: T } = SETTINGS;
const panel = (): ReturnType<typeof session>['panel'] => session().panel;
const press = (key: string): Promise<void> => session().window.page.keyboard.press(key);

/** The unit that was followed last. */
let chosen = 0;

/** A row of the table: the unit, and each column with what it shows and the whole number. */
interface ShownRow {
  readonly unit: number;
  readonly cells: Readonly<Record<string, { readonly text: string; readonly value: number }>>;
}

function shownRows(): Promise<ShownRow[]> {
  return panel()
    .testId('unit-table')
    .locator('tbody tr')
    .evaluateAll((rows) =>
      rows.map((row) => ({
        unit: Number(row.getAttribute('data-index')),
        cells: Object.fromEntries(
          [...row.querySelectorAll('td')].map((cell) => [
            cell.dataset.column ?? '',
            { text: cell.textContent ?? '', value: Number(cell.dataset.value) },
          ]),
        ),
      })),
    );
}

/** The number that a text shows. */
function read(text: string): number {
  return Number(text.replaceAll('−', '-'));
}

/** The sort that the head of a column tells, once it is that. */
async function waitForSort(column: string, order: string): Promise<void> {
  await panel().frame.locator(`th[aria-sort="${order}"] > [data-testid="units-sort-${column}"]`).waitFor();
}

test('the table of a cell has a row a unit, whose numbers follow from one another as they are shown', async () => {
  await panel().click('button-pause');
  await panel().waitForText('state', (state) => /paused/i.test(state));
  await panel().testId('tape').focus();
  await press('End');
  await press('ArrowLeft');
  await press('ArrowLeft');
  await panel().waitForText('units-note', (text) => text.startsWith(`t = ${T - 3}, ${H} units`));
  await panel().testId('units-columns').locator('[data-value="back"]').click();
  await panel().testId('units-sort-h').waitFor({ state: 'detached' });
  await panel().frame.locator('[data-testid="units"]:not([data-stale])').waitFor();
  const rows = await shownRows();
  assert.deepEqual(
    rows.map(({ unit }) => unit),
    Array.from({ length: H }, (_, unit) => unit),
  );
  assert.deepEqual(Object.keys(rows[0].cells), ['da-own', 'da-future', 'da', 'a', 'slope-a', 'dh']);
  for (const { unit, cells } of rows) {
    const [own, future, da, a, slope, dh] = Object.values(cells).map(({ text }) => read(text));
    const largest = Math.max(Math.abs(own), Math.abs(future));
    assert.ok(Math.abs(own + future - da) <= 2e-5 * largest, `own + future of unit ${unit}`);
    // What stands there is enough to compute the slope to six digits, and the product of two such numbers to nearly as many.
    assert.equal((1 - a * a).toPrecision(6), slope.toPrecision(6), `the slope of unit ${unit}`);
    assert.ok(Math.abs(slope * da - dh) <= 2e-5 * Math.abs(dh), `∂h of unit ${unit}`);
    for (const { text, value } of Object.values(cells))
      assert.ok(Math.abs(read(text) - value) <= 5.1e-6 * Math.abs(value));
  }
});

test('it is sorted by the keyboard: by size, then by value, and by the unit again', async () => {
  await pictured(session(), 'unit-table', async () => {
    const values = async (): Promise<number[]> => (await shownRows()).map(({ cells }) => cells.dh.value);
    await panel().testId('units-sort-dh').focus();
    await press('Enter');
    await waitForSort('dh', 'descending');
    const bySize = (await values()).map(Math.abs);
    assert.deepEqual(
      bySize,
      bySize.toSorted((one, other) => other - one),
    );
    await press('Enter');
    await panel().waitForText('units-note', (text) => text.endsWith('sorted by ∂h: largest value first'));
    const down = await values();
    assert.deepEqual(
      down,
      down.toSorted((one, other) => other - one),
    );
    await press('Enter');
    await waitForSort('dh', 'ascending');
    assert.deepEqual(await values(), down.toReversed());
    await panel().testId('units-sort-unit').focus();
    await press('Enter');
    await waitForSort('unit', 'ascending');
    await waitForSort('dh', 'none');
    await panel().testId('units-sort-a').focus();
    await press('Enter');
    await waitForSort('a', 'descending');
  });
});

test('a unit that is chosen by keyboard is followed in every strip, and in the table after the window moved on', async () => {
  await pictured(session(), 'unit-followed', async () => {
    const [{ unit }] = await shownRows();
    const table = panel().testId('unit-table');
    await table.locator('tbody button[tabindex="0"]').focus();
    await press('Home');
    await press('Enter');
    await table.locator(`tr[data-index="${unit}"] button[aria-pressed="true"]`).waitFor();
    const followed =
      (await shownRows()).find((row) => row.unit === unit)?.cells ?? assert.fail('it is not in the table');
    await panel().click('step-6-head');
    for (const [strip, column] of [
      ['side-a-a', 'a'],
      ['da-own', 'da-own'],
      ['da', 'da'],
    ] as const) {
      const shown = await panel().waitForText(`vector-${strip}-reading`, (text) => text.startsWith(`unit ${unit}: `));
      assert.equal(read(shown.split(': ')[1]), Number(followed[column].value.toPrecision(4)), strip);
      assert.equal(await panel().testId(`vector-${strip}-strip`).locator('.strip-followed').isVisible(), true, strip);
    }
    await panel().click('step-10-head');
    await panel().waitForText('walk-where', (text) => text.startsWith('step 10 '));
    // ∂W_ah has a row and a column of it.
    await panel().frame.locator('.matrix-followed:visible').nth(1).waitFor();
    await panel().testId('tape').focus();
    await press('ArrowRight');
    await panel().waitForText('units-note', (text) => text.startsWith(`t = ${T - 2}, `));
    await table.locator(`tr[data-index="${unit}"][data-marked] button[aria-pressed="true"]`).waitFor();
  });
});

test('a strip leads to its column, and a unit is chosen in it too', async () => {
  await panel().click('vector-side-a-h-table');
  await panel().frame.locator('[data-testid="units-sort-h"]:focus').waitFor();
  assert.equal(await panel().testId('units-columns').locator('[aria-checked="true"]').innerText(), 'all');
  await panel().testId('vector-side-a-h-strip').focus();
  const table = panel().testId('unit-table');
  const before = await table.locator('button[aria-pressed="true"]').innerText();
  // One that is chosen again is followed no longer, so it must be another one.
  chosen = before === '1' ? 2 : 1;
  await press('Home');
  for (let unit = 0; unit < chosen; unit++) await press('ArrowRight');
  await press('Enter');
  await table.locator(`tr[data-index="${chosen}"] button[aria-pressed="true"]`).waitFor();
  assert.equal(await table.locator('button[aria-pressed="true"]').count(), 1);
  await panel().testId('units-columns').locator('[data-value="back"]').click();
  await panel().testId('units-sort-h').waitFor({ state: 'detached' });
});

test('the table is saved as it is shown, with all digits, and copied', async () => {
  const csv = (await saveFigure(session(), 'units', 'csv')).toString('utf8');
  const lines = csv.split('\r\n').filter((line) => line !== '' && !line.startsWith('#'));
  assert.equal(lines[0], 'unit,da-own,da-future,da,a,slope-a,dh');
  const rows = await shownRows();
  assert.deepEqual(
    lines.slice(1).map((line) => line.split(',').map(Number)),
    rows.map(({ unit, cells }) => [unit, ...Object.values(cells).map(({ value }) => value)]),
  );
  const { page } = session().window;
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await panel().click('units-copy');
  await panel().waitForText('units-told', (text) => text === `Copied ${H} units.`);
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  assert.deepEqual(
    copied.trimEnd().split(/\r?\n/),
    lines.map((line) => line.replaceAll(',', '\t')),
  );
});

test('a tape that goes on beyond its end says so, and the keyboard goes there', async () => {
  const { width, height } = session().window.page.viewportSize() ?? assert.fail('the window has no size');
  await session().window.resize(760, height);
  await panel().testId('tape').focus();
  await press('End');
  const earlier = await panel().waitForText('tape-earlier', (text) => /^[1-9]\d* earlier$/.test(text));
  assert.equal(await panel().testId('tape-later').isVisible(), false, 'there is nothing after the end');
  await panel().testId('tape-earlier').focus();
  await session().picture('tape-more');
  await press('Enter');
  await panel().waitForText('tape-later', (text) => /^[1-9]\d* later$/.test(text));
  const left = await panel().testId('tape-earlier').innerText();
  assert.notEqual(left, earlier);
  await session().window.resize(width, height);
});

longTest(
  'the unit that is followed, and how the table is sorted, are the same after the page was loaded anew',
  async () => {
    await panel()
      .testId('units')
      .evaluate((units) => units.setAttribute('data-old-page', ''));
    await session().window.runCommand('Developer: Reload Webviews');
    await panel().frame.locator('[data-testid="units"]:not([data-old-page])').waitFor();
    await panel().testId('units').scrollIntoViewIfNeeded();
    await waitForSort('a', 'descending');
    await panel().testId('unit-table').locator(`tr[data-index="${chosen}"] button[aria-pressed="true"]`).waitFor();
  },
);

for (const theme of themeNames) {
  longTest(`the table of a cell looks well in the theme ${theme}, wide and narrow`, async () => {
    await session().window.setTheme(theme);
    for (const [width, height] of [
      [1440, 1900],
      [480, 3600],
    ] as const) {
      await session().window.resize(width, height);
      await panel().testId('unit-table').scrollIntoViewIfNeeded();
      await session().picture(`unit-table-${theme}-${width}`);
    }
  });
}
