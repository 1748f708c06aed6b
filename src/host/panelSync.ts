import type * as vscode from 'vscode';
import { packInspections, packSamples } from '../protocol/batches.ts';
import { HISTORY_COLUMNS, type HistorySnapshot, type RunHistory } from '../protocol/history.ts';
import type { IncrementMessage, LevelBatch, ToPanel } from '../protocol/panel.ts';
import type { Inspection, Sample, Validation } from '../protocol/run.ts';
import type { Session, SessionChange } from './session.ts';

/** At most fifteen increments a second. */
const MIN_INTERVAL_MS = 66;
/** What the metrics of a running run may come to; after more of them the wait is longer. Inspections are few by themselves. */
const METRIC_BYTES_PER_SECOND = 1e6;
/** Buckets of a level in one increment of a running run, so that the newest 1 000 iterations are there in level 1. */
const MOST_BUCKETS = 256;
/** VS Code can lose a message to a panel that hides or moves to another window: then a new snapshot is sent. */
const ACKNOWLEDGE_TIMEOUT_MS = 5000;

/**
 * Keeps one panel's copy of a session's history in step: a snapshot when the panel says it is ready, then increments,
 * never more than one under way. What happens meanwhile is collected, so a slow panel slows nothing down.
 */
export class PanelSync implements vscode.Disposable {
  /** One count for all, so that an acknowledgement meant for an earlier session is never taken for a later one's. */
  static #sequence = 0;
  readonly #post: (message: ToPanel) => Thenable<boolean>;
  readonly #session: Session | undefined;
  readonly #subscription: vscode.Disposable | undefined;
  #inStep = false;
  #feed: MetricsFeed | undefined;
  #awaited: number | undefined;
  #sentIterations = 0;
  #sentFacts = false;
  #pending = emptyPending();
  #changed = false;
  #lastSentMs = 0;
  #lastMetricBytes = 0;
  #nextIncrement: NodeJS.Timeout | undefined;
  #lostMessage: NodeJS.Timeout | undefined;

  constructor(session: Session | undefined, post: (message: ToPanel) => Thenable<boolean>) {
    this.#session = session;
    this.#post = post;
    this.#subscription = session?.onDidChange((change) => this.#collect(change));
  }

  /** The panel is there and knows nothing: it gets everything. */
  sendSnapshot(): void {
    const session = this.#session;
    clearTimeout(this.#nextIncrement);
    this.#nextIncrement = undefined;
    this.#pending = emptyPending();
    this.#changed = false;
    this.#inStep = true;
    this.#sentIterations = session?.history.iterations ?? 0;
    this.#sentFacts = session?.description.facts !== undefined;
    const history = session?.history.snapshot();
    this.#feed = history && new MetricsFeed(history.metrics);
    this.#lastMetricBytes = 0;
    this.#send({
      type: 'snapshot',
      sequence: ++PanelSync.#sequence,
      run: session && history ? { description: session.description, status: session.status, history } : null,
    });
  }

  acknowledge(sequence: number): void {
    if (sequence !== this.#awaited) return;
    this.#awaited = undefined;
    clearTimeout(this.#lostMessage);
    this.#schedule();
  }

  /** The panel is hidden, its page is gone: nothing is sent until it is ready again. */
  pause(): void {
    this.#inStep = false;
    this.#awaited = undefined;
    this.#pending = emptyPending();
    clearTimeout(this.#lostMessage);
    clearTimeout(this.#nextIncrement);
    this.#nextIncrement = undefined;
  }

  dispose(): void {
    this.pause();
    this.#subscription?.dispose();
  }

  #collect(change: SessionChange): void {
    if (!this.#inStep) return;
    this.#changed = true;
    switch (change.type) {
      case 'status':
      case 'rows':
        break;
      case 'inspection':
        this.#pending.inspections.push(change.inspection);
        break;
      case 'validation':
        this.#pending.validations.push(change.validation);
        break;
      case 'sample':
        this.#pending.samples.push(change.sample);
        break;
      default:
        change satisfies never;
    }
    this.#schedule();
  }

  #schedule(): void {
    if (!this.#changed || !this.#inStep || this.#awaited !== undefined || this.#nextIncrement) return;
    const isRunning = this.#session?.status.state === 'running';
    // Of a run that stands only what a person asks for is new, and that is shown at once.
    const intervalMs = Math.max(
      MIN_INTERVAL_MS,
      isRunning ? (this.#lastMetricBytes / METRIC_BYTES_PER_SECOND) * 1000 : 0,
    );
    const waitMs = Math.max(0, this.#lastSentMs + intervalMs - Date.now());
    this.#nextIncrement = setTimeout(() => {
      this.#nextIncrement = undefined;
      this.#sendIncrement();
    }, waitMs);
  }

  #sendIncrement(): void {
    const session = this.#session;
    if (session === undefined || this.#feed === undefined) return;
    const message: IncrementMessage = {
      type: 'increment',
      sequence: ++PanelSync.#sequence,
      runId: session.description.runId,
      status: session.status,
      firstIteration: this.#sentIterations,
      iterations: session.history.iterations,
      levels: this.#feed.next(session.history, session.status.state === 'running' ? MOST_BUCKETS : Infinity),
      inspections: packInspections(this.#pending.inspections),
      validations: this.#pending.validations,
      samples: packSamples(this.#pending.samples),
    };
    if (!this.#sentFacts && session.description.facts !== undefined) {
      message.facts = session.description.facts;
      this.#sentFacts = true;
    }
    this.#sentIterations = session.history.iterations;
    this.#pending = emptyPending();
    this.#changed = false;
    this.#lastMetricBytes = message.levels.reduce((bytes, { buckets }) => bytes + buckets.byteLength, 0);
    this.#send(message);
  }

  #send(message: ToPanel & { sequence: number }): void {
    this.#awaited = message.sequence;
    this.#lastSentMs = Date.now();
    clearTimeout(this.#lostMessage);
    this.#lostMessage = setTimeout(() => this.sendSnapshot(), ACKNOWLEDGE_TIMEOUT_MS);
    void this.#post(message);
  }
}

/** Knows what a panel has of the metrics, and gives what it lacks. */
class MetricsFeed {
  readonly #capacity: number;
  readonly #factor: number;
  /** Per level the buckets that the panel has, from `first` on, before `end`. */
  readonly #held: { first: number; end: number }[];

  /** @param metrics what the panel has from the snapshot it was sent. */
  constructor({ capacity, factor, levels }: HistorySnapshot['metrics']) {
    this.#capacity = capacity;
    this.#factor = factor;
    this.#held = levels.map(({ completed }) => ({ first: Math.max(0, completed - capacity), end: completed }));
  }

  /**
   * What is new in every level, at most the newest `most` buckets; the coarsest level always whole, since it alone reaches
   * back to the start. Where everything is wanted, what was left out before comes too.
   */
  next(history: RunHistory, most: number): LevelBatch[] {
    const batches: LevelBatch[] = [];
    let isTop = false;
    for (let level = 0; !isTop; level++) {
      const width = this.#factor ** level;
      const end = Math.floor(history.iterations / width);
      // The next level begins when this one is full.
      isTop = end < this.#capacity;
      const held = (this.#held[level] ??= { first: 0, end: 0 });
      const first = this.#firstToSend(held, end, isTop ? Infinity : most);
      if (first !== held.end) held.first = first;
      held.end = end;
      if (first < end) batches.push({ level, first, buckets: bucketsOf(history, width, first, end) });
    }
    return batches;
  }

  #firstToSend(held: { readonly first: number; readonly end: number }, end: number, most: number): number {
    const oldest = Math.max(0, end - this.#capacity);
    const newest = Math.max(oldest, end - most);
    return most === Infinity && held.first > oldest ? oldest : Math.max(held.end, newest);
  }
}

/** Buckets `first` ≤ bucket < `end` of the history's level of that width, as LevelBatch has them. */
function bucketsOf(history: RunHistory, width: number, first: number, end: number): Float32Array<ArrayBuffer> {
  const columns = HISTORY_COLUMNS.length;
  const stride = columns * (width === 1 ? 1 : 3);
  const buckets = new Float32Array((end - first) * stride);
  HISTORY_COLUMNS.forEach((column, index) => {
    // Room for one point a bucket is too little for any finer level.
    const { mean, minimum, maximum } = history.points(column, first * width, end * width, end - first + 2);
    mean.forEach((value, bucket) => {
      const at = bucket * stride + index;
      buckets[at] = value;
      if (width === 1) return;
      buckets[at + columns] = minimum[bucket];
      buckets[at + 2 * columns] = maximum[bucket];
    });
  });
  return buckets;
}

/** What happened since the last message was sent. */
interface Pending {
  readonly inspections: Inspection[];
  readonly validations: Validation[];
  readonly samples: Sample[];
}

function emptyPending(): Pending {
  return { inspections: [], validations: [], samples: [] };
}
