import { InputError } from '../common/inputError.ts';
import type { Baselines, Excerpt } from '../protocol/study.ts';
import { MAX_FITTED_SYMBOLS, NgramMeasure } from '../text/ngrams.ts';

/** On a text of a megabyte longer contexts than these are too rare to help. */
const ORDERS = 6;

/**
 * Measures on the validation part what models without a network reach: guessing every symbol alike, and Witten–Bell n-grams
 * of order 1 … 6, fitted on at most the last `MAX_FITTED_SYMBOLS` symbols of the training part that the excerpt holds.
 * @yields every few milliseconds of work how far it is; each order as soon as it is measured.
 * @throws {InputError} where the validation part has no symbol to measure.
 */
export function* fitBaselines(excerpt: Excerpt): Generator<Baselines, Baselines> {
  const { tokens, codes, validation, trainingCharacters } = excerpt;
  if (validation.length < 2) throw nothingToMeasure(validation.length, tokens);
  const V = codes.length;
  const training = excerpt.training.subarray(-MAX_FITTED_SYMBOLS);
  const ngramNats: number[] = [];
  const now = (share: number): Baselines => ({
    uniformNats: Math.log(V),
    ngramNats: [...ngramNats],
    orders: ORDERS,
    fittedCharacters: training.length,
    trainingCharacters,
    measuredCharacters: validation.length - 1,
    progress: (ngramNats.length + share) / ORDERS,
  });
  const measure = new NgramMeasure(training, validation, V);
  for (let order = 1; order <= ORDERS; order++) {
    const shares = measure.nextOrder();
    let step = shares.next();
    for (; step.done !== true; step = shares.next()) yield now(step.value);
    ngramNats.push(step.value);
    if (order < ORDERS) yield now(0);
  }
  return now(0);
}

function nothingToMeasure(length: number, tokens: Excerpt['tokens']): InputError {
  const has = length === 0 ? 'is empty' : `has only 1 ${tokens === 'bytes' ? 'byte' : 'character'}`;
  return new InputError(
    `There is no validation part to measure n-grams on: it ${has}, and at least 2 ${tokens} are needed. ` +
      'Set validationFraction higher, or take a longer text.',
  );
}
