import assert from 'node:assert/strict';
import { RandomStream } from '../../../src/common/random.ts';
import type { Moment } from '../../../src/host/session/moment.ts';
import { PanelSync } from '../../../src/host/panel/panelSync.ts';
import type { Session, SessionChange } from '../../../src/host/session/session.ts';
import { startingStatus } from '../../../src/host/session/sessionStatus.ts';
import type { StudyChange } from '../../../src/host/study/sessionStudy.ts';
import { RunMirror } from '../../../src/panel/state/mirror.ts';
import { RunHistory } from '../../../src/history/history.ts';
import type { RunDescription, RunStatus, StudyResults, ToPanel } from '../../../src/protocol/panel.ts';
import { DEFAULT_SETTINGS } from '../../../src/protocol/settings.ts';
import { METRIC_NAMES, NETWORK, PARAMETER_NAMES, STEP_QUANTITIES } from '../../tanh.ts';

/** A session that a test advances by hand, and what its panel is sent. */
export class Scene {
  readonly history = new RunHistory(NETWORK);
  readonly sent: ToPanel[] = [];
  /** The panel's copy: it takes every message that is acknowledged. */
  readonly mirror = new RunMirror();
  readonly status: RunStatus = { ...startingStatus(), state: 'running' };
  readonly study: { results: StudyResults } = { results: {} };
  readonly sync: PanelSync;
  /** The iterations that others were told to show; undefined where there is nothing on the screen. */
  readonly shown: (number | undefined)[] = [];
  readonly #session: { description: RunDescription };
  readonly #random = RandomStream.seeded(1, 'text');
  #taken: ToPanel | undefined;
  #listener: ((change: SessionChange) => void) | undefined;

  constructor(description: Partial<RunDescription> = {}) {
    const session = {
      history: this.history,
      study: this.study,
      status: this.status,
      description: {
        runId: 'run',
        fileName: 'text.txt',
        settings: DEFAULT_SETTINGS,
        sampling: { prompt: '', length: 1, temperature: 1, topK: 0 },
        ...description,
      },
      moment: { show: (moment: Moment | undefined) => this.shown.push(moment?.iteration) },
      onDidChange: (listener: (change: SessionChange) => void) => {
        this.#listener = listener;
        return { dispose: () => (this.#listener = undefined) };
      },
    };
    this.#session = session;
    this.sync = new PanelSync(session as unknown as Session, (message) => {
      this.sent.push(message);
      return Promise.resolve(true);
    });
  }

  /** Changes what the session says of its run. */
  describe(change: Partial<RunDescription>): void {
    this.#session.description = { ...this.#session.description, ...change };
  }

  iterate(iterations: number): void {
    this.history.metrics.addRows(
      Float64Array.from({ length: iterations * METRIC_NAMES.length }, () => this.#random.uniform()),
    );
    this.#listener?.({ type: 'rows' });
  }

  studies(change: StudyChange): void {
    this.#listener?.({ type: 'study', change });
  }

  /** The run pauses or goes on. */
  turn(state: RunStatus['state']): void {
    this.status.state = state;
    this.#listener?.({ type: 'status' });
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
      this.history.add({ type: 'inspection', value: inspection });
      this.history.add({ type: 'sample', value: sample });
      this.#listener?.({ type: 'event', event: { type: 'inspection', value: inspection } });
      this.#listener?.({ type: 'event', event: { type: 'sample', value: sample } });
    }
  }

  get last(): ToPanel & { sequence: number } {
    return this.sent.at(-1) as ToPanel & { sequence: number };
  }

  /** The panel takes the last message, and says so. */
  acknowledgeLast(): void {
    const message = this.last;
    if (message === this.#taken) return;
    this.#taken = message;
    if (message.type === 'snapshot') this.mirror.takeSnapshot(message);
    if (message.type === 'increment') assert.ok(this.mirror.takeIncrement(message), 'the increment does not fit');
    this.sync.acknowledge(message.sequence);
  }
}
