import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { packInspections, packSamples } from '../../../src/protocol/batches.ts';
import type { FromPanel, IncrementMessage, SnapshotMessage } from '../../../src/protocol/panel.ts';
import type { RunState } from '../../../src/protocol/run.ts';
import type { Cell, Memory, Spectrum, Tape } from '../../../src/protocol/study.ts';
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

  /** Answers the newest question about a matrix. */
  answerMatrix(): void {
    const { requestId, iteration, stream, t, name } =
      this.of('askMatrix').at(-1) ?? assert.fail('no matrix was asked for');
    const matrix = { iteration, stream, t, name, rows: 1, columns: 1, values: new Float64Array(1) };
    this.state.receive({ type: 'studied', requestId, result: { ok: true, matrix } });
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
    scene.answer();
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
    scene.answer();
    scene.state.study.chooseStep(2);
    assert.equal(scene.state.study.isLive, false);
    assert.equal(scene.of('watch').at(-1)?.reading, 20);
    assert.equal(scene.of('chooseStep').at(-1)?.t, 2);
    assert.equal(scene.of('askCell').at(-1)?.t, 2);
    scene.state.study.setLive(true);
    assert.equal(scene.of('watch').at(-1)?.reading, null);
  });

  test('that a person chooses right after Pause keeps its window, though that of the pause comes late', () => {
    const scene = new Scene();
    scene.snapshot();
    scene.state.choose({ tab: 'steps' });
    scene.increment({ tape: tape(20) });
    scene.increment({}, 'paused');
    scene.state.study.chooseStep(2);
    scene.increment({ tape: tape(24) }, 'paused');
    assert.equal(scene.state.study.tape?.iteration, 20);
    scene.state.study.setLive(true);
    assert.equal(scene.state.study.tape?.iteration, 24, 'the window that waited');
  });

  test('of a run that is over freezes nothing: no other window will come', () => {
    const scene = new Scene();
    scene.snapshot('finished');
    scene.increment({ tape: tape(20) }, 'finished');
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

suite('a window that is read', () => {
  const reading = (state: RunState): Scene => {
    const scene = new Scene();
    scene.snapshot(state);
    scene.state.choose({ tab: 'steps' });
    scene.increment({ tape: tape(20), memory: memory(20), spectrum: spectrum(20) }, state);
    scene.state.study.chooseStep(2);
    return scene;
  };
  const memory = (iteration: number, stream = 0): Memory => ({ iteration, stream }) as Memory;
  const spectrum = (iteration: number): Spectrum => ({ iteration }) as Spectrum;

  test('gives way to that of the next iteration when the person presses Step', () => {
    const scene = reading('paused');
    scene.state.send({ type: 'control', runId: RUN_ID, action: 'step' });
    assert.deepEqual(
      scene.sent.slice(-2).map(({ type }) => type),
      ['watch', 'control'],
      'the host knows that the window is wanted before it steps',
    );
    scene.increment({ tape: tape(21) }, 'paused');
    assert.equal(scene.state.study.tape?.iteration, 21);
  });

  test('stays when the run is resumed', () => {
    const scene = reading('paused');
    scene.state.send({ type: 'control', runId: RUN_ID, action: 'resume' });
    scene.increment({ tape: tape(40) }, 'running');
    assert.equal(scene.state.study.isLive, false);
    assert.equal(scene.state.study.tape?.iteration, 20);
  });

  test('keeps its memory and its spectrum too', () => {
    const { study } = reading('running').state;
    study.take({ memory: memory(30), spectrum: spectrum(30) });
    assert.deepEqual([study.memory?.iteration, study.spectrum?.iteration], [20, 20]);
    study.setLive(true);
    assert.deepEqual([study.memory?.iteration, study.spectrum?.iteration], [30, 30]);
  });

  test('is the one whose memory is in sight on the Memory tab, and its tape follows', () => {
    const scene = new Scene();
    scene.snapshot();
    scene.state.choose({ tab: 'memory' });
    scene.increment({ tape: tape(30), memory: memory(20) });
    scene.state.study.setLive(false);
    assert.equal(scene.of('watch').at(-1)?.reading, 20);
    scene.increment({ tape: tape(20) });
    assert.equal(scene.state.study.tape?.iteration, 20);
  });

  test('gets its first memory, and that of the stream asked for', () => {
    const scene = new Scene();
    scene.snapshot();
    scene.state.choose({ tab: 'steps' });
    scene.increment({ tape: tape(20) });
    scene.state.study.chooseStep(2);
    scene.increment({ memory: memory(20) });
    assert.equal(scene.state.study.memory?.stream, 0);
    scene.state.study.chooseStream(3);
    scene.increment({ tape: tape(20, 3), memory: memory(20, 3) });
    assert.deepEqual([scene.state.study.tape?.stream, scene.state.study.memory?.stream], [3, 3]);
    scene.increment({ tape: tape(30, 0), memory: memory(30, 0) });
    assert.deepEqual([scene.state.study.tape?.stream, scene.state.study.memory?.stream], [3, 3], 'a late one');
  });

  test('is still read after a snapshot of the same run', () => {
    const scene = reading('running');
    scene.snapshot('running', { tape: tape(50) });
    assert.equal(scene.state.study.tape?.iteration, 20);
    assert.equal(scene.of('watch').at(-1)?.reading, 20);
  });
});

suite('questions', () => {
  const atSteps = (): Scene => {
    const scene = new Scene();
    scene.snapshot('paused');
    scene.state.choose({ tab: 'steps' });
    scene.increment({ tape: tape(20) }, 'paused');
    scene.answer();
    return scene;
  };

  test('about cells are under way one at a time; whoever walks on is answered where they are by then', () => {
    const scene = atSteps();
    for (const t of [4, 3, 2]) scene.state.study.chooseStep(t);
    const asked = (): number[] => scene.of('askCell').map(({ t }) => t);
    assert.deepEqual(asked(), [T - 1, 4]);
    scene.answer();
    assert.deepEqual(asked(), [T - 1, 4, 2]);
    scene.answer();
    assert.equal(scene.state.study.cell?.t, 2);
    assert.deepEqual(asked(), [T - 1, 4, 2]);
  });

  test('about a parameter are asked once for all steps of an iteration', () => {
    const scene = atSteps();
    scene.state.study.showMatrix('W_ah');
    scene.answerMatrix();
    scene.state.study.chooseStep(2);
    assert.equal(scene.of('askMatrix').length, 1);
    assert.equal(scene.state.study.matrix?.name, 'W_ah');
  });

  test('about a contribution are asked for every step, one at a time', () => {
    const scene = atSteps();
    scene.state.study.showMatrix('dW_ah');
    for (const t of [4, 3, 2]) scene.state.study.chooseStep(t);
    assert.deepEqual(
      scene.of('askMatrix').map(({ t }) => t),
      [T - 1],
    );
    scene.answerMatrix();
    assert.deepEqual(
      scene.of('askMatrix').map(({ t }) => t),
      [T - 1, 2],
    );
  });

  test('that cannot be answered are not asked again by themselves, but when the person asks', () => {
    const scene = atSteps();
    scene.state.study.chooseStep(2);
    const { requestId } = scene.of('askCell').at(-1) ?? assert.fail();
    scene.state.receive({ type: 'studied', requestId, result: { ok: false, message: 'no longer there' } });
    scene.increment({}, 'paused');
    assert.equal(scene.of('askCell').length, 2);
    assert.equal(scene.state.study.problem, 'no longer there');
    scene.state.study.chooseStep(2);
    assert.equal(scene.of('askCell').length, 3);
    scene.answer();
    assert.equal(scene.state.study.problem, undefined);
  });
});
