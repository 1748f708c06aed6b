import type { Reference } from '../charts/references.ts';
import { formatLoss, formatShare, groupDigits, inUnit, unitName, type LossUnit } from '../../common/format.ts';
import type { Baselines } from '../../protocol/study.ts';
import type { MirroredRun } from '../state/mirror.ts';
import { verdict } from '../../protocol/verdict.ts';

/** Where so many pixels are, names stand with their numbers. */
const WIDTH_FOR_NUMBERS = 640;

/**
 * What a loss is compared with: guessing every character alike, n-grams of this text, and the entropy of the source where it
 * is known. On a narrow chart their names come without numbers.
 */
export function lossReferences(
  { facts }: MirroredRun['description'],
  baselines: Baselines | undefined,
  unit: LossUnit,
  color: string,
  width: number,
): Reference[] {
  if (facts === undefined) return [];
  const reference = (name: string, nats: number): Reference => ({
    value: inUnit(nats, unit),
    label: width < WIDTH_FOR_NUMBERS ? name : `${name} ${formatLoss(nats, unit)}`,
    color,
  });
  return [
    reference('uniform', Math.log(facts.vocabulary.length)),
    ...(baselines?.ngramNats ?? []).map((nats, index) => reference(`${index + 1}-gram`, nats)),
    ...(facts.knownEntropyNats === undefined ? [] : [reference('entropy', facts.knownEntropyNats)]),
  ];
}

/**
 * The references that the axis must reach, in the unit of the chart: guessing alike, where training begins, and the nearest
 * one below the loss, which is what there is to beat next. The others are drawn where they lie in the range.
 */
export function referencesInSight(references: readonly Reference[], loss: number): number[] {
  const values = references.map(({ value }) => value);
  const next = Math.max(...values.filter((value) => value < loss));
  return [...values.slice(0, 1), ...(Number.isFinite(next) ? [next] : [])];
}

/** Whether the loss is a good one, in words: how the validation loss compares with the baselines. */
export function verdictText(run: MirroredRun, baselines: Baselines | undefined, unit: LossUnit): string {
  const { facts } = run.description;
  if (facts === undefined) return '';
  if (facts.validationCharacters < 2) {
    return (
      'This run keeps no validation text, so nothing says how good its loss is: the training loss counts text learnt by heart, ' +
      'and there is nothing to measure n-grams on.'
    );
  }
  const newest = run.history.of('validation').at(-1);
  if (baselines === undefined) return '';
  if (newest === undefined) return `${progressText(baselines)}The network has not been validated yet.`;
  const loss = `Validation loss ${formatLoss(newest.lossNats, unit)} ${unitName(unit)}`;
  return `${progressText(baselines)}${loss}: ${verdict(newest.lossNats, baselines, unit)}.`;
}

function progressText({ progress }: Baselines): string {
  return progress < 1 ? `Baselines ${formatShare(Math.min(progress, 0.99))}. ` : '';
}

/** How the baselines were measured, for a tooltip. */
export function baselinesTitle(baselines: Baselines | undefined): string {
  if (baselines === undefined) return 'Simple models of this text, to compare the loss with';
  const { fittedCharacters, trainingCharacters, measuredCharacters } = baselines;
  const fitted =
    fittedCharacters < trainingCharacters
      ? `the last ${groupDigits(fittedCharacters)} of ${groupDigits(trainingCharacters)} training characters`
      : `${groupDigits(fittedCharacters)} training characters`;
  return (
    `n-grams guess a character from the n − 1 before it (Witten–Bell smoothing): fitted on ${fitted}, ` +
    `measured on ${groupDigits(measuredCharacters)} validation characters`
  );
}
