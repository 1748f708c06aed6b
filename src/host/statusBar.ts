import * as vscode from 'vscode';
import { DisposableStore } from '../common/disposable.ts';
import type { RunState } from '../protocol/run.ts';
import type { Session } from './session.ts';
import type { Sessions } from './sessions.ts';

const ICONS: Record<RunState, string> = {
  starting: '$(loading~spin)',
  running: '$(pulse)',
  paused: '$(debug-pause)',
  finished: '$(check)',
  stopped: '$(debug-stop)',
  failed: '$(error)',
};
const MIN_INTERVAL_MS = 250;

/** The one status bar item: state, iteration and loss of the current run; a click shows its panel. */
export class StatusBar implements vscode.Disposable {
  readonly #owned = new DisposableStore();
  readonly #item: vscode.StatusBarItem;
  #shownMs = 0;

  constructor(sessions: Sessions) {
    this.#item = this.#owned.add(
      vscode.window.createStatusBarItem('rnnInspector.status', vscode.StatusBarAlignment.Left, 0),
    );
    this.#item.name = 'RNN Inspector';
    this.#item.command = 'rnnInspector.showPanel';
    this.#owned.add(sessions.onDidChangeCurrent((session) => this.#show(session)));
    this.#owned.add(
      sessions.onDidChange(({ session, change }) => {
        if (session !== sessions.current) return;
        if (change.type === 'status' || Date.now() - this.#shownMs >= MIN_INTERVAL_MS) this.#show(session);
      }),
    );
    this.#show(sessions.current);
  }

  dispose(): void {
    this.#owned.dispose();
  }

  #show(session: Session | undefined): void {
    if (session === undefined) {
      this.#item.hide();
      return;
    }
    this.#shownMs = Date.now();
    const { state, iteration } = session.status;
    const lossNats = session.history.newest('lossSmoothedNats');
    const loss = Number.isFinite(lossNats) ? ` · smoothed loss ${lossNats.toFixed(3)}` : '';
    this.#item.text = `${ICONS[state]} RNN ${state} · ${iteration.toLocaleString('en')}${loss}`;
    this.#item.tooltip = `${session.description.fileName}: ${state}, iteration ${iteration.toLocaleString('en')}${loss && `${loss} nats per character`}. Click to show the panel.`;
    this.#item.accessibilityInformation = { label: `RNN Inspector ${state}, iteration ${iteration}${loss}` };
    this.#item.show();
  }
}
