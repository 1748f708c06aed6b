import { shapeOf, errorName, type Axis, type Network, type Parameter } from '../../../network/network.ts';
import type { WindowSizes } from '../../../network/windowNumbers.ts';
import { written } from '../../../network/names.ts';
import type { Numbers } from '../../../protocol/study.ts';
import { quotedSymbol } from '../../../common/format.ts';
import { element, setText } from '../../dom.ts';
import { mathElement } from '../tape/mathElement.ts';
import { rowLabels, rowsOfSideA, rowsOfSideB, type StepRows } from './numberRows.ts';
import { NumberTable } from './numberTable.ts';

export interface NumberTablesOptions {
  readonly sizes: WindowSizes;
  readonly symbols: readonly string[];
  /** A person chose a time step. */
  readonly chosen: (t: number) => void;
}

/** A gradient stands beside its parameter, unless they have few rows or many columns: then it stands under it. */
const FEW_ROWS = 5;
const MANY_COLUMNS = 5;

/** The three parts of the figure: both sides over time, and the parameters with their gradients. */
export class NumberTables {
  readonly elements: readonly HTMLElement[];
  readonly #parts: readonly { update(numbers: Numbers, t: number): void }[];
  readonly #sides: readonly StepTable[];

  constructor(network: Network, options: NumberTablesOptions) {
    const sideA = new StepTable('side-a', 'Side A, forward', rowsOfSideA(network, options.sizes), true, options);
    const sideB = new StepTable('side-b', 'Side B, backward', rowsOfSideB(network, options.sizes), false, options);
    const parameters = network.parameters.map((parameter) => new ParameterTables(parameter, options));
    this.#sides = [sideA, sideB];
    this.#parts = [...this.#sides, ...parameters];
    this.elements = [
      part('Side A, forward', sideA.element),
      part('Side B, backward', sideB.element),
      part(
        'Parameters before the update, and their gradients',
        element('div', { class: 'number-parameters' }, ...parameters.map((one) => one.element)),
      ),
    ];
  }

  update(numbers: Numbers, t: number): void {
    for (const part of this.#parts) part.update(numbers, t);
  }

  /** Scrolls the column of the chosen time step into sight, sideways alone. */
  reveal(): void {
    for (const side of this.#sides) side.reveal();
  }
}

/** It scrolls sideways by itself where the panel is too narrow, and can be scrolled by keys then. */
function part(label: string, content: HTMLElement): HTMLElement {
  return element('div', { class: 'number-part', role: 'region', tabindex: '0', 'aria-label': label }, content);
}

/** Pixels that the labels of the rows take beside the names; both stay in sight. */
const LABELS = 30;

/** The numbers of one side, with a column for every time step; of side A also one for what comes in. */
class StepTable {
  readonly element: HTMLElement;
  readonly #table: NumberTable;
  readonly #rowsOf: (numbers: Numbers) => StepRows[];
  /** The time step of the first column. */
  readonly #first: number;
  /** In the head of each column: what is read and what is asked for. */
  readonly #read: readonly HTMLElement[];
  readonly #symbols: readonly string[];
  readonly #axes: readonly (Axis | undefined)[];

  constructor(
    id: string,
    caption: string,
    rowsOf: (numbers: Numbers) => StepRows[],
    hasBefore: boolean,
    { sizes, symbols, chosen }: NumberTablesOptions,
  ) {
    this.#rowsOf = rowsOf;
    this.#first = hasBefore ? -1 : 0;
    this.#symbols = symbols;
    const rows = rowsOf(NOTHING);
    this.#axes = rows.map(({ axis }) => axis);
    this.#read = Array.from({ length: sizes.T }, () => element('span'));
    const heads = this.#read.map((read, t) => {
      const head = element(
        'button',
        { type: 'button', class: 'number-head', title: `Choose time step ${t}` },
        element('span', {}, `t = ${t}`),
        read,
      );
      head.addEventListener('click', () => chosen(t));
      return head;
    });
    this.#table = new NumberTable({
      id,
      caption: [caption],
      columns: [...(hasBefore ? ['carried in'] : []), ...heads],
      groups: rows.map(({ markup, title, axis }) => ({
        name: mathElement({ markup }),
        title,
        rows: rowLabels(axis, sizes, symbols),
      })),
    });
    this.element = this.#table.element;
  }

  update(numbers: Numbers, chosen: number): void {
    const { inputs, targets } = numbers;
    const symbol = (id: number): string => quotedSymbol(this.#symbols[id]);
    this.#read.forEach((read, t) => setText(read, ` ${symbol(inputs[t])} → ${symbol(targets[t])}`));
    const rows = this.#rowsOf(numbers);
    this.#table.update((group, row, column) => rows[group].at(row, column + this.#first));
    this.#table.mark(
      (column) => column + this.#first === chosen,
      (group, row, column) => this.#axes[group] === 'V' && targets[column + this.#first] === row,
    );
  }

  reveal(): void {
    const head = this.element.querySelector<HTMLElement>('thead [data-chosen]');
    const part = this.element.parentElement;
    if (head === null || part === null) return;
    const name = this.element.querySelector<HTMLElement>('.number-name');
    const names = name?.offsetWidth ?? 0;
    // The labels of the rows stay in sight right of the names, which are as wide as the longest.
    this.element.style.setProperty('--names', `${names}px`);
    const labels = names + LABELS;
    const end = head.offsetLeft + head.offsetWidth;
    if (end > part.scrollLeft + part.clientWidth) part.scrollLeft = end - part.clientWidth;
    else if (head.offsetLeft < part.scrollLeft + labels) part.scrollLeft = head.offsetLeft - labels;
  }
}

/** No window yet: its tables have their rows already. */
const NOTHING: Numbers = {
  iteration: 0,
  stream: 0,
  position: 0,
  T: 0,
  N: 1,
  inputs: new Int32Array(),
  targets: new Int32Array(),
  lossNats: new Float64Array(),
  parameters: {},
  gradients: {},
  carriedIn: {},
  quantities: {},
  errors: {},
  messages: {},
};

/** A parameter and its gradient. */
class ParameterTables {
  readonly element: HTMLElement;
  readonly #parameter: Parameter;
  readonly #columns: number;
  readonly #tables: readonly [value: NumberTable, gradient: NumberTable];

  constructor(parameter: Parameter, { sizes, symbols }: NumberTablesOptions) {
    this.#parameter = parameter;
    const { name, axes, words } = parameter;
    const [rows, columns = 1] = shapeOf(parameter, sizes);
    this.#columns = columns;
    const columnAxis = axes[1];
    const heads = columnAxis === undefined ? [''] : rowLabels(columnAxis, sizes, symbols);
    const table = (id: string, markup: string, title: string): NumberTable =>
      new NumberTable({
        id,
        caption: [mathElement({ markup }), element('span', { class: 'number-words' }, title)],
        columns: heads,
        groups: [{ rows: rowLabels(axes[0], sizes, symbols) }],
      });
    const size = columnAxis === undefined ? `${rows}` : `${rows} × ${columns}`;
    this.#tables = [
      table(name, written(name), `${words}, ${size}`),
      table(errorName(name), `∂${written(name)}`, 'Σ over t'),
    ];
    this.element = element(
      'div',
      { class: 'number-parameter', 'data-stacked': rows < FEW_ROWS || columns > MANY_COLUMNS },
      ...this.#tables.map((one) => one.element),
    );
  }

  update({ parameters, gradients, inputs }: Numbers, t: number): void {
    const { name, times } = this.#parameter;
    [parameters[name], gradients[name]].forEach((values, which) => {
      const table = this.#tables[which];
      table.update((_, row, column) => values[row * this.#columns + column]);
      // Of a weight of the input each time step reads the column of its symbol.
      table.mark(
        (column) => times === 'x' && inputs[t] === column,
        () => false,
      );
    });
  }
}
