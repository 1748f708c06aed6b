import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';
import { PanelSync } from '../../../src/host/panelSync.ts';
import type { Session, SessionChange } from '../../../src/host/session.ts';
import { PARAMETER_NAMES, STEP_QUANTITIES } from '../../../src/common/names.ts';
import { RunHistory } from '../../../src/protocol/history.ts';
import type { RunStatus, ToPanel } from '../../../src/protocol/panel.ts';
import { METRIC_NAMES } from '../../../src/protocol/run.ts';
import { DEFAULT_SETTINGS } from '../../../src/protocol/settings.ts';

beforeEach(() => mock.timers.enable({ apis: ['setTimeout', 'Date'] }));
afterEach(() => mock.timers.reset());

/** A session that a test advances by hand, and what its panel is sent. */
class Scene {
  readonly history = new RunHistory();
  readonly sent: ToPanel[] = [];
  readonly sync: PanelSync;
  #listener: ((change: SessionChange) => void) | undefined;

  constructor() {
    const status: RunStatus = {
      state: 'running',
      iteration: 0,
      epoch: 0,
      characters: 0,
      elapsedMs: 0,
      charactersPerSecond: 0,
      restored: false,
    };
    const session = {
      history: this.history,
      status,
      description: {
        runId: 'run',
        fileName: 'text.txt',
        settings: DEFAULT_SETTINGS,
        sampling: { prompt: '', length: 1, temperature: 1, topK: 0 },
      },
      onDidChange: (listener: (change: SessionChange) => void) => {
        this.#listener = listener;
        return { dispose: () => (this.#listener = undefined) };
      },
    };
    this.sync = new PanelSync(session as unknown as Session, (message) => {
      this.sent.push(message);
      return Promise.resolve(true);
    });
  }

  iterate(iterations: number): void {
    this.history.addRows(new Float64Array(iterations * METRIC_NAMES.length).fill(1));
    this.#listener?.({ type: 'rows' });
  }

  /** So many inspections and samples. */
  happens(count: number): void {
    const T = 3;
    for (let iteration = 0; iteration < count; iteration++) {
      const inspection = {
        iteration,
        stepNorm: new Float32Array(STEP_QUANTITIES.length * T),
        stepCosine: new Float32Array(PARAMETER_NAMES.length * T),
        inputs: new Int32Array(T),
        targets: new Int32Array(T),
      };
      const sample = {
        iteration,
        prompt: '',
        temperature: 1,
        topK: 0,
        characters: ['a'],
        probability: new Float32Array(1),
      };
      this.history.addInspection(inspection);
      this.history.addSample(sample);
      this.#listener?.({ type: 'inspection', inspection });
      this.#listener?.({ type: 'sample', sample });
    }
  }

  get last(): ToPanel & { sequence: number } {
    return this.sent.at(-1) as ToPanel & { sequence: number };
  }

  acknowledgeLast(): void {
    this.sync.acknowledge(this.last.sequence);
  }
}

test('nothing is sent before the panel is ready, then everything at once', () => {
  const scene = new Scene();
  scene.iterate(5);
  mock.timers.tick(1000);
  assert.equal(scene.sent.length, 0);
  scene.sync.sendSnapshot();
  assert.deepEqual(
    scene.sent.map(({ type }) => type),
    ['snapshot'],
  );
});

test('an increment waits for the acknowledgement and holds all that happened meanwhile', () => {
  const scene = new Scene();
  scene.sync.sendSnapshot();
  for (let n = 0; n < 7; n++) {
    scene.iterate(2);
    mock.timers.tick(100);
  }
  assert.equal(scene.sent.length, 1);
  scene.acknowledgeLast();
  mock.timers.tick(100);
  assert.equal(scene.sent.length, 2);
  const increment = scene.last;
  assert.equal(increment.type, 'increment');
  assert.ok(increment.type === 'increment');
  assert.equal(increment.firstIteration, 0);
  assert.equal(increment.rows.length, 14 * METRIC_NAMES.length);
});

test('increments come at most fifteen times a second', () => {
  const scene = new Scene();
  scene.sync.sendSnapshot();
  scene.acknowledgeLast();
  for (let ms = 0; ms < 1000; ms += 5) {
    scene.iterate(1);
    mock.timers.tick(5);
    scene.acknowledgeLast();
  }
  assert.ok(scene.sent.length >= 10 && scene.sent.length <= 17, `${scene.sent.length} messages`);
});

test('a message that is never acknowledged is followed by a new snapshot', () => {
  const scene = new Scene();
  scene.sync.sendSnapshot();
  scene.acknowledgeLast();
  scene.iterate(1);
  mock.timers.tick(100);
  assert.equal(scene.last.type, 'increment');
  mock.timers.tick(4000);
  assert.equal(scene.sent.length, 2);
  mock.timers.tick(1500);
  assert.equal(scene.last.type, 'snapshot');
});

test('an acknowledgement of an earlier message does not count', () => {
  const scene = new Scene();
  scene.sync.sendSnapshot();
  const stale = scene.last.sequence;
  scene.sync.sendSnapshot();
  scene.sync.acknowledge(stale);
  scene.iterate(1);
  mock.timers.tick(200);
  assert.equal(scene.last.type, 'snapshot');
});

test('more iterations than are kept exactly are sent as a snapshot', () => {
  const scene = new Scene();
  scene.sync.sendSnapshot();
  scene.iterate(10_000);
  scene.acknowledgeLast();
  mock.timers.tick(100);
  assert.equal(scene.sent.length, 2);
  assert.equal(scene.last.type, 'snapshot');
});

test('a hidden panel gets nothing until it is ready again', () => {
  const scene = new Scene();
  scene.sync.sendSnapshot();
  scene.acknowledgeLast();
  scene.iterate(1);
  scene.sync.pause();
  scene.iterate(1);
  mock.timers.tick(20_000);
  assert.equal(scene.sent.length, 1);
  scene.sync.sendSnapshot();
  assert.equal(scene.sent.length, 2);
});

test('no message holds more typed arrays than VS Code can pass, however much happened', () => {
  const scene = new Scene();
  scene.sync.sendSnapshot();
  scene.happens(300);
  scene.acknowledgeLast();
  mock.timers.tick(100);
  scene.sync.sendSnapshot();
  assert.deepEqual(
    scene.sent.map(({ type }) => type),
    ['snapshot', 'increment', 'snapshot'],
  );
  for (const message of scene.sent) assert.ok(typedArrays(message) < 60, `${message.type}: ${typedArrays(message)}`);
  assert.ok(scene.last.type === 'snapshot' && scene.last.run !== null);
  assert.equal(RunHistory.fromSnapshot(scene.last.run.history).inspections.length, 300);
});

function typedArrays(value: unknown): number {
  if (ArrayBuffer.isView(value)) return 1;
  if (typeof value !== 'object' || value === null) return 0;
  return Object.values(value).reduce((sum: number, part) => sum + typedArrays(part), 0);
}
