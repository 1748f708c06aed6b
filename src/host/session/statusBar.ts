import * as vscode from 'vscode';
import { l10n } from '../../common/l10n.ts';
import { groupDigits } from '../../common/written.ts';
import { formatLoss } from '../../common/format.ts';
import { DisposableStore } from '../../common/disposable.ts';
import { readingShare } from '../../protocol/reading.ts';
import type { RunState } from '../../protocol/run.ts';
import { STATE_TEXTS } from '../../protocol/stateTexts.ts';
import type { ReadingProgress } from '../../protocol/worker.ts';
import { MOMENT_MS } from './moment.ts';
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
  readonly #sessions: Sessions;
  readonly #item: vscode.StatusBarItem;
  #shownMs = 0;
  /** Shows a moment of the panel anew that may have become old unnoticed. */
  #later: NodeJS.Timeout | undefined;

  constructor(sessions: Sessions) {
    this.#sessions = sessions;
    this.#item = this.#owned.add(
      vscode.window.createStatusBarItem('rnnInspector.status', vscode.StatusBarAlignment.Left, 0),
    );
    this.#item.name = 'RNN Inspector';
    this.#item.command = 'rnnInspector.showPanel';
    this.#owned.add(sessions.onDidChangeCurrent((session) => this.#show(session)));
    // What others do is told too.
    const anew = (): void => this.#show(sessions.current);
    this.#owned.add(sessions.onDidAdd(anew));
    this.#owned.add(sessions.onDidRemove(anew));
    this.#owned.add(
      sessions.onDidChange(({ session, change }) => {
        if (session !== sessions.current) {
          if (change.type === 'status') anew();
          return;
        }
        const isFrequent =
          change.type !== 'moment' &&
          change.type !== 'text' &&
          change.type !== 'name' &&
          (change.type !== 'status' || session.status.reading !== undefined);
        if (!isFrequent || Date.now() - this.#shownMs >= MIN_INTERVAL_MS) this.#show(session);
      }),
    );
    this.#show(sessions.current);
  }

  dispose(): void {
    clearTimeout(this.#later);
    this.#owned.dispose();
  }

  #show(session: Session | undefined): void {
    clearTimeout(this.#later);
    if (session === undefined) {
      this.#item.hide();
      return;
    }
    this.#shownMs = Date.now();
    const { reading } = session.status;
    if (reading === undefined) this.#showTraining(session);
    else this.#showReading(this.#sessions.labelOf(session), reading);
    this.#item.show();
  }

  #showReading(file: string, progress: ReadingProgress): void {
    const share = readingShare(progress);
    this.#item.text = `${ICONS.starting} ${l10n.t('RNN reading · {share}', { share })}`;
    this.#item.tooltip = l10n.t('{file}: reading, {share}. Click to show the panel.', { file, share });
    this.#item.accessibilityInformation = { label: l10n.t('RNN Inspector reading {file}, {share}', { file, share }) };
  }

  #showTraining(session: Session): void {
    const { state } = session.status;
    const { iteration, lossSmoothedNats } = session.moment.now;
    if (iteration !== session.history.iterations) this.#later = setTimeout(() => this.#show(session), MOMENT_MS);
    const word = STATE_TEXTS[state];
    const loss = Number.isFinite(lossSmoothedNats)
      ? ` · ${l10n.t('smoothed loss {loss}', { loss: formatLoss(lossSmoothedNats, 'nats') })}`
      : '';
    const at = groupDigits(iteration);
    const ends = [this.#sessions.distinctionOf(session), trainingText(session, this.#sessions.all)];
    const end = ends.map((part) => part && ` · ${part}`).join('');
    this.#item.text = `${ICONS[state]} RNN ${word} · ${at}${loss}${end}`;
    const tooltip = l10n.t('{run}: {state}, iteration {iteration}{loss}.', {
      run: this.#sessions.labelOf(session),
      state: word,
      iteration: at,
      loss: loss && l10n.t('{loss} nats per character', { loss }),
    });
    const click =
      this.#sessions.all.length > 1 ? l10n.t('Click to choose which run to show.') : l10n.t('Click to show the panel.');
    this.#item.tooltip = `${tooltip} ${click}`;
    this.#item.accessibilityInformation = {
      label: l10n.t('RNN Inspector {state}, iteration {iteration}{loss}', { state: word, iteration, loss: loss + end }),
    };
  }
}

/** "2 training", where a run trains besides the one that is shown. */
function trainingText(shown: Session, all: readonly Session[]): string {
  const training = all.filter(({ isUnderWay, status }) => isUnderWay && status.state === 'running');
  return training.some((session) => session !== shown) ? l10n.t('{count} training', { count: training.length }) : '';
}
