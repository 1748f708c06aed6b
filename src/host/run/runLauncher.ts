import * as vscode from 'vscode';
import type { Panels } from '../panel/panels.ts';
import type { StartOptions } from '../session/restoredRun.ts';
import { Session } from '../session/session.ts';
import type { Sessions } from '../session/sessions.ts';
import type { RunSettings } from '../../protocol/settings.ts';
import type { TextSource } from '../session/textSource.ts';
import type { RunKeeper } from './runKeeper.ts';

/** Where sessions come to life and are shown: what everything that opens, resumes or forks a run needs. */
export class RunLauncher {
  readonly sessions: Sessions;
  readonly keeper: RunKeeper;
  readonly log: vscode.LogOutputChannel;
  readonly workerPath: string;
  readonly #cacheFolder: string;
  /** Runs that something is being done with which must not be begun twice, by their folders. */
  readonly #busy = new Set<string>();
  readonly #panels: () => Panels;

  constructor(
    context: vscode.ExtensionContext,
    sessions: Sessions,
    keeper: RunKeeper,
    panels: () => Panels,
    log: vscode.LogOutputChannel,
  ) {
    this.sessions = sessions;
    this.keeper = keeper;
    this.log = log;
    this.#panels = panels;
    this.workerPath = vscode.Uri.joinPath(context.extensionUri, 'dist', 'worker.cjs').fsPath;
    this.#cacheFolder = vscode.Uri.joinPath(context.globalStorageUri, 'cache').fsPath;
  }

  get panels(): Panels {
    return this.#panels();
  }

  /** Does something with a run, unless it is being done already, as after a double click. */
  async once(folder: string, work: () => Promise<void>): Promise<void> {
    if (this.#busy.has(folder)) return;
    this.#busy.add(folder);
    try {
      await work();
    } finally {
      this.#busy.delete(folder);
    }
  }

  /** The session of a run in this window, by the run's folder. */
  sessionOf(folder: string): Session | undefined {
    return this.sessions.all.findLast((session) => session.folder === folder);
  }

  /** Starts a session whose run is kept from its first iteration on. */
  start(source: TextSource, settings: RunSettings, options: StartOptions = {}): Session {
    const checkpointSeconds = this.keeper.checkpointSeconds(source.uri);
    const session = Session.start(source, settings, this.workerPath, this.#cacheFolder, {
      ...options,
      checkpointSeconds,
    });
    this.log.info(`Run ${session.description.runId} on ${source.uri.toString()}: ${JSON.stringify(settings)}`);
    return session;
  }

  /** Begins a new run; the panel opens once it has started or takes long to. */
  begin(source: TextSource, settings: RunSettings): Session {
    const session = this.start(source, settings);
    this.keeper.begin(session, { source, settings });
    return session;
  }

  /** Shows a session in the panel of the one whose place it takes, or in one of its own. */
  show(session: Session, instead?: Session): void {
    const panel = instead && this.panels.of(instead);
    this.sessions.add(session);
    if (panel === undefined) this.panels.show(session);
    else this.panels.showIn(panel, session);
    if (instead !== undefined && this.sessions.all.includes(instead)) this.sessions.remove(instead);
  }
}
