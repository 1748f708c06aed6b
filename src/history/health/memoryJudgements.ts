import { formatNorm } from '../../common/format.ts';
import { windowGrowth } from '../../common/windowGrowth.ts';
import type { WayWords } from '../../network/wayWords.ts';
import { alarm, type Judgement, ok, watch } from './judgements.ts';
import { SATURATION_LIMITS, SHORT_HORIZON } from './thresholds.ts';

/** How it stands with what errors are carried back by, as `judgements.ts` of the other signs. */

/** What is said of a horizon by the run's network. */
export interface HorizonWords {
  /** What a unit is that lets no error pass: saturated, off. */
  readonly unit: string;
  /** What carries errors further, a sentence without its last stop. */
  readonly advice?: string | undefined;
}

/**
 * @param steps the lag at which the lag profile falls under 1 % of lag 0; null where it does not within the window, 0 where
 * no error reaches a hidden state at all.
 * @param T sequence length.
 */
export function judgeHorizon(steps: number | null, T: number, { unit, advice }: HorizonWords): Judgement {
  if (steps === null) return ok('whole window');
  if (steps === 0) return alarm('nothing passes', `No error passes: the units are ${unit}`);
  if (steps < SHORT_HORIZON && T > SHORT_HORIZON) {
    const evidence = `Errors are under 1 % after ${steps} ${steps === 1 ? 'step' : 'steps'} back, fewer than a 5-gram looks`;
    return watch('short', `${evidence}${advice === undefined ? '' : `. ${advice}`}`);
  }
  return ok(`of ${T - 1}`);
}

export interface RecurrenceFacts {
  /** Null of a network without a recurrent weight. */
  readonly spectralRadius: number | null;
  readonly sigmaMax: number | null;
  /** Nats per step back; null where it is not known. */
  readonly lyapunov: number | null;
  /** The horizon at 1 %, as `judgeHorizon` takes it. */
  readonly horizon: number | null;
  /** Sequence length. */
  readonly T: number;
}

/** @param way of errors through a cell; undefined where they go back past the recurrent weights too, as through gates. */
export function judgeRecurrence(facts: RecurrenceFacts, way: WayWords | undefined): Judgement {
  const { lyapunov, horizon, T } = facts;
  if (horizon === 0) {
    const evidence =
      way === undefined
        ? 'No error is carried back'
        : `${way.weight} has no error to carry back: the ${way.activation} factor ${way.slope} takes all of it`;
    return alarm('nothing passes', evidence);
  }
  const growth = lyapunov === null ? undefined : windowGrowth(lyapunov, T);
  if (lyapunov !== null && (growth === 'grow' || growth === 'explode')) {
    const evidence = `In the long run errors grow ${formatNorm(Math.exp(lyapunov))}-fold with every step back (Lyapunov exponent ${lyapunov.toFixed(3)})`;
    return growth === 'explode' ? alarm('exploding', evidence) : watch('growing', evidence);
  }
  const judged = way && judgeWeight(facts, way);
  if (judged !== undefined) return judged;
  if (growth === undefined) return ok('can carry');
  if (growth === 'last') return ok('errors last');
  // The weight alone would let them grow.
  const isHeld = way !== undefined && (facts.spectralRadius ?? 0) > 1;
  return ok(isHeld ? `errors fade, by ${way.activation}` : 'errors fade');
}

/** What its size alone says of the weight that all errors go back by, where they do not grow. */
function judgeWeight({ spectralRadius, sigmaMax }: RecurrenceFacts, way: WayWords): Judgement | undefined {
  const { weight, of, stopped } = way;
  const { radius } = SATURATION_LIMITS[of];
  if (radius !== undefined && spectralRadius !== null && spectralRadius > radius) {
    const evidence = `ρ(${weight}) is ${formatNorm(spectralRadius)}: with so large weights only ${stopped} units keep errors from exploding. A lower learning rate or clipping keeps ${weight} small`;
    return watch('far above 1', evidence);
  }
  if (sigmaMax === null || sigmaMax >= 1) return undefined;
  return watch('must fade', `Errors must fade: σ_max of ${weight} is ${formatNorm(sigmaMax)}, below 1`);
}
