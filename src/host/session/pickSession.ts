import * as vscode from 'vscode';
import type { Session } from './session.ts';
import type { Sessions } from './sessions.ts';

/** The only session, or the one that the person chooses: those that train first, then the one that was in front last. */
export async function pickSession(sessions: Sessions): Promise<Session | undefined> {
  if (sessions.all.length <= 1) return sessions.current;
  const choices = sessions.all.toReversed().map((session) => ({
    label: sessions.labelOf(session),
    description: `${session.status.state}, ${session.status.iteration.toLocaleString('en')} iterations`,
    session,
  }));
  const isTraining = ({ session }: { readonly session: Session }): number => Number(session.status.state === 'running');
  choices.sort((one, other) => isTraining(other) - isTraining(one));
  return (await vscode.window.showQuickPick(choices, { placeHolder: 'Which run?' }))?.session;
}
