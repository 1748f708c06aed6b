import { formatFactor } from '../../charts/memoryFactors.ts';
import type { Memory } from '../../../protocol/study.ts';
import type { Fact } from './fact.ts';
import { lyapunovMeaning } from './spectrumText.ts';

/** Why it is another number than the decay of a lag profile, which stands beside it. */
export const BESIDE_DECAY =
  'It follows the one direction of all states together that fades most slowly, and the decay of a lag profile is the mean error’s at one state: where errors fade, the exponent is mostly nearer to ×1 a step.';

const UNKNOWN = 'the vector that is pushed back vanishes on its way, or is not finite';

/** Says the Lyapunov exponent of a window, and what follows from it. */
export function tellLyapunov(fact: Fact, { lyapunov, reaches, longestLived, inputs }: Memory): void {
  if (lyapunov === null) {
    const isNothing = reaches[longestLived].horizon.onePercent === 0;
    fact.set(null, isNothing ? '−∞' : 'not known', isNothing ? 'no error passes at all' : UNKNOWN);
    return;
  }
  const text = `${lyapunov < 0 ? '−' : '+'}${Math.abs(lyapunov).toPrecision(3)} nats per step`;
  const perStep = formatFactor(Math.exp(lyapunov));
  fact.set(lyapunov, text, `${perStep} a step, ${lyapunovMeaning(lyapunov, inputs.length)}`);
}
