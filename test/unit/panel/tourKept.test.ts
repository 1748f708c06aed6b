import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import * as v from 'valibot';
import { KeptTours } from '../../../src/host/run/keptTours.ts';
import { PanelState } from '../../../src/panel/state/panelState.ts';
import type { FromPanel, SnapshotMessage } from '../../../src/protocol/panel.ts';
import { TourChoice as TourSchema, type TourChoice } from '../../../src/protocol/tour.ts';
import { description, historyOf, RUN_ID, status } from './fixtures.ts';

const TOUR: TourChoice = {
  isOpen: true,
  stop: 'B 7',
  iteration: 0,
  stream: 0,
  answers: { 'B 3': { said: '0.1', isRevealed: false, isRight: true } },
};

const SNAPSHOT: SnapshotMessage = {
  type: 'snapshot',
  sequence: 1,
  run: { description: description(), status: status('paused'), history: historyOf(0).snapshot(), study: {} },
};

function panel(stored?: unknown): {
  readonly state: PanelState;
  readonly sent: FromPanel[];
  readonly host: { stored: unknown };
} {
  const sent: FromPanel[] = [];
  const host = { stored, send: (message: FromPanel) => void sent.push(message) };
  const state = new PanelState(host);
  state.receive(SNAPSHOT);
  return { state, sent, host };
}

suite('the place in the tour', () => {
  test('is told to the host with every change, and kept with the choices of the page', () => {
    const { state, sent, host } = panel();
    state.receive({ type: 'openTour' });
    assert.equal(state.ui.tab, 'steps');
    state.keepTour(TOUR);
    const told = sent.filter((message) => message.type === 'keepTour');
    assert.deepEqual(told.at(-1), { type: 'keepTour', runId: RUN_ID, tour: TOUR });
    const { state: loadedAnew } = panel(host.stored);
    assert.deepEqual(loadedAnew.choices?.tour, TOUR);
  });

  test('comes back from the host to a page that has lost it, on its tab; and to one that has an older one', () => {
    const { state } = panel();
    state.receive({ type: 'keptTour', runId: RUN_ID, tour: TOUR });
    assert.deepEqual(state.choices?.tour, TOUR);
    assert.equal(state.ui.tab, 'steps');

    const before = panel();
    before.state.keepTour({ ...TOUR, stop: 'B 6' });
    before.state.choose({ tab: 'memory' });
    const { state: older } = panel(before.host.stored);
    older.receive({ type: 'keptTour', runId: RUN_ID, tour: TOUR });
    assert.equal(older.choices?.tour?.stop, 'B 7');
    assert.equal(older.ui.tab, 'memory');
  });

  test('is the page’s own once it was gone on with there, and that of no other run', () => {
    const { state } = panel();
    state.receive({ type: 'keptTour', runId: 'another', tour: TOUR });
    assert.deepEqual([state.choices?.tour], [null]);
    state.keepTour({ ...TOUR, stop: 'B 8' });
    state.receive({ type: 'keptTour', runId: RUN_ID, tour: TOUR });
    assert.equal(state.choices?.tour?.stop, 'B 8');
  });
});

suite('the tours that the host keeps', () => {
  function memory(kept?: unknown): {
    readonly get: () => unknown;
    readonly update: (key: string, value: unknown) => Promise<void>;
  } {
    let value = kept;
    return {
      get: () => value,
      update: (_key, next) => {
        value = JSON.parse(JSON.stringify(next));
        return Promise.resolve();
      },
    };
  }

  test('are the newest of each run, twenty at most', async () => {
    const tours = new KeptTours(memory() as never);
    for (let run = 0; run < 25; run++) await tours.keep(`run-${run}`, TOUR);
    await tours.keep('run-24', { ...TOUR, stop: 'update' });
    assert.equal(tours.of('run-4'), undefined);
    assert.deepEqual(tours.of('run-5'), TOUR);
    assert.equal(tours.of('run-24')?.stop, 'update');
  });

  test('are none where something else is stored', () => {
    for (const stored of [undefined, null, 'tours', [{ runId: 'run-1', tour: { stop: 3 } }]]) {
      assert.equal(new KeptTours(memory(stored) as never).of('run-1'), undefined);
    }
  });

  test('is refused with more answers than any tour has', () => {
    const answers = (count: number): TourChoice['answers'] =>
      Object.fromEntries(Array.from({ length: count }, (_, i) => [`B ${i}`, TOUR.answers['B 3']]));
    assert.ok(v.safeParse(TourSchema, { ...TOUR, answers: answers(1000) }).success);
    assert.ok(!v.safeParse(TourSchema, { ...TOUR, answers: answers(1001) }).success);
  });
});
