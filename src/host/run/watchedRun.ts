import { DisposableStore } from '../../common/disposable.ts';
import { networkOf } from '../../network/network.ts';
import { isRunEvent } from '../../protocol/events.ts';
import { columnsOf } from '../../runs/format/columns.ts';
import { endOfRows, type RunRecord } from '../../runs/format/records.ts';
import type { FollowPlace } from '../../runs/reading/runFollower.ts';
import type { FollowPosition } from '../../runs/reading/runReader.ts';
import type { RunSummary } from '../../runs/disk/library.ts';
import type { Session } from '../session/session.ts';
import type { RunLauncher } from './runLauncher.ts';
import { whoTrains } from './whoTrains.ts';

const POLL_MS = 500;

/** Follows a run that another window, program or machine trains, for as long as its session is there. */
export class WatchedRun {
  readonly #launcher: RunLauncher;
  readonly #session: Session;
  readonly #summary: RunSummary;
  readonly #openAnew: () => Promise<void>;
  readonly #owned = new DisposableStore();
  #place: FollowPlace;
  #isPolling = false;
  #isOver = false;

  /** @param openAnew called once where following is over: the run took another course, or nobody trains it any more. */
  constructor(
    launcher: RunLauncher,
    session: Session,
    summary: RunSummary,
    from: FollowPosition,
    openAnew: () => Promise<void>,
  ) {
    this.#openAnew = openAnew;
    this.#launcher = launcher;
    this.#session = session;
    this.#summary = summary;
    this.#place = { read: from };
    const timer = setInterval(() => void this.#poll(), POLL_MS);
    this.#owned.add({ dispose: () => clearInterval(timer) });
    this.#owned.add({ dispose: () => (this.#isOver = true) });
    this.#owned.add(session.onDidDispose(() => this.#owned.dispose()));
  }

  async #poll(): Promise<void> {
    if (this.#isPolling) return;
    this.#isPolling = true;
    try {
      await this.#follow();
    } catch (error) {
      this.#launcher.log.warn(`Run ${this.#summary.runId} cannot be followed: ${String(error)}`);
    } finally {
      this.#isPolling = false;
    }
  }

  async #follow(): Promise<void> {
    const { records, run, isRestarted, place } = await this.#launcher.keeper.reading.news(
      this.#summary.folder,
      this.#place,
      columnsOf(networkOf(this.#session.description.settings)),
    );
    // The session may be gone since: nothing more is told of it.
    if (this.#isOver) return;
    this.#place = place;
    if (isRestarted || !this.#followOn(records)) return this.#leave();
    for (const record of records) this.#take(record);
    const found = await this.#launcher.keeper.places.find(this.#summary.folder);
    if (found === undefined || this.#isOver) return;
    const stored = run ?? found.summary.run;
    if (stored === undefined) return;
    const trainedBy = whoTrains(found.summary, stored);
    // Nobody trains it any more: from now on it may go on here.
    if (trainedBy === undefined) return this.#leave();
    const { state } = stored;
    if (state !== this.#session.status.state || trainedBy !== this.#session.status.trainedBy) {
      this.#session.setStored({ state, trainedBy });
    }
  }

  /** Whether the records go on from what is known: a rewind and rows that are missing or not whole take another reading of all. */
  #followOn(records: readonly RunRecord[]): boolean {
    let { iterations } = this.#session.history;
    for (const record of records) {
      if (record.type === 'rewind' || record.type === 'buckets') return false;
      if (record.type !== 'rows') continue;
      if (record.firstIteration > iterations) return false;
      iterations = Math.max(iterations, endOfRows(record));
    }
    return true;
  }

  #take(record: RunRecord): void {
    if (record.type === 'rows') {
      const known = this.#session.history.iterations - record.firstIteration;
      const rows = new Float64Array(record.rows.subarray(known * record.columns.length));
      const event = { ...record, firstIteration: record.firstIteration + known, rows };
      if (rows.length > 0) this.#session.receiveStored({ ...event, type: 'progress', runId: this.#summary.runId });
      return;
    }
    if (isRunEvent(record)) this.#session.add(record);
  }

  #leave(): Promise<void> {
    this.#owned.dispose();
    return this.#openAnew();
  }
}
