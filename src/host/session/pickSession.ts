import * as vscode from 'vscode';
import { l10n } from '../../common/l10n.ts';
import { groupDigits } from '../../common/written.ts';
import { STATE_TEXTS } from '../../protocol/stateTexts.ts';
import type { Session } from './session.ts';
import type { Sessions } from './sessions.ts';

/** "running, 1 234 iterations" */
function described({ state, iteration }: Session['status']): string {
  const word = STATE_TEXTS[state];
  return iteration === 1
    ? l10n.t('{state}, 1 iteration', { state: word })
    : l10n.t('{state}, {count} iterations', { state: word, count: groupDigits(iteration) });
}

/** The only session, or the one that the person chooses: those that train first, then the one that was in front last. */
export async function pickSession(sessions: Sessions): Promise<Session | undefined> {
  if (sessions.all.length <= 1) return sessions.current;
  const choices = sessions.all.toReversed().map((session) => ({
    label: sessions.labelOf(session),
    description: described(session.status),
    session,
  }));
  const isTraining = ({ session }: { readonly session: Session }): number => Number(session.status.state === 'running');
  choices.sort((one, other) => isTraining(other) - isTraining(one));
  return (await vscode.window.showQuickPick(choices, { placeHolder: l10n.t('Which run?') }))?.session;
}
