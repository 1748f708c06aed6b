import { titleOf, written } from '../../../network/names.ts';
import type { Network } from '../../../network/network.ts';
import type { WeightUpdate } from '../../../protocol/study.ts';
import { element, setAttribute, show } from '../../dom.ts';
import type { WeightChoice } from '../../state/uiState.ts';

/** The parameter and the row and column of the weight that is followed, and the way to the largest gradient. */
export class WeightChooser {
  readonly element: HTMLElement;
  readonly #parameter: HTMLSelectElement;
  readonly #row: HTMLInputElement;
  readonly #column: HTMLInputElement;
  readonly #columnLabel: HTMLElement;
  readonly #choose: (weight: WeightChoice) => void;
  #update: WeightUpdate | undefined;

  constructor(network: Network, choose: (weight: WeightChoice) => void) {
    this.#choose = choose;
    this.#parameter = element(
      'select',
      {
        class: 'select',
        'aria-label': 'Parameter',
        title: 'The parameter; of another one the element with the largest gradient is shown first',
        'data-testid': 'weight-parameter',
      },
      ...network.parameterNames.map((value) =>
        element('option', { value, title: titleOf(network, value) }, written(value)),
      ),
    );
    this.#parameter.addEventListener('change', () => choose({ parameter: this.#parameter.value, element: null }));
    this.#row = this.#field('row');
    this.#column = this.#field('column');
    this.#columnLabel = element('label', { for: this.#column.id }, 'column');
    const largest = element(
      'button',
      {
        type: 'button',
        class: 'toggle',
        title: 'The weight whose gradient is the largest of all parameters in this window',
        'data-testid': 'weight-largest',
      },
      'Largest gradient',
    );
    largest.addEventListener('click', () => choose(null));
    this.element = element(
      'span',
      { class: 'stream-choice weight-chooser' },
      this.#parameter,
      element('label', { for: this.#row.id }, 'row'),
      this.#row,
      this.#columnLabel,
      this.#column,
      largest,
    );
  }

  /** Shows which weight an update is of. */
  update(update: WeightUpdate): void {
    this.#update = update;
    const { parameter, row, column, rows, columns } = update;
    if (this.#parameter.value !== parameter) this.#parameter.value = parameter;
    this.#fill(this.#row, row, rows);
    this.#fill(this.#column, column, columns);
    show(this.#column, columns > 1);
    show(this.#columnLabel, columns > 1);
  }

  #field(name: 'row' | 'column'): HTMLInputElement {
    const field = element('input', {
      type: 'number',
      class: 'number-field',
      min: '0',
      step: '1',
      id: `weight-${name}-field`,
      'data-testid': `weight-${name}`,
    });
    field.addEventListener('change', () => this.#chooseElement());
    return field;
  }

  /** What a person is typing stays until they have chosen. */
  #fill(field: HTMLInputElement, index: number, count: number): void {
    setAttribute(field, 'max', String(count - 1));
    setAttribute(field, 'title', `0 to ${count - 1}`);
    if (document.activeElement !== field || field.value === '') field.value = String(index);
  }

  /** A number out of range becomes the nearest that there is, and the field shows it; what is no number is put back. */
  #chooseElement(): void {
    const update = this.#update;
    if (update === undefined) return;
    const { parameter, rows, columns } = update;
    const row = nearest(this.#row.valueAsNumber, rows, update.row);
    const column = nearest(this.#column.valueAsNumber, columns, update.column);
    this.#row.value = String(row);
    this.#column.value = String(column);
    this.#choose({ parameter, element: { row, column } });
  }
}

function nearest(wanted: number, count: number, otherwise: number): number {
  return Number.isFinite(wanted) ? Math.min(Math.max(Math.round(wanted), 0), count - 1) : otherwise;
}
