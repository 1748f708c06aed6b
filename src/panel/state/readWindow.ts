import { FOLLOWED, isFollowed, type Followed } from '../../protocol/measures.ts';
import type { StudyResults } from '../../protocol/panel.ts';

/** What is measured of a window, and replaced by that of a newer one. */
export type Windows = Pick<StudyResults, Followed>;

/** The window that a person reads. */
export interface ReadWindow {
  readonly iteration: number | undefined;
  /** The stream that they chose last, which may not be there yet. */
  readonly stream: number;
}

type Window = NonNullable<Windows[Followed]>;

/**
 * Of what was found while a person reads a window, what belongs to it, or is the first of its kind. A newer window that was
 * under way when they began to read does not take the place of theirs; one of the stream that they have just asked for does.
 */
export function foundWhileReading(found: Windows, shown: Windows, read: ReadWindow): Windows {
  return only(found, (window, measure) => {
    const before = shown[measure];
    if (before === undefined) return true;
    const isOfIteration = window.iteration === read.iteration;
    if (!('stream' in window && 'stream' in before)) return isOfIteration;
    return window.stream === read.stream && (isOfIteration || before.stream !== read.stream);
  });
}

/** Those of the windows that are of one iteration. */
export function windowsAt(iteration: number, windows: Windows): Windows {
  return only(windows, (window) => window.iteration === iteration);
}

/** Of what was studied, the windows that are there, and everything else. */
export function splitWindows<R extends Windows>(results: R): { windows: Windows; others: Omit<R, Followed> } {
  const others = Object.entries(results).filter(([name]) => !isFollowed(name));
  return { windows: only(results, () => true), others: Object.fromEntries(others) as Omit<R, Followed> };
}

function only(windows: Windows, isMeant: (window: Window, measure: Followed) => boolean): Windows {
  const entries = FOLLOWED.flatMap((measure) => {
    const window = windows[measure];
    return window !== undefined && isMeant(window, measure) ? [[measure, window] as const] : [];
  });
  return Object.fromEntries(entries);
}
