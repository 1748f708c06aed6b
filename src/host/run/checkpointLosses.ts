import { groupDigits } from '../../common/format.ts';
import type { ReadableHistory } from '../../history/history.ts';
import { valueAt } from '../../history/metrics.ts';

/**
 * How good the network of a checkpoint is, by the last validation before it and the smoothed loss of training there:
 * "validation loss 1.483 nats · training loss 1.391". Empty where neither is known.
 * @param iteration how many the network had done.
 */
export function lossesAt(history: ReadableHistory, iteration: number): string {
  const validation = history.of('validation').findLast((one) => one.iteration <= iteration);
  const where = validation?.iteration === iteration ? '' : ` at iteration ${groupDigits(validation?.iteration ?? 0)}`;
  const training = iteration === 0 ? NaN : valueAt(history, 'lossSmoothedNats', iteration - 1);
  return [
    ...(validation === undefined ? [] : [`validation loss ${validation.lossNats.toFixed(3)} nats${where}`]),
    ...(Number.isFinite(training) ? [`training loss ${training.toFixed(3)} nats`] : []),
  ].join(' · ');
}
