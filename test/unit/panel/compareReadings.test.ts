import assert from 'node:assert/strict';
import { test } from 'node:test';
import { networkOf } from '../../../src/network/network.ts';
import { CompareApp } from '../../../src/panel/compare/app.ts';
import { CompareState } from '../../../src/panel/compare/compareState.ts';
import { curveColumnsOf, type ComparedRun } from '../../../src/protocol/compare.ts';
import { DEFAULT_SETTINGS } from '../../../src/protocol/settings.ts';
import { bareDocument } from './bareDocument.ts';
import { comparedRun } from './compareFixtures.ts';

const root = bareDocument(globalThis);

/** What legends say of the first run, by figure. */
function legendsOf(...runs: readonly ComparedRun[]): (figure: string) => string {
  const state = new CompareState({ send: () => undefined, stored: undefined });
  const folders = runs.map(({ folder }) => folder);
  state.receive({ type: 'comparison', sequence: 1, folders, runs: [...runs], unreadable: [] });
  // The page draws itself.
  void new CompareApp(root, state);
  state.point({ x: 3 });
  state.point({ x: null });
  return (figure) => {
    const entry = withTestId(root, `${figure}-A`) ?? assert.fail(`no entry of ${figure}`);
    return entry.children[entry.children.length - 1].textContent;
  };
}

function withTestId(element: Element, id: string): Element | undefined {
  if (element.getAttribute('data-testid') === id) return element;
  for (const child of element.children) {
    const found = withTestId(child, id);
    if (found !== undefined) return found;
  }
  return undefined;
}

test('the norm at the end is that of the last iteration, not of what a wide or a narrow page draws there', () => {
  const columns = curveColumnsOf(networkOf(DEFAULT_SETTINGS));
  const mean = Float32Array.from({ length: 100 * columns.length }, (_, i) => (i % 100 === 99 ? 7 : 1));
  const curves = { iteration: Float64Array.from({ length: 100 }, (_, i) => i), mean };
  assert.equal(legendsOf(comparedRun({ curves }))('compare-norms'), '7.00');
});

test('the horizon at the end is the one that was measured last, which no neighbours change', () => {
  const lags = [12, 12, 12, 12, 12, 12, 12, 12, 3];
  const horizons = Float64Array.from(lags.flatMap((lag, i) => [10 * i, lag]));
  assert.equal(legendsOf(comparedRun({ horizons }))('compare-horizons'), '3');
});

test('a horizon says whose it is where networks differ, and how long its window is where windows do', () => {
  const lstm = { ...DEFAULT_SETTINGS, cell: 'lstm', sequenceLength: 25 } as const;
  const columns = curveColumnsOf(networkOf(lstm)).length;
  const curves = { iteration: Float64Array.of(0), mean: new Float32Array(columns) };
  const one = comparedRun({
    settings: lstm,
    curves,
    horizons: Float64Array.of(5, NaN),
    horizonsOf: [['c']],
  });
  const horizons = Float64Array.of(5, 12);
  const other = comparedRun({ folder: 'run-b', runId: 'run-b', horizons, horizonsOf: [['h']] });
  assert.equal(legendsOf(one, other)('compare-horizons'), 'beyond its 24 steps · c');
  assert.equal(legendsOf(other, one)('compare-horizons'), '12 · h');
  assert.equal(legendsOf(other)('compare-horizons'), '12');
});

test('the table has the number of parameters of every run', () => {
  legendsOf(comparedRun({ parameters: 229_682 }));
  const table = withTestId(root, 'compare-table') ?? assert.fail('no table');
  assert.ok(textsIn(table).includes('229\u202f682'));
});

/** All texts in an element of the bare document, whose children are elements and texts. */
function textsIn(element: Element): string[] {
  const children: readonly unknown[] = Array.from(element.childNodes);
  const inside = children.flatMap((child) => (typeof child === 'string' ? [child] : textsIn(child as Element)));
  return [element.textContent, ...inside];
}

test('runs of different cells are read by role, the gates of one together', () => {
  const settings = { ...DEFAULT_SETTINGS, cell: 'lstm' } as const;
  const columns = curveColumnsOf(networkOf(settings));
  const last: Readonly<Record<string, number>> = { gradNorm: 13, gradNorm_W_ai: 3, gradNorm_W_aq: 4 };
  const curves = {
    iteration: Float64Array.of(0),
    mean: Float32Array.from(columns, (column) => last[column] ?? 0),
  };
  const legend = legendsOf(comparedRun({ settings, curves }), comparedRun({ folder: 'run-b', runId: 'run-b' }));
  assert.equal(legend('compare-norms'), '13.0');
  const table = withTestId(root, 'roles-table') ?? assert.fail('no table');
  const [row] = table.children[1].children;
  const texts = Array.from(row.children, ({ childNodes }) => childNodes[0] as unknown);
  assert.deepEqual(texts.slice(2, 5), ['13.0', '0', '5.00']);
});
