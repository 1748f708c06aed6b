import { isOver } from '../../protocol/run.ts';
import { groupDigits } from '../../common/format.ts';
import { LOAD } from '../state/message.ts';
import type { MirroredRun } from '../state/mirror.ts';

/** The window that is looked into, in words: the same in every tab. Pure functions. */

/** What names a window: that of one stream at one iteration. */
export interface WindowName {
  readonly iteration: number;
  readonly stream: number;
  /** Of its first character in the text. */
  readonly position: number;
}

/** What a person chose to look into. */
export interface WindowChoice {
  readonly stream: number;
  readonly isLive: boolean;
}

/**
 * Which iteration's window this is. That of a paused run may still be to come: "iteration 1 240, next, not yet run"; of a run
 * that is over it never comes, but shows the network as it ended.
 */
export function iterationText(
  { iteration }: Pick<WindowName, 'iteration'>,
  { status }: Pick<MirroredRun, 'status'>,
): string {
  const text = `iteration ${groupDigits(iteration)}`;
  if (iteration < status.iteration) return text;
  if (isOver(status.state)) {
    const done = `${groupDigits(status.iteration)} ${status.iteration === 1 ? 'iteration' : 'iterations'}`;
    return `the network as it ended (after ${done}), on the window that would come next`;
  }
  return status.state === 'paused' ? `${text}, next, not yet run` : text;
}

/** Which window is shown, whether it stays, and where it stands in the text. Empty where there is none. */
export function windowNote(
  run: Pick<MirroredRun, 'status' | 'description'>,
  shown: WindowName | undefined,
  { stream, isLive }: WindowChoice,
): string {
  if (shown === undefined) return '';
  const iteration = iterationText(shown, run);
  const waiting =
    shown.stream === stream ? '' : `, still of stream ${shown.stream}: that of stream ${stream} is on its way`;
  return [
    `${isLive ? iteration : `Reading ${iteration}`}${waiting}`,
    `from ${run.description.settings.tokens === 'bytes' ? 'byte' : 'character'} ${groupDigits(shown.position)} of the text`,
    ...(isLive ? [] : ['stays until you go back to Live']),
  ].join(' · ');
}

/** What became of the window that a person read before the page was loaded anew. */
export function lostText(iteration: number): string {
  return `The window of iteration ${groupDigits(iteration)}, which you were reading, is gone: only the newest ones are kept.`;
}

/** Why there is no window, for the person. */
export function absentText(
  { description, status }: Pick<MirroredRun, 'description' | 'status'>,
  problem: string | undefined,
): string {
  if (problem !== undefined) return problem;
  if (status.resumable !== undefined) {
    return `The network of this run is not loaded. “${LOAD.label}” above brings it back from its last checkpoint.`;
  }
  if (status.trainedBy !== undefined) return `The network of this run is with ${status.trainedBy}.`;
  if (status.restored) {
    return 'The network of this run is gone: it was restored with its history only. Train again to look into its time steps.';
  }
  if (status.state === 'starting') {
    return 'The run is starting: its first window is looked into as soon as it is read.';
  }
  const { hiddenSize, sequenceLength } = description.settings;
  return `The first window is being looked into: ${sequenceLength} time steps of ${hiddenSize} hidden units, in float64.`;
}
