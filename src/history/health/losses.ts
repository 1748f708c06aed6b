import { valueAt, type Metrics } from '../metrics.ts';
import type { ReadableHistory } from '../history.ts';
import type { NotFinite, RunFacts } from '../../protocol/run.ts';
import {
  ABOVE_GUESSING_SHARE,
  EARLIEST_ITERATIONS,
  EARLY_DIVERGED_FACTOR,
  EARLY_DIVERGED_ITERATIONS,
  LEARNT_NATS,
  RECENT_ITERATIONS,
  RECENT_SHARE,
  RISEN_TO_SHARE,
} from './thresholds.ts';

/** How the losses of a run stand: what every other judgement of it depends on. One rule for the panel, the report and the terminal. */

/** What of a run it is read from. */
export interface LossSource {
  readonly facts: Pick<RunFacts, 'vocabulary' | 'knownEntropyNats'> | undefined;
  readonly history: ReadableHistory;
  /** Where a number stopped being finite, if one did. */
  readonly notFinite?: NotFinite | undefined;
}

export interface LossFacts {
  /** ln V: the loss of guessing every symbol alike, nats; infinite where V is not known. */
  readonly uniformNats: number;
  /** The median of the newest training losses, and the newest validation loss; NaN where there is none. */
  readonly recentNats: number;
  readonly validationNats: number;
  /** Before the first iterations every network guesses. */
  readonly isEarly: boolean;
  /** A loss is above that of guessing, however little: nothing of such a run is a good sign. */
  readonly isAboveGuessing: boolean;
  readonly isFinite: boolean;
  /** The training loss rose clearly above that of guessing and stays there, or is not finite any more. */
  readonly hasDiverged: boolean;
  /** The training loss is as low as the text allows. */
  readonly isLearnt: boolean;
}

/** Points of the curve of the smoothed loss in which its lowest is looked for. */
const POINTS = 512;

export function lossFacts({ facts, history, notFinite }: LossSource): LossFacts {
  const { iterations } = history;
  const symbols = facts?.vocabulary.length ?? 0;
  const uniformNats = symbols > 0 ? Math.log(symbols) : Infinity;
  const recentNats = recentLoss(history);
  const smoothedNats = history.newest('lossSmoothedNats');
  const validationNats = history.of('validation').at(-1)?.lossNats ?? NaN;
  // Of an iteration of which nothing is known, not even the learning rate is.
  const isKnown = Number.isFinite(history.newest('learningRate'));
  const areFinite = Number.isFinite(history.newest('lossNats')) && Number.isFinite(history.newest('gradNorm'));
  const isFinite = notFinite === undefined && (areFinite || !isKnown);
  return {
    uniformNats,
    recentNats,
    validationNats,
    isEarly: iterations < EARLIEST_ITERATIONS,
    isAboveGuessing: [recentNats, smoothedNats, validationNats].some((nats) => nats > uniformNats),
    isFinite,
    hasDiverged: !isFinite || hasRisenAbove(history, uniformNats, recentNats),
    isLearnt: recentNats <= (facts?.knownEntropyNats ?? 0) + LEARNT_NATS,
  };
}

/** The median of the newest losses that are finite; NaN where there are none. */
function recentLoss(metrics: Metrics): number {
  const { iterations } = metrics;
  const count = Math.min(RECENT_ITERATIONS, Math.max(1, Math.ceil(RECENT_SHARE * iterations)));
  return median(metrics.points('lossNats', iterations - count, iterations, count + 2).mean);
}

function hasRisenAbove(metrics: Metrics, uniformNats: number, recentNats: number): boolean {
  const { iterations } = metrics;
  if (iterations < EARLIEST_ITERATIONS) {
    const begun = Math.max(uniformNats, valueAt(metrics, 'lossNats', 0));
    return iterations >= EARLY_DIVERGED_ITERATIONS && recentNats > EARLY_DIVERGED_FACTOR * begun;
  }
  if (!(recentNats > (1 + ABOVE_GUESSING_SHARE) * uniformNats)) return false;
  const { minimum } = metrics.points('lossSmoothedNats', 0, iterations, POINTS);
  const lowest = minimum.reduce((least, nats) => (nats < least ? nats : least), Infinity);
  return recentNats > (1 + RISEN_TO_SHARE) * lowest;
}

/** Of the values that are finite; NaN where there are none. */
export function median(values: ArrayLike<number>): number {
  const sorted = Float64Array.from(Array.from(values).filter(Number.isFinite)).sort();
  return sorted[sorted.length >> 1] ?? NaN;
}
