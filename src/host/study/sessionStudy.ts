import * as vscode from 'vscode';
import { l10n } from '../../common/l10n.ts';
import { DisposableStore } from '../../common/disposable.ts';
import type { RunHistory } from '../../history/history.ts';
import type { RunDescription, RunStatus, StudyResults } from '../../protocol/panel.ts';
import type { RunEvent } from '../../protocol/events.ts';
import type { Capture, CharacterScores, Excerpt, Tape } from '../../protocol/study.ts';
import { Study } from '../../study/study.ts';
import { WindowFollower, type InSight } from './follower.ts';
import { networkOf } from '../../network/network.ts';
import { memoryPoint } from './memoryPoint.ts';
import { sizesOf, type Answer, type Asks, type OfPanel } from '../../protocol/measures.ts';

/** What is new; null for the problem says that there is none any more. */
export type StudyChange = Omit<StudyResults, 'problem'> & { readonly problem?: string | null | undefined };

/** What a session gives to be looked into. */
export interface StudiedSession {
  readonly description: RunDescription;
  readonly status: RunStatus;
  readonly history: RunHistory;
  /** Whether the network is still there: of a run that goes on, or that ended in this window. */
  readonly hasNetwork: boolean;
  readonly onDidChange: vscode.Event<{ readonly type: string }>;
  /** The ids of the text, once the run has started. */
  readonly onDidExcerpt: vscode.Event<Excerpt>;
  /** Rejects where there is no network any more. */
  capture(): Promise<Capture>;
  add(event: RunEvent): void;
}

/** So often a study thread that died is replaced. */
const MOST_FAILURES = 2;
const GONE = l10n.t('The network of this run is not here. Load it, or train again, to look into it.');

/**
 * Looks into the network of one session, and holds what came of it. One window is looked into at a time, in the panel and
 * in the editor.
 */
export class SessionStudy implements vscode.Disposable {
  readonly #session: StudiedSession;
  readonly #owned = new DisposableStore();
  readonly #changed = this.#owned.add(new vscode.EventEmitter<StudyChange>());
  readonly #tapeChanged = this.#owned.add(new vscode.EventEmitter<Tape>());
  readonly #stepChosen = this.#owned.add(new vscode.EventEmitter<number | undefined>());
  readonly #stepShown = this.#owned.add(new vscode.EventEmitter<number>());
  readonly #shownChanged = this.#owned.add(new vscode.EventEmitter<boolean>());
  readonly onDidChangeShown = this.#shownChanged.event;
  readonly onDidChange = this.#changed.event;
  readonly onDidChangeTape = this.#tapeChanged.event;
  /** A person chose a time step in the panel. */
  readonly onDidChooseStep = this.#stepChosen.event;
  /** The editor asks the panel to show a time step. */
  readonly onDidShowStep = this.#stepShown.event;
  readonly #studyPath: string | undefined;
  readonly #follower: WindowFollower;
  #study: Study | undefined;
  #results: StudyResults;
  #step: number | undefined;
  #isShown = false;
  #failures = 0;
  /** The text, for a thread that is started anew. */
  #excerpt: Excerpt | undefined;

  /**
   * @param path the bundle of the study thread, which is started when it is needed first; none for a run of an earlier window,
   * whose network is gone and of which only `results` are left.
   */
  constructor(session: StudiedSession, { path, results = {} }: { path?: string; results?: StudyResults }) {
    this.#session = session;
    this.#studyPath = path;
    this.#results = path === undefined ? { ...results, problem: GONE } : results;
    this.#follower = this.#owned.add(
      new WindowFollower(
        followedNetwork(session, () => this.#failures <= MOST_FAILURES),
        () => this.#started(),
        {
          found: (change) => this.#publish(change),
          problem: (problem) => this.#publish({ problem: problem ?? null }),
        },
      ),
    );
    this.#owned.add(
      session.onDidChange((change) => {
        if (change.type === 'status') this.#followStatus();
      }),
    );
    this.#owned.add(session.onDidExcerpt((excerpt) => void this.#fitBaselines(excerpt)));
    this.#owned.add({ dispose: () => this.#study?.dispose() });
  }

  get results(): StudyResults {
    return this.#results;
  }

  get tape(): Tape | undefined {
    return this.#results.tape;
  }

  /** The time step that was chosen last, in the panel or in the editor. */
  get step(): number | undefined {
    return this.#step;
  }

  /** Whether there is a panel of the session, hidden or not. */
  get isShown(): boolean {
    return this.#isShown;
  }

  set isShown(isShown: boolean) {
    if (isShown === this.#isShown) return;
    this.#isShown = isShown;
    if (!isShown) this.watch(undefined);
    this.#shownChanged.fire(isShown);
  }

  /** The panel is hidden; it says what it shows when it is there again. */
  hide(): void {
    this.#follower.hide();
  }

  /** What the panel shows now; nothing where it is closed. */
  watch(inSight: InSight | undefined): void {
    this.#follower.watch(inSight);
  }

  /** What the panel asks about a time step of a window that is read. Rejects with a message for the person. */
  async ask<M extends OfPanel>(measure: M, asks: Asks<M>): Promise<Answer<M>> {
    this.#follower.hold(asks.iteration);
    return this.#started().ask(measure, asks);
  }

  /** What the network as it is now, or as it ended, says about a text. Rejects with a message for the person. */
  async score(before: string, text: string): Promise<CharacterScores> {
    return this.#follower.score(before, text);
  }

  /** A person chose a step in the panel. */
  stepChosen(t: number | null): void {
    this.#step = t ?? undefined;
    this.#stepChosen.fire(this.#step);
  }

  /** Shows a step in the panel. */
  chooseStep(t: number): void {
    this.#step = t;
    this.#stepShown.fire(t);
  }

  dispose(): void {
    this.#owned.dispose();
  }

  /** @throws {Error} for the person, where there never was a network in this window. */
  #started(): Study {
    if (this.#studyPath === undefined) throw new Error(GONE);
    if (this.#failures > MOST_FAILURES) throw new Error(this.#results.problem ?? GONE);
    this.#study ??= new Study(this.#studyPath, this.#session.description.runId, {
      baselines: (baselines) => this.#publish({ baselines }),
      failed: (reason) => this.#lose(reason),
    });
    if (this.#excerpt !== undefined) this.#study.takeExcerpt(this.#excerpt);
    return this.#study;
  }

  /** The thread is gone: the next question starts another one, unless that happens again and again. */
  #lose(reason: string): void {
    this.#study = undefined;
    this.#failures++;
    this.#follower.restart();
    this.#publish({ problem: reason });
  }

  #followStatus(): void {
    const { hasNetwork, status } = this.#session;
    if (!hasNetwork && status.state !== 'starting' && this.#results.problem !== GONE) this.#publish({ problem: GONE });
    this.#follower.schedule();
  }

  async #fitBaselines(excerpt: Excerpt): Promise<void> {
    this.#excerpt = excerpt;
    this.#study?.takeExcerpt(excerpt);
    const study = this.#started();
    if (excerpt.validation.length < 2) return;
    // Where the thread dies, its listener says why.
    const baselines = await study.ask('baselines', {}).catch(() => undefined);
    if (baselines !== undefined) this.#publish({ baselines });
  }

  #publish(change: StudyChange): void {
    const { problem, ...found } = change;
    const results: StudyResults = { ...this.#results, ...found };
    if (problem === null) delete results.problem;
    else if (problem !== undefined) results.problem = problem;
    this.#results = results;
    this.#changed.fire(change);
    if (change.tape !== undefined) this.#tapeChanged.fire(change.tape);
    if (change.memory !== undefined || change.spectrum !== undefined) this.#addPoint();
  }

  /** Takes note of how far errors reach, once for every window whose memory and spectrum were measured. */
  #addPoint(): void {
    const { memory, spectrum } = this.#results;
    const network = networkOf(this.#session.description.settings);
    const last = this.#session.history.of('memoryPoint').at(-1)?.iteration ?? -1;
    if (memory === undefined || memory.iteration !== spectrum?.iteration || memory.iteration <= last) return;
    this.#session.add({ type: 'memoryPoint', value: memoryPoint(network, memory, spectrum) });
  }
}

function followedNetwork(
  session: StudiedSession,
  canStudy: () => boolean,
): ConstructorParameters<typeof WindowFollower>[0] {
  return {
    get isThere() {
      return session.hasNetwork && session.description.facts !== undefined && canStudy();
    },
    get isRunning() {
      return session.status.state === 'running';
    },
    get iteration() {
      return session.history.iterations;
    },
    get sizes() {
      const { facts, settings } = session.description;
      return sizesOf(settings, facts?.vocabulary.length ?? 0);
    },
    capture: () => session.capture(),
  };
}
