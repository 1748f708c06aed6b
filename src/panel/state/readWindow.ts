import type { StudyResults } from '../../protocol/panel.ts';

/** What is measured of a window, and replaced by that of a newer one. */
export type Windows = Pick<StudyResults, 'tape' | 'memory' | 'spectrum'>;

/** The window that a person reads. */
export interface ReadWindow {
  readonly iteration: number | undefined;
  /** The stream that they chose last, which may not be there yet. */
  readonly stream: number;
}

interface OfStream {
  readonly iteration: number;
  readonly stream: number;
}

/**
 * Of what was found while a person reads a window, what belongs to it, or is the first of its kind. A newer window that was
 * under way when they began to read does not take the place of theirs; one of the stream that they have just asked for does.
 */
export function foundWhileReading(found: Windows, shown: Windows, read: ReadWindow): Windows {
  const { tape, memory, spectrum } = found;
  const isTaken = (one: OfStream | undefined, before: OfStream | undefined): boolean =>
    before === undefined ||
    (one?.stream === read.stream && (one.iteration === read.iteration || before.stream !== read.stream));
  return {
    ...(tape !== undefined && isTaken(tape, shown.tape) && { tape }),
    ...(memory !== undefined && isTaken(memory, shown.memory) && { memory }),
    ...(spectrum !== undefined &&
      (shown.spectrum === undefined || spectrum.iteration === read.iteration) && { spectrum }),
  };
}

/** Those of the windows that are of one iteration. */
export function windowsAt(iteration: number, { tape, memory, spectrum }: Windows): Windows {
  const isMeant = (one: { readonly iteration: number } | undefined): boolean => one?.iteration === iteration;
  return windowsOf({
    ...(isMeant(tape) && { tape }),
    ...(isMeant(memory) && { memory }),
    ...(isMeant(spectrum) && { spectrum }),
  });
}

/** Those of the windows that are there. */
export function windowsOf({ tape, memory, spectrum }: StudyResults): Windows {
  return {
    ...(tape !== undefined && { tape }),
    ...(memory !== undefined && { memory }),
    ...(spectrum !== undefined && { spectrum }),
  };
}
