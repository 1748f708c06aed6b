import type { Session } from './session.ts';

/** A file of the sample text in the open folder. */
export const SAMPLE = 'sample.txt';

/** Opens a file and starts a run on it as a person does: palette, then quick pick. */
export async function train(session: Session, file: string, preset: string): Promise<void> {
  await session.window.openFile(file);
  await session.window.runCommand('RNN Inspector: Train RNN on file');
  await session.window.pickQuickPick(preset);
}
