import { formatProbability, inUnit, type LossUnit } from './format.ts';
import { l10n } from './l10n.ts';

/** The shades of characters by their loss, how surprised the network was: one scale in the editor, the panel and the reports. */

/** Where one shade ends and the next begins, nats: an absolute scale, the same for every run and at every time. */
export const LOSS_BOUNDS = [0.25, 0.5, 1, 2, 4] as const;
export const LOSS_CLASSES = LOSS_BOUNDS.length + 1;

/** The scale in words. */
export const LOSS_SCALE = l10n.t('0 – {bounds} nats and more', { bounds: LOSS_BOUNDS.join(' – ') });

/** The shade of a loss, from 0 on; undefined for one that is not known. An infinite loss has the strongest. */
export function lossClass(lossNats: number): number | undefined {
  if (Number.isNaN(lossNats)) return undefined;
  const found = LOSS_BOUNDS.findIndex((bound) => lossNats < bound);
  return found < 0 ? LOSS_BOUNDS.length : found;
}

/** The losses of a shade in words, such as "1 – 2 nats". */
export function describeClass(ofLoss: number): string {
  if (ofLoss === LOSS_BOUNDS.length) return l10n.t('{least} nats and more', { least: LOSS_BOUNDS[ofLoss - 1] });
  return `${ofLoss === 0 ? 0 : LOSS_BOUNDS[ofLoss - 1]} – ${LOSS_BOUNDS[ofLoss]} nats`;
}

/** The losses of every shade as a legend writes them: "< 0.25", "0.25–0.5", …, "≥ 4"; in bits with two significant digits. */
export function classLabels(unit: LossUnit): string[] {
  const bounds = LOSS_BOUNDS.map((bound) => (unit === 'nats' ? String(bound) : inUnit(bound, unit).toPrecision(2)));
  return Array.from({ length: LOSS_CLASSES }, (_, shade) => {
    if (shade === 0) return `< ${bounds[0]}`;
    return shade === bounds.length ? `≥ ${bounds[shade - 1]}` : `${bounds[shade - 1]}–${bounds[shade]}`;
  });
}

/** The probabilities of a shade: "0.78 to 0.61", or "less than 0.02". */
export function classProbability(shade: number): string {
  const probability = (bound: number): string => formatProbability(Math.exp(-bound));
  if (shade === LOSS_BOUNDS.length) return l10n.t('{most} and less', { most: probability(LOSS_BOUNDS[shade - 1]) });
  const from = shade === 0 ? '1' : probability(LOSS_BOUNDS[shade - 1]);
  return l10n.t('{from} to {to}', { from, to: probability(LOSS_BOUNDS[shade]) });
}
