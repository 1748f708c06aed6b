import { groupDigits } from '../../common/format.ts';
import { l10n } from '../../common/l10n.ts';
import type { ReadableHistory } from '../../history/history.ts';
import { valueAt } from '../../history/metrics.ts';

/**
 * How good the network of a checkpoint is, by the last validation before it and the smoothed loss of training there:
 * "validation loss 1.483 nats · training loss 1.391". Empty where neither is known.
 * @param iteration how many the network had done.
 */
export function lossesAt(history: ReadableHistory, iteration: number): string {
  const validation = history.of('validation').findLast((one) => one.iteration <= iteration);
  const training = iteration === 0 ? NaN : valueAt(history, 'lossSmoothedNats', iteration - 1);
  return [
    ...(validation === undefined ? [] : [validationText(validation, iteration)]),
    ...(Number.isFinite(training) ? [l10n.t('training loss {loss} nats', { loss: training.toFixed(3) })] : []),
  ].join(' · ');
}

function validationText(
  validation: { readonly iteration: number; readonly lossNats: number },
  iteration: number,
): string {
  const loss = validation.lossNats.toFixed(3);
  if (validation.iteration === iteration) return l10n.t('validation loss {loss} nats', { loss });
  const at = groupDigits(validation.iteration);
  return l10n.t('validation loss {loss} nats at iteration {iteration}', { loss, iteration: at });
}
