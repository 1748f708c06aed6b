import type { StepDetail } from '../../../protocol/study.ts';
import { element, setAttribute, setText, show } from '../../dom.ts';
import { formatProbability, quotedSymbol, visibleSymbol } from '../../../common/format.ts';
import type { MirroredRun } from '../../state/mirror.ts';
import { figureHead, helpFor } from '../figure.ts';
import { FigureMenu } from '../figureMenu.ts';
import { Inputs, type PanelContext, type View } from '../view.ts';
import { Width } from '../width.ts';
import { SIDE_A, type SideAName } from './sideA.ts';
import { cellData } from './cellData.ts';
import { mathElement } from './mathElement.ts';
import { predictionsOf, type Prediction } from './predictions.ts';
import { shownCell } from './shownCell.ts';
import type { SymbolOf, VectorShown } from './stepContent.ts';
import { symbolsOf } from './tapeText.ts';
import { formatValue } from './values.ts';
import { VectorStrip } from './vectorStrip.ts';

type VectorName = Exclude<SideAName, 'x' | 'L'>;
/** Beyond so many letters a symbol is a byte or a code point, and its column a wider one. */
const LONGEST_SHORT_SYMBOL = 2;
/** tanh cannot leave this range, and a fixed one shows saturation as such. */
const LARGEST: Partial<Record<VectorName, number>> = { aPrevious: 1, a: 1 };

/** Side A of the chosen time step: everything that the forward pass computed, and what the network expected. */
export class SideAView implements View {
  readonly element: HTMLElement;
  readonly #context: PanelContext;
  readonly #inputs = new Inputs();
  readonly #width: Width;
  readonly #note = element('span', { class: 'figure-note' });
  readonly #rows = new Map<SideAName, HTMLElement>();
  readonly #strips = new Map<VectorName, VectorStrip>();
  readonly #input = element('span', { class: 'side-a-value' });
  readonly #loss = element('output', { class: 'side-a-value', 'data-testid': 'side-a-loss' });
  readonly #predictions = element('ol', { class: 'predictions', 'data-testid': 'predictions' });
  readonly #symbolOf: SymbolOf;

  constructor(context: PanelContext) {
    this.#context = context;
    this.#symbolOf = (id) => symbolsOf(context.state.run?.description.facts)(id);
    const title = 'Side A, forward';
    const { button, text } = helpFor({
      id: 'side-a',
      title,
      question: 'How is each number computed on the way forward?',
      help:
        'From the character read to the loss, top to bottom, with the numbers of this cell from the float64 reference.\n' +
        'Strips: blue is negative, orange positive, grey zero, one unit or class after the other. ' +
        'A state a(t) of strong colours only is saturated: little error will come back through it. A flat ŷ(t) means that the network does not know.',
    });
    const menu = new FigureMenu({ id: 'side-a', title, data: () => this.#data(), figure: () => this.element }, context);
    for (const { name, formula, meaning } of SIDE_A) {
      const row = element('li', { class: 'side-a-row', 'data-testid': `side-a-${name}`, title: meaning });
      if (name === 'x') row.append(mathElement(formula), this.#input);
      else if (name === 'L') row.append(mathElement(formula), this.#loss);
      else {
        const strip = new VectorStrip(context, this.#vector(name, new Float64Array(1)), this.#symbolOf);
        this.#strips.set(name, strip);
        row.append(strip.element);
      }
      if (name === 'yhat') row.append(this.#predictions);
      this.#rows.set(name, row);
    }
    this.element = element(
      'section',
      { class: 'figure figure-side-a', 'aria-labelledby': 'side-a-title', 'data-testid': 'side-a' },
      figureHead('side-a-title', title, this.#note, button, [menu.element]),
      text,
      menu.problem,
      element('ol', { class: 'side-a-rows' }, ...this.#rows.values()),
    );
    this.#width = new Width(this.element, context);
  }

  update(): void {
    const { state, theme } = this.#context;
    const { run } = state;
    const shown = shownCell(state);
    show(this.element, run !== undefined && shown !== undefined);
    if (run === undefined || shown === undefined) return;
    const { cell, isStale } = shown;
    this.element.toggleAttribute('data-stale', isStale);
    if (!this.#inputs.changed(cell, theme, run.description.facts, this.#width.pixels)) return;
    setText(this.#note, `t = ${cell.t}`);
    for (const [name, strip] of this.#strips) strip.update(this.#vector(name, cell[name]));
    setText(
      this.#input,
      `${quotedSymbol(this.#symbolOf(cell.input))}, class ${cell.input} of ${cell.yhat.length}; target y(t): ${quotedSymbol(this.#symbolOf(cell.target))}, class ${cell.target}`,
    );
    setText(this.#loss, `${formatValue(cell.lossNats)} nats`);
    setAttribute(this.#loss, 'data-value', String(cell.lossNats));
    setAttribute(this.#loss, 'title', String(cell.lossNats));
    this.#showPredictions(cell);
  }

  /** Brings a quantity into sight and marks it for a moment. */
  reveal(name: SideAName): void {
    const row = this.#rows.get(name);
    if (row === undefined) return;
    row.scrollIntoView({ block: 'nearest' });
    for (const other of this.#rows.values()) other.classList.remove('pointed-to');
    row.getBoundingClientRect();
    row.classList.add('pointed-to');
    row.querySelector<HTMLElement>('.strip')?.focus({ preventScroll: true });
  }

  #vector(name: VectorName, values: Float64Array): VectorShown {
    const largest = LARGEST[name];
    return {
      key: `side-a-${name}`,
      markup: SIDE_A.find((quantity) => quantity.name === name)?.formula.markup ?? name,
      values,
      axis: name === 'o' || name === 'yhat' ? 'symbol' : 'unit',
      isUnsigned: name === 'yhat',
      ...(largest !== undefined && { largest }),
    };
  }

  #showPredictions(cell: StepDetail): void {
    const predictions = predictionsOf(cell);
    const isLong = predictions.some(({ id }) => visibleSymbol(this.#symbolOf(id)).length > LONGEST_SHORT_SYMBOL);
    this.#predictions.toggleAttribute('data-long', isLong);
    this.#predictions.replaceChildren(...predictions.map((prediction) => this.#prediction(prediction)));
  }

  #prediction({ id, probability, rank, isTarget }: Prediction): HTMLElement {
    const bar = element('span', { class: 'prediction-bar' });
    bar.style.width = `${probability * 100}%`;
    return element(
      'li',
      { value: String(rank), 'data-target': isTarget, 'data-value': String(probability), title: String(probability) },
      element('span', { class: 'prediction-rank' }, String(rank)),
      element('span', { class: 'prediction-symbol' }, quotedSymbol(this.#symbolOf(id))),
      element('span', { class: 'prediction-track' }, bar),
      element('span', { class: 'prediction-value' }, formatProbability(probability)),
      element('span', { class: 'prediction-note' }, isTarget ? 'target' : ''),
    );
  }

  #data(): ReturnType<typeof cellData> | undefined {
    const run: MirroredRun | undefined = this.#context.state.run;
    const cell = this.#context.state.study.cell;
    return run === undefined || cell === undefined ? undefined : cellData(cell, 'A', run);
  }
}
