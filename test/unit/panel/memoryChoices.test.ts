import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { Chart } from 'chart.js';
import { DisposableStore } from '../../../src/common/disposable.ts';
import { RunHistory } from '../../../src/history/history.ts';
import { CELL_NAMES, type CellName } from '../../../src/network/cells.ts';
import { networkOf } from '../../../src/network/network.ts';
import type { ChartTheme } from '../../../src/panel/charts/theme.ts';
import {
  chosenReach,
  functionNames,
  shownDirectPath,
  shownFunction,
  shownWeight,
  weightNames,
} from '../../../src/panel/network/choices.ts';
import { PanelState } from '../../../src/panel/state/panelState.ts';
import { DEFAULT_UI_STATE, parseUiState } from '../../../src/panel/state/uiState.ts';
import { choicesFor } from '../../../src/panel/views/health/jump.ts';
import { signTexts } from '../../../src/panel/views/health/signTexts.ts';
import { memoryViews } from '../../../src/panel/views/memory/memoryTab.ts';
import type { View } from '../../../src/panel/views/view.ts';
import { DEFAULT_SETTINGS } from '../../../src/protocol/settings.ts';
import { bareDocument } from './bareDocument.ts';
import { description, status } from './fixtures.ts';

const UI = DEFAULT_UI_STATE;
const network = (cell: CellName, layers = 1) => networkOf({ cell, layers });

suite('what can be chosen in the tab Memory', () => {
  test('is shown of the layer that is chosen, as far as the network has it', () => {
    const lstm = network('lstm', 2);
    assert.equal(chosenReach(lstm, { ...UI, layer: 2 }), 'c.2');
    assert.equal(chosenReach(lstm, { ...UI, layer: 2, reach: 'a' }), 'a.2');
    assert.equal(chosenReach(network('gru'), { ...UI, layer: 2, reach: 'c' }), 'a');
    assert.equal(chosenReach(network('tanh'), { ...UI, reach: 'c' }), 'h');
  });

  test('are the functions of a layer, and first the one that the direct path goes through', () => {
    assert.deepEqual(functionNames(network('lstm', 2), 2), ['i.2', 'f.2', 'g.2', 'q.2', 's.2']);
    assert.deepEqual(functionNames(network('tanh'), 1), ['a']);
    assert.deepEqual(
      (['tanh', 'relu', 'lstm', 'gru', 'mingru'] as const).map((cell) => shownFunction(network(cell), UI)),
      ['a', 'a', 'f', 'z', 'z'],
    );
    assert.equal(shownFunction(network('lstm'), { ...UI, unitsOf: 'q' }), 'q');
    assert.equal(shownFunction(network('gru'), { ...UI, unitsOf: 'q' }), 'z');
  });

  test('are the recurrent weights of a layer', () => {
    assert.deepEqual(weightNames(network('lstm', 2), 2), ['W_ai.2', 'W_af.2', 'W_ag.2', 'W_aq.2']);
    assert.equal(shownWeight(network('lstm', 2), { ...UI, layer: 2, weight: 'W_aq' }), 'W_aq.2');
    assert.equal(shownWeight(network('tanh'), { ...UI, weight: 'W_aq' }), 'W_ah');
    assert.equal(shownWeight(network('mingru'), UI), undefined);
  });

  test('the direct path is that of the layer', () => {
    assert.equal(shownDirectPath(network('lstm', 2), { layer: 2 })?.state, 'c.2');
    assert.equal(shownDirectPath(network('tanh'), UI), undefined);
  });

  test('is remembered over a reload, and what is stored wrong is none', () => {
    const chosen = { ...UI, layer: 2, reach: 'a', unitsOf: 'q', weight: 'W_ag' };
    assert.deepEqual(parseUiState(JSON.parse(JSON.stringify(chosen))), chosen);
    assert.equal(parseUiState({ ...UI, reach: undefined }).reach, null);
    assert.deepEqual(parseUiState({ ...chosen, weight: 3 }), UI);
  });
});

suite('the figures of the tab Memory', () => {
  bareDocument(globalThis);

  interface Tab {
    readonly state: PanelState;
    readonly views: readonly View[];
    readonly owned: DisposableStore;
  }

  function tabOf(cell: CellName, layers = 1): Tab {
    const state = new PanelState({ send: () => undefined, stored: undefined });
    const run = {
      description: description({ settings: { ...DEFAULT_SETTINGS, cell, layers } }),
      status: status('paused', { iteration: 0 }),
      history: new RunHistory(networkOf({ cell, layers })).snapshot(),
      study: {},
    };
    state.receive({ type: 'snapshot', sequence: 1, run });
    const owned = new DisposableStore();
    const theme = { lines: {} } as ChartTheme;
    const context = { state, network: state.network, owned, theme, requestUpdate: () => undefined };
    return { state, views: memoryViews(context), owned };
  }

  /** The test ids of all elements in the views, in their order. */
  function idsOf({ views }: Tab, wanted: (element: HTMLElement) => boolean): string[] {
    const ids: string[] = [];
    const walk = (element: HTMLElement): void => {
      if (wanted(element)) ids.push(element.getAttribute('data-testid') ?? element.dataset.testid ?? '');
      for (const child of element.children) walk(child as HTMLElement);
    };
    for (const { element } of views) walk(element);
    return ids;
  }

  const isFigure = ({ tagName }: HTMLElement): boolean => tagName === 'section';
  const isChooser = (element: HTMLElement): boolean => element.getAttribute('class') === 'choice';

  test('are of the tanh cell those of a cell with one way back, with nothing to choose but colours and order', () => {
    const tab = tabOf('tanh');
    assert.deepEqual(idsOf(tab, isFigure), [
      'influence',
      'influence-row',
      'lag-profile',
      'horizon-history',
      'decay-split',
      'saturation',
      'slope-factor',
      'spectrum',
      'singular-values',
    ]);
    assert.deepEqual(idsOf(tab, isChooser), ['influence-mode', 'unit-order']);
    assert.deepEqual(
      idsOf(tab, (element) => element.getAttribute('class') === 'chosen-views'),
      [],
    );
    assert.equal(tab.views.length, 10);
    tab.owned.dispose();
  });

  test('have of an LSTM its direct path and its gates, and choosers of state, function and weight', () => {
    const tab = tabOf('lstm');
    const figures = idsOf(tab, isFigure);
    for (const id of [
      'influence',
      'lag-profile',
      'decay-split',
      'direct-path',
      'gate-activity',
      'saturation',
      'spectrum',
    ]) {
      assert.ok(figures.includes(id), id);
    }
    const choosers = idsOf(tab, isChooser);
    for (const id of ['influence-reach', 'gate-activity-unitsOf', 'saturation-unitsOf', 'spectrum-weight']) {
      assert.ok(choosers.includes(id), id);
    }
    assert.ok(!choosers.some((id) => id.endsWith('-layer')));
    tab.owned.dispose();
  });

  test('have a chooser of the layer where there are several, of the tanh cell too', () => {
    for (const cell of ['tanh', 'gru'] as const) {
      const tab = tabOf(cell, 3);
      const choosers = idsOf(tab, isChooser);
      for (const id of ['influence-layer', 'decay-split-layer', 'saturation-layer', 'spectrum-layer']) {
        assert.ok(choosers.includes(id), `${cell}: ${id}`);
      }
      tab.owned.dispose();
    }
  });

  test('have no spectrum where no weight reads a state', () => {
    const tab = tabOf('mingru');
    const figures = idsOf(tab, isFigure);
    assert.ok(!figures.includes('spectrum') && !figures.includes('singular-values'));
    assert.ok(figures.includes('decay-split'));
    tab.owned.dispose();
  });

  test('tell the direct path from the rest only where there is another way, and name no gates where only layers above are', () => {
    const tab = tabOf('mingru', 2);
    assert.ok(idsOf(tab, isFigure).includes('direct-path'));
    assert.match(textOf(tab.views), /which came by the layers above at least once/);
    assert.doesNotMatch(
      textOf(tab.views),
      /the gates and the candidate|the gates, the candidate|or by the gates|back through the recurrent weights/,
    );
    tab.state.choose({ layer: 2 });
    for (const view of tab.views) view.update();
    assert.ok(!idsOf(tab, isFigure).includes('direct-path'));
    tab.owned.dispose();
  });

  test('are there of every cell where a health sign leads to', () => {
    for (const cell of CELL_NAMES) {
      const tab = tabOf(cell);
      const there = idsOf(tab, isFigure);
      for (const { tab: name, figure } of Object.values(signTexts(network(cell)))) {
        if (name === 'memory') assert.ok(there.includes(figure), `${cell}: ${figure}`);
      }
      tab.owned.dispose();
    }
  });

  test('are of the layer, the function and the state that a health sign names, once it led there', () => {
    const choicesOf = (
      id: 'saturation' | 'dead' | 'horizon' | 'update',
      of: string | undefined,
      net = network('lstm', 4),
    ) => choicesFor(signTexts(net)[id], of, net);
    assert.deepEqual(choicesOf('saturation', 'g.4'), { layer: 4, unitsOf: 'g' });
    assert.deepEqual(choicesOf('dead', 's.2'), { layer: 2, unitsOf: 's' });
    assert.deepEqual(choicesOf('horizon', 'c.4'), { layer: 4, reach: 'c' });
    assert.deepEqual([choicesOf('saturation', undefined), choicesOf('update', 'g.4')], [{}, {}]);
    assert.deepEqual(choicesOf('horizon', 'h.2', network('tanh', 2)), { layer: 2 });
    assert.deepEqual(choicesOf('dead', 'a', network('tanh')), {});
  });

  test('explain the horizon over training by a state of the network', () => {
    for (const [cell, layers, said] of [
      ['lstm', 2, 'here of c and of the others alike'],
      ['gru', 3, 'here of a and of the others alike'],
      ['tanh', 2, 'here of h and of the others alike'],
    ] as const) {
      const tab = tabOf(cell, layers);
      assert.match(textOf(tab.views), new RegExp(said));
      tab.owned.dispose();
    }
    const tab = tabOf('tanh');
    assert.doesNotMatch(textOf(tab.views), /of the others alike/);
    tab.owned.dispose();
  });

  test('say beside the exponent of all states why it is not the decay, and not of a single state', () => {
    for (const [cell, layers, isSaid] of [
      ['lstm', 1, true],
      ['mingru', 2, true],
      ['tanh', 1, false],
    ] as const) {
      const tab = tabOf(cell, layers);
      assert.equal(textOf(tab.views).includes('the decay of a lag profile is the mean error’s'), isSaid, cell);
      tab.owned.dispose();
    }
  });

  test('advise biases by which a gate keeps, whether it is one that keeps or one that lets in', () => {
    for (const cell of ['lstm', 'gru', 'mingru'] as const) {
      const tab = tabOf(cell);
      const text = textOf(tab.views);
      assert.match(text, /begin with biases by which the gates keep more/);
      assert.doesNotMatch(text, /larger bias/);
      tab.owned.dispose();
    }
  });

  test('are built anew for another choice, and keep nothing of those before', () => {
    const tab = tabOf('lstm', 2);
    const charts = (): number => Object.keys(Chart.instances).length;
    const before = charts();
    const titles = (): string => JSON.stringify(idsOf(tab, isFigure)) + textOf(tab.views);
    assert.match(titles(), /what f keeps of c/);
    tab.state.choose({ layer: 2, reach: 'a', unitsOf: 'g', weight: 'W_ag' });
    for (const view of tab.views) view.update();
    assert.match(titles(), /what f⁽²⁾ keeps of c⁽²⁾/);
    assert.match(titles(), /Spectrum of W_ag⁽²⁾/);
    assert.match(titles(), /what the candidate g⁽²⁾ gives/);
    assert.equal(charts(), before);
    tab.owned.dispose();
  });
});

/** All titles in the views. */
function textOf(views: readonly View[]): string {
  const texts: string[] = [];
  const walk = (node: unknown): void => {
    if (typeof node === 'string') texts.push(node);
    else for (const child of (node as HTMLElement).childNodes) walk(child);
  };
  for (const { element } of views) walk(element);
  return texts.join(' ');
}
