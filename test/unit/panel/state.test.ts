import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { FromPanel, IncrementMessage, SnapshotMessage, ToPanel } from '../../../src/protocol/panel.ts';
import { packEvents } from '../../../src/protocol/eventBatches.ts';
import { pinOf } from '../../../src/panel/state/pin.ts';
import { DEFAULT_UI_STATE, parseUiState } from '../../../src/panel/state/uiState.ts';
import { nearestIndex } from '../../../src/panel/state/nearestIndex.ts';
import { PanelState } from '../../../src/panel/state/panelState.ts';
import { description, historyOf, inspection, RUN_ID, sample, status } from './fixtures.ts';
import { HISTORY_COLUMNS } from '../../tanh.ts';

fc.configureGlobal({ seed: 4174 });

/** A host that remembers what it was sent, and the webview's own state. */
class FakeBridge {
  stored: unknown;
  readonly sent: FromPanel[] = [];
  send(message: FromPanel): void {
    // What is in sight is told besides; test/unit/panel/study.test.ts holds that.
    if (message.type !== 'watch') this.sent.push(message);
  }
}

function panel(stored?: unknown): { bridge: FakeBridge; state: PanelState } {
  const bridge = new FakeBridge();
  bridge.stored = stored;
  return { bridge, state: new PanelState(bridge) };
}

function snapshot(sequence: number, iterations: number, runId = RUN_ID): SnapshotMessage {
  const history = historyOf(iterations);
  history.add({ type: 'inspection', value: inspection(10, 2, () => 1) });
  history.add({ type: 'inspection', value: inspection(20, 2, () => 1) });
  history.add({ type: 'sample', value: sample(15, 'first') });
  return {
    type: 'snapshot',
    sequence,
    run: { description: description({ runId }), status: status('running'), history: history.snapshot(), study: {} },
  };
}

function increment(sequence: number, firstIteration: number, change: Partial<IncrementMessage> = {}): IncrementMessage {
  return {
    type: 'increment',
    sequence,
    runId: RUN_ID,
    status: status('running'),
    firstIteration,
    iterations: firstIteration + 3,
    levels: [{ level: 0, first: firstIteration, buckets: new Float32Array(3 * HISTORY_COLUMNS.length).fill(2) }],
    events: [],
    study: {},
    ...change,
  };
}

describe('who listens', () => {
  it('hears no more once its subscription is disposed of, be it while others are told', () => {
    const { state } = panel();
    const heard: string[] = [];
    const first = state.subscribe(() => {
      heard.push('first');
      second.dispose();
    });
    const second = state.subscribe(() => heard.push('second'));
    state.subscribe(() => heard.push('third'));
    state.point({ step: 1 });
    first.dispose();
    state.point({ step: 2 });
    assert.deepEqual(heard, ['first', 'third', 'third']);
  });
});

describe('what the host asks and answers', () => {
  it('shows the tab that the host asks for', () => {
    const { state } = panel();
    state.receive({ type: 'showTab', tab: 'steps' });
    assert.equal(state.ui.tab, 'steps');
  });

  it('tells of a copy how it went, to whom it belongs, once that is known', () => {
    const { bridge, state } = panel();
    state.receive({ type: 'copied' });
    assert.equal(state.outcomeOfCopy('a script'), undefined);
    state.copy('a script', 'import numpy');
    assert.deepEqual(bridge.sent, [{ type: 'copy', text: 'import numpy' }]);
    assert.equal(state.outcomeOfCopy('a script'), undefined);
    state.receive({ type: 'copied' });
    assert.equal(state.outcomeOfCopy('a script'), 'copied');
    assert.equal(state.outcomeOfCopy('a table'), undefined);
    state.copy('a script', 'more');
    state.receive({ type: 'copied', message: 'no clipboard' });
    assert.deepEqual(state.outcomeOfCopy('a script'), { problem: 'no clipboard' });
  });
});

describe('the copy of the run', () => {
  it('grows by increments and acknowledges each of them', () => {
    const { bridge, state } = panel();
    state.receive(snapshot(1, 30));
    state.receive(increment(2, 30));
    state.receive(increment(3, 33, { status: status('paused') }));
    assert.equal(state.run?.history.iterations, 36);
    assert.equal(state.run?.history.newest('lossNats'), 2);
    assert.equal(state.run?.status.state, 'paused');
    assert.deepEqual(
      bridge.sent,
      [1, 2, 3].map((sequence) => ({ type: 'acknowledge', sequence })),
    );
  });

  it('asks for a snapshot once when an increment leaves a gap or speaks of another run', () => {
    for (const wrong of [increment(2, 31), increment(2, 30, { runId: 'run-2' })]) {
      const { bridge, state } = panel();
      state.receive(snapshot(1, 30));
      state.receive(wrong);
      state.receive(wrong);
      assert.equal(state.run?.history.iterations, 30);
      assert.equal(bridge.sent.filter(({ type }) => type === 'ready').length, 1);
      state.receive(snapshot(3, 40));
      state.receive(increment(4, 40));
      assert.equal(state.run?.history.iterations, 43);
    }
  });

  it('takes up facts that come after the snapshot', () => {
    const { state } = panel();
    const first = snapshot(1, 0);
    if (first.run) delete first.run.description.facts;
    state.receive(first);
    assert.equal(state.run?.description.facts, undefined);
    const { facts } = description();
    state.receive(increment(2, 0, { ...(facts && { facts }) }));
    assert.deepEqual(state.run?.description.facts, facts);
  });

  it('takes up what is known of an imported network with the facts, and keeps it', () => {
    const { state } = panel();
    const before = { fileName: 'net.safetensors', assumptions: ['tanh'], notes: [] };
    const first = snapshot(1, 0);
    if (first.run) first.run.description.imported = before;
    state.receive(first);
    assert.deepEqual(state.run?.description.imported, before);
    const imported = { ...before, firstLossNats: 2.5 };
    state.receive(increment(2, 0, { imported }));
    state.receive(increment(3, 3));
    assert.deepEqual(state.run?.description.imported, imported);
  });

  it('knows that there is no run', () => {
    const { state } = panel();
    assert.equal(state.contact, 'waiting');
    state.receive({ type: 'snapshot', sequence: 1, run: null });
    assert.deepEqual([state.contact, state.run], ['answered', undefined]);
  });

  it('refuses a snapshot that contradicts itself', () => {
    const { state } = panel();
    const message = snapshot(1, 30);
    const [level] = message.run?.history.metrics.levels ?? [];
    level.kept = level.kept.slice(1);
    assert.throws(() => state.receive(message), RangeError);
  });
});

describe('choices for a run', () => {
  it('start with the sampling options of the run and end with it', () => {
    const { state } = panel();
    state.receive(snapshot(1, 30));
    state.chooseForRun({ prompt: 'ROMEO:', view: { mode: 'range', from: 0, to: 20 } });
    assert.equal(state.choices?.prompt, 'ROMEO:');
    state.receive(snapshot(2, 5, 'run-2'));
    assert.deepEqual([state.choices?.prompt, state.choices?.temperature, state.view.mode], ['', 0.8, 'follow']);
  });

  it('follow the prompt that the run keeps where the page remembers an older one, and else what was typed since', () => {
    const first = panel();
    first.state.receive(snapshot(1, 30));
    first.state.chooseForRun({ prompt: 'The ', temperature: 0.5 });
    const typed = structuredClone(first.bridge.stored);
    first.state.applySampling();
    assert.deepEqual(first.bridge.sent.at(-1), {
      type: 'sampling',
      runId: RUN_ID,
      options: { prompt: 'The ', temperature: 0.5, length: 300, topK: 0 },
    });
    const applied = first.bridge.stored;
    first.state.chooseForRun({ prompt: 'The en' });
    const typedOn = first.bridge.stored;
    for (const [stored, kept, expected] of [
      [applied, 'The ', 'The '],
      [typedOn, 'The ', 'The en'],
      [typed, 'The ', 'The '],
      [typed, '', 'The '],
      [typedOn, 'Another', 'Another'],
    ] as const) {
      const { state } = panel(structuredClone(stored));
      const message = snapshot(1, 30);
      if (message.run) {
        const temperature = kept === '' ? 0.8 : 0.5;
        message.run.description.sampling = { prompt: kept, length: 300, temperature, topK: 0 };
      }
      state.receive(message);
      assert.equal(state.choices?.prompt, expected);
    }
  });

  it('come back with the panel', () => {
    const first = panel();
    first.state.receive(snapshot(1, 30));
    first.state.choose({ unit: 'bits', quantity: 'dh' });
    first.state.lookBack(11);
    const second = panel(structuredClone(first.bridge.stored));
    second.state.receive(snapshot(1, 30));
    assert.deepEqual([second.state.ui.unit, second.state.ui.quantity], ['bits', 'dh']);
    assert.deepEqual([second.state.isLive, second.state.inspection?.iteration], [false, 10]);
  });

  it('look back at the nearest inspected iteration until the newest is wanted again', () => {
    const { state } = panel();
    state.receive(snapshot(1, 30));
    assert.equal(state.inspection?.iteration, 20);
    state.lookBack(12);
    state.receive(
      increment(2, 30, { events: packEvents([{ type: 'inspection', value: inspection(31, 2, () => 1) }]) }),
    );
    assert.equal(state.inspection?.iteration, 10);
    state.lookBack(null);
    assert.equal(state.inspection?.iteration, 31);
  });

  it('fall back to the defaults where the stored state is not one of ours', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => assert.deepEqual(parseUiState(value), DEFAULT_UI_STATE)));
    assert.deepEqual(parseUiState({ ...DEFAULT_UI_STATE, quantity: 7 }), DEFAULT_UI_STATE);
    assert.equal(parseUiState({ ...DEFAULT_UI_STATE, unit: 'bits' }).unit, 'bits');
  });

  it('keeps what was chosen, and takes the defaults for choices that an older version did not have', () => {
    const chosen = {
      ...DEFAULT_UI_STATE,
      detailsOpen: true,
      baselines: false,
      sumScope: 'batch',
      pinsQuantity: 'W_xh',
      influenceMode: 'row',
      unitOrder: 'index',
    } as const;
    assert.deepEqual(parseUiState(chosen), chosen);
    const { unit, logarithmicIterations, quantity, hiddenLines, run } = DEFAULT_UI_STATE;
    assert.deepEqual(parseUiState({ unit, logarithmicIterations, quantity, hiddenLines, run }), DEFAULT_UI_STATE);
  });
});

describe('the colours of the heat map', () => {
  const held = { quantity: 'W_ah', low: -3, high: 1 };

  it('are held over a reload, and only for the run they were held for', () => {
    const { bridge, state } = panel();
    state.receive(snapshot(1, 30));
    assert.equal(state.choices?.heldScale, null);
    state.chooseForRun({ heldScale: held });
    const { state: reloaded } = panel(JSON.parse(JSON.stringify(bridge.stored)));
    reloaded.receive(snapshot(1, 30));
    assert.deepEqual(reloaded.choices?.heldScale, held);
  });

  it('are not held at ends that are no scale', () => {
    const { bridge, state } = panel();
    state.receive(snapshot(1, 30));
    for (const wrong of [{ low: 1 }, { low: 2 }, { high: 0.5 }, { high: 401 }]) {
      const stored = bridge.stored as { run: object };
      const parsed = parseUiState({ ...stored, run: { ...stored.run, heldScale: { ...held, ...wrong } } });
      assert.deepEqual(parsed, DEFAULT_UI_STATE);
    }
  });
});

describe('pinned profiles', () => {
  it('survive a reload with their numbers, although the host has thinned its inspections', () => {
    const { bridge, state } = panel();
    state.receive(snapshot(1, 30));
    const pinned = pinOf(inspection(12, 2, (_quantity, t) => t + 0.1));
    state.chooseForRun({ pins: [pinned] });
    const { state: reloaded } = panel(JSON.parse(JSON.stringify(bridge.stored)));
    reloaded.receive(snapshot(1, 30));
    assert.deepEqual(reloaded.pins, [pinned]);
  });

  it('that were stored without numbers become those of the nearest inspections', () => {
    const { state } = panel();
    state.receive(snapshot(1, 30));
    const { run } = state.ui;
    const { state: reloaded } = panel({ ...state.ui, run: { ...run, pins: [21, 9, 11] } });
    reloaded.receive(snapshot(1, 30));
    assert.deepEqual(
      reloaded.pins,
      [10, 20].map((iteration) => pinOf(inspection(iteration, 2, () => 1))),
    );
  });
});

describe('text on request', () => {
  it('is asked for with the chosen options and shown when it comes', () => {
    const { bridge, state } = panel();
    state.receive(snapshot(1, 30));
    state.chooseForRun({ prompt: 'A', temperature: 0.5, length: 40 });
    state.generate();
    const request = bridge.sent.find((message) => message.type === 'generate');
    assert.deepEqual(request?.options, { prompt: 'A', length: 40, temperature: 0.5, topK: 0 });
    const generated: ToPanel = {
      type: 'generated',
      requestId: request?.requestId ?? 0,
      result: { ok: true, sample: sample(29, 'asked for') },
    };
    state.receive(generated);
    assert.equal(state.sample?.characters.join(''), 'asked for');
    assert.equal(state.generation, undefined);
    state.showSample(undefined);
    assert.equal(state.sample?.characters.join(''), 'first');
  });

  it('says why it did not come, and leaves answers to older questions aside', () => {
    const { bridge, state } = panel();
    state.receive(snapshot(1, 30));
    state.generate();
    state.generate();
    const [older, newer] = bridge.sent.filter((message) => message.type === 'generate');
    const refused = (requestId: number, message: string): ToPanel => ({
      type: 'generated',
      requestId,
      result: { ok: false, message },
    });
    state.receive(refused(older.requestId, 'old'));
    assert.equal(state.generation?.failure, undefined);
    state.receive(refused(newer.requestId, 'no such character'));
    assert.equal(state.generation?.failure, 'no such character');
  });
});

describe('the nearest of a sorted list', () => {
  it('is as near as any other', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.nat(1000), { minLength: 1 }),
        fc.integer({ min: -10, max: 1010 }),
        (list, wanted) => {
          const sorted = list.sort((a, b) => a - b).map((iteration) => ({ iteration }));
          const found = sorted[nearestIndex(sorted, wanted)];
          const least = Math.min(...sorted.map(({ iteration }) => Math.abs(iteration - wanted)));
          assert.equal(Math.abs(found.iteration - wanted), least);
        },
      ),
    );
    assert.equal(nearestIndex([], 5), -1);
  });
});
