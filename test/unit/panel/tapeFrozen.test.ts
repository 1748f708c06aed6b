import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PanelState } from '../../../src/panel/state/panelState.ts';
import { packInspections, packSamples } from '../../../src/protocol/batches.ts';
import type { Tape } from '../../../src/protocol/study.ts';
import { description, historyOf, RUN_ID, status } from './fixtures.ts';
import { tapeOf } from './tapeFixtures.ts';

const ITERATIONS = 3;

/** A panel on its *Time steps*, with a run that is training. */
function panel(): PanelState {
  const state = new PanelState({ send: () => undefined, stored: undefined });
  const run = {
    description: description(),
    status: status('running'),
    history: historyOf(ITERATIONS).snapshot(),
    study: {},
  };
  state.receive({ type: 'snapshot', sequence: 1, run });
  state.choose({ tab: 'steps' });
  return state;
}

function receive(state: PanelState, change: Partial<Tape>): void {
  state.receive({
    type: 'increment',
    sequence: 2,
    runId: RUN_ID,
    status: status('running'),
    firstIteration: ITERATIONS,
    iterations: ITERATIONS,
    levels: [],
    inspections: packInspections([]),
    validations: [],
    vitals: [],
    memoryPoints: [],
    samples: packSamples([]),
    study: { tape: { ...tapeOf(), ...change } },
  });
}

describe('the window that a person reads', () => {
  it('stays although a newer one was under way when they chose a step', () => {
    const state = panel();
    receive(state, { iteration: 20 });
    state.study.chooseStep(2);
    receive(state, { iteration: 30 });
    assert.equal(state.study.tape?.iteration, 20);
    state.study.setLive(true);
    receive(state, { iteration: 40 });
    assert.equal(state.study.tape?.iteration, 40);
  });

  it('makes way for the stream that they ask for', () => {
    const state = panel();
    receive(state, { iteration: 20 });
    state.study.chooseStep(2);
    state.study.chooseStream(1);
    receive(state, { iteration: 20, stream: 1 });
    assert.equal(state.study.tape?.stream, 1);
  });
});
