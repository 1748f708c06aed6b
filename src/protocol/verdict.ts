import type { Baselines } from './study.ts';
import { formatLoss, type LossUnit } from '../common/format.ts';

/** A model without a network, as a sentence names it. */
interface Rung {
  readonly name: string;
  readonly nats: number;
}

const GUESSING = 'guessing every character alike';

/**
 * Where a validation loss stands among the baselines, in words: the best one that it beats, and the next better one that it
 * does not. A longer n-gram is not always a better one, so they are compared by what was measured.
 * @param lossNats nats per symbol, measured on the same validation part as the baselines.
 * @param unit of the numbers in the sentence.
 */
export function verdict(lossNats: number, baselines: Baselines, unit: LossUnit): string {
  if (Number.isNaN(lossNats)) return 'not to be compared: the loss is not a number';
  if (lossNats >= baselines.uniformNats) return `not yet better than ${GUESSING} (uniform)`;
  const loss = (nats: number): string => formatLoss(nats, unit);
  const rungs = ladder(baselines);
  const next = rungs.find(({ nats }) => nats <= lossNats);
  // The ladder begins with uniform, which this loss beats.
  const beaten = rungs[rungs.findLastIndex(({ nats }) => nats > lossNats)];
  const better = `better than ${beaten.name} (${loss(beaten.nats)})`;
  if (next !== undefined) return `${better}; next by loss is ${next.name} (${loss(next.nats)})`;
  const { ngramNats, orders } = baselines;
  if (ngramNats.length < orders) {
    return `${better}; ${ngramNats.length === 0 ? '' : 'longer '}n-grams are still being measured`;
  }
  const best = Math.min(...ngramNats);
  return `better than every n-gram here (best: ${ngramNats.indexOf(best) + 1}-gram, ${loss(best)})`;
}

/** Uniform and the n-grams better than it, the worst first; of n-grams alike only the shortest. */
function ladder({ uniformNats, ngramNats }: Baselines): Rung[] {
  const ngrams = ngramNats
    .map((nats, index) => ({ name: `a ${index + 1}-gram`, nats }))
    .filter(({ nats }, index) => nats < uniformNats && ngramNats.indexOf(nats) === index)
    .sort((one, other) => other.nats - one.nats);
  return [{ name: GUESSING, nats: uniformNats }, ...ngrams];
}
