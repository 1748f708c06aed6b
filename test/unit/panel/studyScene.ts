import assert from 'node:assert/strict';
import type { FromPanel, IncrementMessage, SnapshotMessage } from '../../../src/protocol/panel.ts';
import type { RunState } from '../../../src/protocol/run.ts';
import type { Memory, Spectrum, StepDetail, Tape } from '../../../src/protocol/study.ts';
import { RunHistory } from '../../../src/history/history.ts';
import { networkOf } from '../../../src/network/network.ts';
import type { RunSettings } from '../../../src/protocol/settings.ts';
import { PanelState } from '../../../src/panel/state/panelState.ts';
import { description, historyOf, RUN_ID, status } from './fixtures.ts';
import type { OfPanel, Question } from '../../../src/protocol/measures.ts';

/** Time steps of every window. */
export const T = 6;

/** A panel's state without a page, and the host's part of the conversation. */
export class Scene {
  stored: unknown;
  readonly sent: FromPanel[] = [];
  readonly state: PanelState;
  #sequence = 0;

  /** @param stored what the page before remembered. */
  constructor(stored?: unknown) {
    this.stored = stored;
    this.state = new PanelState(this);
  }

  send(message: FromPanel): void {
    this.sent.push(message);
  }

  of<T extends FromPanel['type']>(type: T): Extract<FromPanel, { type: T }>[] {
    return this.sent.filter((message): message is Extract<FromPanel, { type: T }> => message.type === type);
  }

  /** The questions about a measure. */
  asked<M extends OfPanel>(measure: M): (Question<M> & { readonly requestId: number })[] {
    return this.of('ask').flatMap(({ requestId, question }) =>
      question.measure === measure ? [{ ...(question as unknown as Question<M>), requestId }] : [],
    );
  }

  snapshot(
    state: RunState = 'running',
    study: SnapshotMessage['run'] extends null ? never : object = {},
    settings?: RunSettings,
  ): void {
    const history = settings === undefined ? historyOf(10) : new RunHistory(networkOf(settings));
    const run = {
      description: description(settings && { settings }),
      status: status(state),
      history: history.snapshot(),
      study,
    };
    this.state.receive({ type: 'snapshot', sequence: ++this.#sequence, run });
  }

  increment(
    study: IncrementMessage['study'],
    state: RunState = 'running',
    change: Partial<IncrementMessage['status']> = {},
  ): void {
    this.state.receive({
      type: 'increment',
      sequence: ++this.#sequence,
      runId: RUN_ID,
      status: status(state, change),
      firstIteration: 10,
      iterations: 10,
      levels: [],
      events: [],
      study,
    });
  }

  /** Answers the newest question about a step. */
  answer(change: Partial<StepDetail> = {}): void {
    const { requestId, iteration, stream, t } = this.asked('stepDetail').at(-1) ?? assert.fail('no step was asked for');
    const stepDetail = { iteration, stream, t, lossNats: 2, ...change } as StepDetail;
    this.state.receive({ type: 'studied', requestId, result: { ok: true, stepDetail } });
  }

  /** The newest question about a step cannot be answered. */
  refuse(message = 'no longer there'): void {
    const { requestId } = this.asked('stepDetail').at(-1) ?? assert.fail('no step was asked for');
    this.state.receive({ type: 'studied', requestId, result: { ok: false, message } });
  }

  /** Answers the newest question about a matrix. */
  answerMatrix(): void {
    const { requestId, iteration, stream, t, name } =
      this.asked('matrix').at(-1) ?? assert.fail('no matrix was asked for');
    const matrix = { iteration, stream, t, name, rows: 1, columns: 1, values: new Float64Array(1) };
    this.state.receive({ type: 'studied', requestId, result: { ok: true, matrix } });
  }
}

export function tape(iteration: number, stream = 0): Tape {
  return { iteration, stream, inputs: new Int32Array(T), targets: new Int32Array(T) } as Tape;
}

export const memory = (iteration: number, stream = 0): Memory => ({ iteration, stream }) as Memory;
export const spectrum = (iteration: number): Spectrum => ({ iteration }) as Spectrum;
