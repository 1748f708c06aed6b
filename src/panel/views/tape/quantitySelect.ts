import { labelOf, titleOf } from '../../../network/names.ts';
import type { Network } from '../../../network/network.ts';
import { element } from '../../dom.ts';
import { quantitiesByPart } from '../../network/folds.ts';

/** One of the quantities of a network that are too many to stand side by side, by the gate or state that they belong to. */
export class QuantitySelect {
  readonly element: HTMLSelectElement;

  constructor(network: Network, label: string, testId: string, choose: (quantity: string) => void) {
    const groups = quantitiesByPart(network).map(({ title, quantities }) =>
      element(
        'optgroup',
        { label: title },
        ...quantities.map((value) =>
          element('option', { value, title: titleOf(network, value) }, labelOf(network, value)),
        ),
      ),
    );
    this.element = element('select', { class: 'select', 'aria-label': label, 'data-testid': testId }, ...groups);
    this.element.addEventListener('change', () => choose(this.element.value));
  }

  set value(quantity: string) {
    if (this.element.value !== quantity) this.element.value = quantity;
  }
}
