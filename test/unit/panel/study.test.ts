import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { packInspections, packSamples } from '../../../src/protocol/batches.ts';
import type { FromPanel, IncrementMessage, SnapshotMessage } from '../../../src/protocol/panel.ts';
import type { RunState } from '../../../src/protocol/run.ts';
import type { Cell, Tape } from '../../../src/protocol/study.ts';
import { PanelState } from '../../../src/panel/state/panelState.ts';
import { description, historyOf, RUN_ID, status } from './fixtures.ts';

const T = 6;

class Scene {
  stored: unknown;
  readonly sent: FromPanel[] = [];
  readonly state: PanelState = new PanelState(this);
  #sequence = 0;

  send(message: FromPanel): void {
    this.sent.push(message);
  }

  of<T extends FromPanel['type']>(type: T): Extract<FromPanel, { type: T }>[] {
    return this.sent.filter((message): message is Extract<FromPanel, { type: T }> => message.type === type);
  }

  snapshot(state: RunState = 'running', study: SnapshotMessage['run'] extends null ? never : object = {}): void {
    const history = historyOf(10).snapshot();
    const run = { description: description(), status: status(state), history, study };
    this.state.receive({ type: 'snapshot', sequence: ++this.#sequence, run });
  }

  increment(study: IncrementMessage['study'], state: RunState = 'running'): void {
    this.state.receive({
      type: 'increment',
      sequence: ++this.#sequence,
      runId: RUN_ID,
      status: status(state),
      firstIteration: 10,
      iterations: 10,
      levels: [],
      inspections: packInspections([]),
      validations: [],
      vitals: [],
      memoryPoints: [],
      samples: packSamples([]),
      study,
    });
  }

  /** Answers the newest question about a cell. */
  answer(change: Partial<Cell> = {}): void {
    const { requestId, iteration, stream, t } = this.of('askCell').at(-1) ?? assert.fail('no cell was asked for');
    const cell = { iteration, stream, t, lossNats: 2, ...change } as Cell;
    this.state.receive({ type: 'studied', requestId, result: { ok: true, cell } });
  }
}

function tape(iteration: number, stream = 0): Tape {
  return { iteration, stream, inputs: new Int32Array(T), targets: new Int32Array(T) } as Tape;
}

suite('what is in sight', () => {
  test('is told to the host with a run, and again with every change of tab or stream, never twice the same', () => {
    const scene = new Scene();
    scene.snapshot();
    scene.state.choose({ tab: 'steps' });
    scene.state.choose({ unit: 'bits' });
    scene.state.study.chooseStream(3);
    assert.deepEqual(
      scene.of('watch').map(({ tab, stream, reading }) => [tab, stream, reading]),
      [
        ['overview', 0, null],
        ['steps', 0, null],
        ['steps', 3, null],
      ],
    );
  });

  test('is told anew to a host that sends a snapshot, since it may have forgotten', () => {
    const scene = new Scene();
    scene.snapshot();
    scene.snapshot();
    assert.equal(scene.of('watch').length, 2);
  });
});

suite('a time step', () => {
  test('is the last one at first, and its cell is asked for with every new tape while the tab is in sight', () => {
    const scene = new Scene();
    scene.snapshot();
    scene.increment({ tape: tape(20) });
    assert.deepEqual(scene.of('askCell'), []);
    scene.state.choose({ tab: 'steps' });
    scene.increment({ tape: tape(30) });
    assert.deepEqual(
      scene.of('askCell').map(({ iteration, t }) => [iteration, t]),
      [
        [20, T - 1],
        [30, T - 1],
      ],
    );
    scene.answer();
    assert.equal(scene.state.study.cell?.iteration, 30);
  });

  test('that a person chooses freezes a running window, tells the editor, and asks for its cell', () => {
    const scene = new Scene();
    scene.snapshot();
    scene.state.choose({ tab: 'steps' });
    scene.increment({ tape: tape(20) });
    scene.state.study.chooseStep(2);
    assert.equal(scene.state.study.isLive, false);
    assert.equal(scene.of('watch').at(-1)?.reading, 20);
    assert.equal(scene.of('chooseStep').at(-1)?.t, 2);
    assert.equal(scene.of('askCell').at(-1)?.t, 2);
    scene.state.study.setLive(true);
    assert.equal(scene.of('watch').at(-1)?.reading, null);
  });

  test('of a paused run can be read without freezing: a step brings the next window', () => {
    const scene = new Scene();
    scene.snapshot('paused');
    scene.state.choose({ tab: 'steps' });
    scene.increment({ tape: tape(20) }, 'paused');
    scene.state.study.chooseStep(2);
    assert.equal(scene.state.study.isLive, true);
  });

  test('that the editor chose is not told to the editor', () => {
    const scene = new Scene();
    scene.snapshot();
    scene.state.choose({ tab: 'steps' });
    scene.increment({ tape: tape(20) });
    scene.state.receive({ type: 'showStep', t: 1 });
    assert.equal(scene.state.study.t, 1);
    assert.deepEqual(scene.of('chooseStep'), []);
  });

  test('never shows numbers of another window: a late answer is no cell of the tape on the screen', () => {
    const scene = new Scene();
    scene.snapshot();
    scene.state.choose({ tab: 'steps' });
    scene.increment({ tape: tape(20) });
    scene.answer({ iteration: 10 });
    assert.equal(scene.state.study.cell, undefined);
    scene.answer();
    scene.increment({ tape: tape(30) });
    assert.equal(scene.state.study.cell, undefined, 'the numbers of iteration 20 are gone with its tape');
    assert.equal(scene.state.study.latestCell?.iteration, 20);
  });

  test('beyond the end of a shorter window is its last one', () => {
    const scene = new Scene();
    scene.snapshot();
    scene.increment({ tape: tape(20) });
    scene.state.study.chooseStep(100);
    assert.equal(scene.state.study.t, T - 1);
  });
});

suite('the walk', () => {
  test('goes through the eleven steps, on into the cell before, and back the same way', () => {
    const scene = new Scene();
    scene.snapshot('paused');
    scene.state.choose({ tab: 'steps' });
    scene.increment({ tape: tape(20) }, 'paused');
    const { study } = scene.state;
    const places = (direction: 1 | -1, steps: number): string[] =>
      Array.from({ length: steps }, () => {
        study.walk(direction);
        return `${study.t}:${study.backwardStep}`;
      });
    assert.deepEqual(places(1, 12).slice(8), ['5:10', '5:11', '4:1', '4:2']);
    assert.deepEqual(places(-1, 3), ['4:1', '5:11', '5:10']);
  });

  test('ends at step 11 of t = 0 and at step 1 of the last time step', () => {
    const scene = new Scene();
    scene.snapshot('paused');
    scene.increment({ tape: tape(20) }, 'paused');
    const { study } = scene.state;
    study.walk(-1);
    assert.deepEqual([study.t, study.backwardStep], [T - 1, 1]);
    study.chooseStep(0, 11);
    study.walk(1);
    assert.deepEqual([study.t, study.backwardStep], [0, 11]);
  });
});

suite('a problem', () => {
  test('of the host stays until it says that there is none; one of an answer goes with the next tape', () => {
    const scene = new Scene();
    scene.snapshot();
    scene.state.choose({ tab: 'steps' });
    scene.increment({ problem: 'no window' });
    scene.increment({});
    assert.equal(scene.state.study.problem, 'no window');
    scene.increment({ problem: null, tape: tape(20) });
    assert.equal(scene.state.study.problem, undefined);
    const { requestId } = scene.of('askCell').at(-1) ?? assert.fail();
    scene.state.receive({ type: 'studied', requestId, result: { ok: false, message: 'no longer there' } });
    assert.equal(scene.state.study.problem, 'no longer there');
    scene.increment({ tape: tape(30) });
    assert.equal(scene.state.study.problem, undefined);
  });
});
