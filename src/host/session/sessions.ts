import * as vscode from 'vscode';
import { DisposableStore } from '../../common/disposable.ts';
import { distinctions, fileLabel } from '../run/runLabel.ts';
import type { Session, SessionChange } from './session.ts';

/** All sessions of this window, and which of them is current: what commands and the status bar item speak of. */
export class Sessions implements vscode.Disposable {
  readonly #sessions = new Map<Session, vscode.Disposable>();
  readonly #owned = new DisposableStore();
  readonly #currentChanged = this.#owned.add(new vscode.EventEmitter<Session | undefined>());
  readonly #changed = this.#owned.add(new vscode.EventEmitter<{ session: Session; change: SessionChange }>());
  readonly #added = this.#owned.add(new vscode.EventEmitter<Session>());
  readonly #removed = this.#owned.add(new vscode.EventEmitter<Session>());
  readonly onDidAdd = this.#added.event;
  readonly onDidRemove = this.#removed.event;
  readonly onDidChangeCurrent = this.#currentChanged.event;
  readonly onDidChange = this.#changed.event;
  #current: Session | undefined;

  get current(): Session | undefined {
    return this.#current;
  }

  get all(): readonly Session[] {
    return [...this.#sessions.keys()];
  }

  /** Sessions that are training or paused. */
  get underWay(): readonly Session[] {
    return this.all.filter((session) => session.isUnderWay);
  }

  /** Sessions that train, or are about to: those that a further one would slow down. A paused one does nothing. */
  get training(): readonly Session[] {
    return this.underWay.filter(({ status }) => status.state !== 'paused');
  }

  /** What tells a session from the others on its file: its name, what it has otherwise, or when it began. Empty for an only one. */
  distinctionOf(session: Session): string {
    const file = session.uri.toString();
    const onFile = this.all.filter(({ uri }) => uri.toString() === file);
    const runs = (onFile.includes(session) ? onFile : [session]).map(({ name, createdMs, description }) => ({
      name,
      createdMs,
      settings: description.settings,
    }));
    return distinctions(runs, Date.now())[Math.max(0, onFile.indexOf(session))];
  }

  /** "sample.txt", or "sample.txt · lstm" where there are several on it. */
  labelOf(session: Session): string {
    const file = fileLabel(
      session.uri.path,
      this.all.map(({ uri }) => uri.path),
    );
    const distinction = this.distinctionOf(session);
    // The name of an imported network says what it reads.
    if (distinction.includes(file)) return distinction;
    return distinction === '' ? file : `${file} · ${distinction}`;
  }

  /** Takes ownership and makes the session current. */
  add(session: Session): void {
    this.#sessions.set(
      session,
      session.onDidChange((change) => this.#changed.fire({ session, change })),
    );
    this.#added.fire(session);
    this.setCurrent(session);
  }

  setCurrent(session: Session | undefined): void {
    if (session === this.#current) return;
    const subscription = session && this.#sessions.get(session);
    if (session !== undefined && subscription !== undefined) {
      // The map's order is the order in which sessions were last current: `remove` goes back by it.
      this.#sessions.delete(session);
      this.#sessions.set(session, subscription);
    }
    this.#current = session;
    this.#currentChanged.fire(session);
  }

  /** Ends a session and forgets it; its thread is terminated. */
  remove(session: Session): void {
    this.#sessions.get(session)?.dispose();
    this.#sessions.delete(session);
    this.#removed.fire(session);
    session.dispose();
    if (session === this.#current) this.setCurrent(this.all.at(-1));
  }

  dispose(): void {
    for (const session of this.all) this.remove(session);
    this.#owned.dispose();
  }
}
