import type { LossUnit } from '../../common/format.ts';
import { ChoiceGroup } from './controls.ts';

/** The choice of the unit of losses. */
export function lossUnitChoice(choose: (unit: LossUnit) => void): ChoiceGroup<LossUnit> {
  return new ChoiceGroup<LossUnit>(
    'Unit of the loss',
    'unit',
    [
      { value: 'nats', label: 'nats', title: 'Nats per character (natural logarithm)' },
      { value: 'bits', label: 'bits', title: 'Bits per character (logarithm to base 2)' },
    ],
    choose,
  );
}
