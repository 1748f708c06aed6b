import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { Chart } from 'chart.js';
import type { Disposable } from '../../../src/common/disposable.ts';
import { RunHistory } from '../../../src/history/history.ts';
import { CELL_NAMES, type CellName } from '../../../src/network/cells.ts';
import { networkOf } from '../../../src/network/network.ts';
import { App } from '../../../src/panel/app.ts';
import type { Change } from '../../../src/panel/state/change.ts';
import { PanelState } from '../../../src/panel/state/panelState.ts';
import { DEFAULT_SETTINGS } from '../../../src/protocol/settings.ts';
import { bareDocument, observing } from './bareDocument.ts';
import { description, status } from './fixtures.ts';

/** Counts those that listen. */
class CountedState extends PanelState {
  listeners = 0;

  override subscribe(listener: (change: Change) => void): Disposable {
    const subscription = super.subscribe(listener);
    this.listeners++;
    return {
      dispose: () => {
        this.listeners--;
        subscription.dispose();
      },
    };
  }
}

suite('a panel that shows runs of two networks in turn', () => {
  const root = bareDocument(globalThis);
  const state = new CountedState({ send: () => undefined, stored: undefined });
  // The page draws itself.
  void new App(root, state);
  let sequence = 0;
  const showRunOf = (cell: CellName, layers = 1): void => {
    const run = {
      description: description({ runId: `run-${++sequence}`, settings: { ...DEFAULT_SETTINGS, cell, layers } }),
      status: status('paused', { iteration: 0 }),
      history: new RunHistory(networkOf({ cell, layers })).snapshot(),
      study: {},
    };
    state.receive({ type: 'snapshot', sequence, run });
  };
  const kept = (): object => ({
    charts: Object.keys(Chart.instances).length,
    listeners: state.listeners,
    observers: observing.size,
  });

  test('keeps no chart, listener or observer of the figures before', () => {
    showRunOf('tanh');
    const before = kept();
    assert.ok(
      Object.values(before).every((count) => count > 10),
      JSON.stringify(before),
    );
    const [tanhFigures] = root.children;
    showRunOf('relu');
    assert.notEqual(root.children[0], tanhFigures);
    assert.deepEqual(kept(), before);
    showRunOf('tanh');
    assert.deepEqual(kept(), before);
  });

  test('has figures for every cell and up to four layers', () => {
    showRunOf('relu', 2);
    for (const cell of CELL_NAMES) {
      for (const layers of [1, 4]) {
        const [before] = root.children;
        showRunOf(cell, layers);
        assert.notEqual(root.children[0], before, `${cell} ${layers}`);
      }
    }
  });

  test('keeps the figures for another run of the same network', () => {
    showRunOf('tanh');
    const [figures] = root.children;
    showRunOf('tanh');
    assert.equal(root.children[0], figures);
  });
});
