import type * as vscode from 'vscode';
import { packEvents } from '../../protocol/eventBatches.ts';
import type { IncrementMessage, SnapshotMessage, Tab, ToPanel } from '../../protocol/panel.ts';
import type { RunEvent } from '../../protocol/events.ts';
import { AcknowledgedSender } from '../acknowledgedSender.ts';
import { MetricsFeed } from './metricsFeed.ts';
import { type Moment, momentOf } from '../session/moment.ts';
import type { Session, SessionChange } from '../session/session.ts';
import type { StudyChange } from '../study/sessionStudy.ts';
import { followingOf, isFollowed } from '../../protocol/measures.ts';

/** At most fifteen increments a second. */
const MIN_INTERVAL_MS = 66;
/** What the metrics of a running run may come to; after more of them the wait is longer. Inspections are few by themselves. */
const METRIC_BYTES_PER_SECOND = 1e6;
/** Buckets of a level in one increment of a running run, so that the newest 1 000 iterations are there in level 1. */
const MOST_BUCKETS = 256;
/** What was studied of a window is sent whatever tab is in sight, up to so many bytes. */
const SMALL_BYTES = 256 * 1024;
/** Moments that may be on their way to the screen. */
const MOST_MOMENTS = 64;

/**
 * Keeps one panel's copy of a session's history in step: a snapshot when the panel says it is ready, then increments. What
 * happens while one is under way is collected for the next.
 */
export class PanelSync implements vscode.Disposable {
  readonly #sender: AcknowledgedSender<SnapshotMessage | IncrementMessage>;
  readonly #session: Session | undefined;
  readonly #subscription: vscode.Disposable | undefined;
  #inStep = false;
  #feed: MetricsFeed | undefined;
  #sentIterations = 0;
  #sentFacts = false;
  #unsent = nothingUnsent();
  #changed = false;
  #lastMetricBytes = 0;
  #tab: Tab = 'overview';
  /** The moments of the run that were sent since the one on the screen, oldest first. */
  #sent: (Moment & { readonly sequence: number })[] = [];

  constructor(session: Session | undefined, post: (message: ToPanel) => Thenable<boolean>) {
    this.#session = session;
    this.#sender = new AcknowledgedSender<SnapshotMessage | IncrementMessage>({
      post,
      due: () => this.#sendIncrement(),
      free: () => this.#schedule(),
      lost: () => this.sendSnapshot(),
    });
    this.#subscription = session?.onDidChange((change) => this.#collect(change));
  }

  /** The panel is there and knows nothing: it gets everything. */
  sendSnapshot(): void {
    const session = this.#session;
    this.#unsent = nothingUnsent();
    this.#changed = false;
    this.#inStep = true;
    this.#sentIterations = session?.history.iterations ?? 0;
    this.#sentFacts = session?.description.facts !== undefined;
    this.#feed = session && new MetricsFeed(session.history.metrics.levels);
    this.#lastMetricBytes = 0;
    this.#send({
      type: 'snapshot',
      run:
        session === undefined
          ? null
          : {
              description: session.description,
              status: session.status,
              history: session.history.snapshot(),
              study: inSight(session.study.results, this.#tab),
            },
    });
  }

  /** Another tab is in sight: what there is for it is sent, and what only others show is not any more. */
  showTab(tab: Tab): void {
    if (tab === this.#tab) return;
    this.#tab = tab;
    if (this.#session === undefined || !this.#inStep) return;
    this.#unsent.study = { ...this.#unsent.study, ...inSight(this.#session.study.results, tab) };
    this.#changed = true;
    this.#schedule();
  }

  acknowledge(sequence: number): void {
    this.#sender.acknowledge(sequence);
  }

  /** A message is on the panel's screen: what else shows the run follows. */
  drawn(sequence: number): void {
    const moment = this.#sent.findLast((one) => one.sequence <= sequence);
    this.#sent = this.#sent.filter((one) => one.sequence > sequence);
    if (moment !== undefined) this.#session?.moment.show(moment);
  }

  /** The panel is hidden, its page is gone: nothing is sent until it is ready again. */
  pause(): void {
    this.#inStep = false;
    this.#sent = [];
    this.#session?.moment.show(undefined);
    this.#unsent = nothingUnsent();
    this.#sender.stop();
  }

  dispose(): void {
    this.pause();
    this.#subscription?.dispose();
  }

  #collect(change: SessionChange): void {
    // The panel itself made the first two, and shows no name.
    if (!this.#inStep || change.type === 'moment' || change.type === 'sampling' || change.type === 'name') return;
    if (change.type === 'place' || change.type === 'text') {
      // What a run is comes with a snapshot only.
      this.sendSnapshot();
      return;
    }
    this.#changed = true;
    switch (change.type) {
      case 'status':
        // The wait after much that was sent is for a run that goes on, not for a person who stops it.
        this.#sender.unask();
        break;
      case 'rows':
        break;
      case 'event':
        this.#unsent.events.push(change.event);
        break;
      case 'study':
        this.#unsent.study = { ...this.#unsent.study, ...inSight(change.change, this.#tab) };
        break;
      default:
        change satisfies never;
    }
    this.#schedule();
  }

  #schedule(): void {
    if (!this.#changed || !this.#inStep) return;
    const isRunning = this.#session?.status.state === 'running';
    // Of a run that stands only what a person asks for is new, and that is shown at once.
    const restMs = isRunning ? (this.#lastMetricBytes / METRIC_BYTES_PER_SECOND) * 1000 : 0;
    this.#sender.ask(Math.max(MIN_INTERVAL_MS, restMs));
  }

  #sendIncrement(): void {
    const session = this.#session;
    if (session === undefined || this.#feed === undefined) return;
    const message: Omit<IncrementMessage, 'sequence'> = {
      type: 'increment',
      runId: session.description.runId,
      status: session.status,
      firstIteration: this.#sentIterations,
      iterations: session.history.iterations,
      levels: this.#feed.next(
        session.history.metrics.levels,
        session.status.state === 'running' ? MOST_BUCKETS : Infinity,
      ),
      events: packEvents(this.#unsent.events),
      study: this.#unsent.study,
    };
    const { facts, imported } = session.description;
    if (!this.#sentFacts && facts !== undefined) {
      message.facts = facts;
      if (imported !== undefined) message.imported = imported;
      this.#sentFacts = true;
    }
    this.#sentIterations = session.history.iterations;
    this.#unsent = nothingUnsent();
    this.#changed = false;
    this.#lastMetricBytes = message.levels.reduce((bytes, { buckets }) => bytes + buckets.byteLength, 0);
    this.#send(message);
  }

  #send(message: Omit<SnapshotMessage, 'sequence'> | Omit<IncrementMessage, 'sequence'>): void {
    const sequence = this.#sender.send(message);
    if (this.#session !== undefined) this.#sent.push({ sequence, ...momentOf(this.#session.history) });
    // A page that is out of sight takes messages and draws none.
    if (this.#sent.length > MOST_MOMENTS) this.#sent.shift();
  }
}

/** Of what was studied, what a tab shows, and what is so small that another tab may have it at once when it is chosen. */
function inSight<S extends StudyChange>(study: S, tab: Tab): S {
  const isKept = ([part, found]: [string, unknown]): boolean => {
    if (!isFollowed(part)) return true;
    return followingOf(part).tabs.includes(tab) || bytesOf(found as object) <= SMALL_BYTES;
  };
  return Object.fromEntries(Object.entries(study).filter(isKept)) as S;
}

/** Of the arrays in all its parts. */
function bytesOf(found: object): number {
  return Object.values(found).reduce<number>((sum, value: unknown) => {
    if (ArrayBuffer.isView(value)) return sum + value.byteLength;
    return typeof value === 'object' && value !== null ? sum + bytesOf(value) : sum;
  }, 0);
}

/** What happened since the last message was sent. */
interface Unsent {
  readonly events: RunEvent[];
  study: StudyChange;
}

function nothingUnsent(): Unsent {
  return { events: [], study: {} };
}
