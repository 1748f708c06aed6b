import { readRef, writeRef, type Activation, type Ref } from '../../../network/description.ts';
import { element, setAttribute, setText, show } from '../../dom.ts';
import { formatProbability, quotedSymbol, visibleSymbol } from '../../../common/format.ts';
import { axisOf, layerOf } from '../../network/quantities.ts';
import type { MirroredRun } from '../../state/mirror.ts';
import { vectorOf } from '../../state/vectorOf.ts';
import type { StepDetail } from '../../../protocol/study.ts';
import { figureHead, helpFor } from '../figure.ts';
import { FigureMenu } from '../figureMenu.ts';
import { Inputs, type PanelContext, type View } from '../view.ts';
import { Width } from '../width.ts';
import { activationOf, type Network } from '../../../network/network.ts';
import { SATURATION } from '../../../network/slopes.ts';
import { quantityWords } from '../../network/glossary.ts';
import { idOf, timed } from '../../network/notation.ts';
import { refFolds } from '../../network/folds.ts';
import { FoldChoice } from '../../state/foldChoice.ts';
import { norm } from '../../charts/tapeStrip.ts';
import { FoldedList } from './foldedList.ts';
import { boundOf, isNeverNegative, sideA, type SideAQuantity } from './sideA.ts';
import { detailData } from './detailData.ts';
import { mathElement } from './mathElement.ts';
import { predictionsOf, type Prediction } from './predictions.ts';
import { shownDetail } from './shownDetail.ts';
import type { SymbolOf, VectorShown } from './shownVectors.ts';
import { symbolsOf } from './tapeText.ts';
import { readKey } from './unitKeys.ts';
import { formatValue } from './values.ts';
import { VectorStrip } from './vectorStrip.ts';

/** Beyond so many letters a symbol is a byte or a code point, and its column a wider one. */
const LONGEST_SHORT_SYMBOL = 2;

/** Side A of the chosen time step: everything that the forward pass computed, and what the network expected. */
export class SideAView implements View {
  readonly element: HTMLElement;
  readonly #context: PanelContext;
  readonly #inputs = new Inputs();
  readonly #width: Width;
  readonly #note = element('span', { class: 'figure-note' });
  readonly #rows = new Map<Ref, HTMLElement>();
  readonly #list: FoldedList<Ref>;
  readonly #strips = new Map<SideAQuantity, VectorStrip>();
  readonly #input = element('span', { class: 'side-a-value' });
  readonly #loss = element('span', { class: 'side-a-value', 'data-testid': 'side-a-loss' });
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
        'From what is read to the loss, top to bottom, with the numbers of this time step from the float64 reference.\n' +
        'Strips: blue is negative, orange positive, grey zero, one unit or class after the other. ' +
        `${stoppedWords(context.network)} A flat ŷ(t) means that the network does not know.`,
    });
    const menu = new FigureMenu({ id: 'side-a', title, data: () => this.#data(), figure: () => figure }, context);
    for (const quantity of sideA(context.network)) this.#rows.set(quantity.ref, this.#row(quantity));
    this.#list = this.#folded();
    const figure = element(
      'section',
      { class: 'figure figure-side-a', 'aria-labelledby': 'side-a-title', 'data-testid': 'side-a' },
      figureHead('side-a-title', title, this.#note, button, [this.#list.turnAll, menu.element]),
      text,
      menu.problem,
      this.#list.element,
    );
    // Within it the figure stays in sight while side B is read, and no further: a grid would let it go on over what follows.
    this.element = element('div', { class: 'side-a-column' }, figure);
    this.#width = new Width(this.element, context);
  }

  update(): void {
    const { state, theme } = this.#context;
    const { run } = state;
    const shown = shownDetail(state);
    show(this.element, run !== undefined && shown !== undefined);
    if (run === undefined || shown === undefined) return;
    const { detail, isStale } = shown;
    this.element.toggleAttribute('data-stale', isStale);
    const { turnedFolds } = state.ui;
    const { facts } = run.description;
    if (!this.#inputs.changed(detail, turnedFolds, state.choices?.unit, theme, facts, this.#width.pixels)) return;
    // What is drawn takes its width from the page, so it is opened before.
    this.#list.update(({ stands: ref }) => (ref === 'L' ? detail.lossNats : norm(vectorOf(detail, ref))));
    setText(this.#note, `t = ${detail.t}`);
    for (const [quantity, strip] of this.#strips) strip.update(this.#vector(quantity, vectorOf(detail, quantity.ref)));
    setText(
      this.#input,
      `${quotedSymbol(this.#symbolOf(detail.input))}, class ${detail.input} of ${detail.now[this.#probabilities].length}, one-hot: 1 there, 0 at all others; target y(t): ${quotedSymbol(this.#symbolOf(detail.target))}, class ${detail.target}`,
    );
    setText(this.#loss, `${formatValue(detail.lossNats)} nats`);
    setAttribute(this.#loss, 'data-value', String(detail.lossNats));
    setAttribute(this.#loss, 'title', String(detail.lossNats));
    this.#showPredictions(detail);
  }

  point(): void {
    for (const strip of this.#strips.values()) strip.follow();
  }

  #folded(): FoldedList<Ref> {
    const { network, state } = this.#context;
    return new FoldedList(
      {
        id: 'side-a',
        folds: refFolds(network, [...this.#rows.keys()]),
        choice: new FoldChoice(state, 'A', ['output']),
        elementOf: (ref) => this.#rows.get(ref) ?? element('li'),
        contentsOf: () => '',
        measureOf: ({ stands: ref }) => (ref === 'L' ? 'L(t)' : `‖${timed(ref)}‖`),
      },
      'side-a-rows',
    );
  }

  #row(quantity: SideAQuantity): HTMLElement {
    const { ref, formula, meaning, kind } = quantity;
    const row = element('li', { class: 'side-a-row', 'data-testid': `side-a-${idOf(ref)}`, title: meaning });
    if (kind === 'input') row.append(mathElement(formula), this.#input);
    else if (kind === 'loss') row.append(mathElement(formula), this.#loss);
    else {
      const strip = new VectorStrip(this.#context, this.#vector(quantity, new Float64Array(1)), this.#symbolOf);
      this.#strips.set(quantity, strip);
      row.append(strip.element);
    }
    if (ref === this.#probabilities) row.append(this.#predictions);
    return row;
  }

  get #probabilities(): string {
    return this.#context.network.output[1].gives;
  }

  /** Marks the quantity that is spoken of elsewhere, and opens what it is folded into; undefined marks none. */
  mark(ref: Ref | undefined): void {
    for (const [listed, row] of this.#rows) row.toggleAttribute('data-marked', listed === ref);
    if (ref !== undefined) this.#list.open(ref);
  }

  /** Hides what is computed after a quantity; undefined hides nothing. */
  holdBack(after: Ref | undefined): void {
    const refs = [...this.#rows.keys()];
    const last = after === undefined ? refs.length - 1 : refs.indexOf(after);
    for (const [index, ref] of refs.entries()) this.#rows.get(ref)?.toggleAttribute('data-waits', index > last);
  }

  /** Brings a quantity into sight and marks it for a moment. */
  reveal(ref: Ref): void {
    const listed = writeRef({ ...readRef(ref), isLeft: false });
    const row = this.#rows.get(listed);
    if (row === undefined) return;
    this.#list.open(listed);
    this.update();
    row.scrollIntoView({ block: 'nearest' });
    for (const other of this.#rows.values()) other.classList.remove('pointed-to');
    row.getBoundingClientRect();
    row.classList.add('pointed-to');
    row.querySelector<HTMLElement>('.strip')?.focus({ preventScroll: true });
  }

  #vector({ ref, formula: { markup } }: SideAQuantity, values: Float64Array): VectorShown {
    const { network } = this.#context;
    const { name } = readRef(ref);
    const axis = axisOf(network, name);
    // What an activation bounds has a fixed range, which shows saturation as such.
    const largest = boundOf(network, name);
    return {
      key: `side-a-${idOf(ref)}`,
      markup,
      values,
      label: readRef(ref).isBefore ? 'the state that came in' : quantityWords(network, name),
      axis,
      ...(axis === 'unit' && { column: { layer: layerOf(network, name), key: readKey(ref) } }),
      isUnsigned: isNeverNegative(network, name),
      ...(largest !== undefined && { largest }),
    };
  }

  #showPredictions(detail: StepDetail): void {
    const predictions = predictionsOf(detail, detail.now[this.#probabilities]);
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

  #data(): ReturnType<typeof detailData> | undefined {
    const run: MirroredRun | undefined = this.#context.state.run;
    const detail = this.#context.state.study.detail;
    return run === undefined || detail === undefined ? undefined : detailData(detail, 'A', run);
  }
}

/** What to see in the strips about errors on their way back. */
function stoppedWords(network: Network): string {
  const [state] = network.states.map((name) => timed(name));
  const activation = activationOf(network, network.states[0]);
  if (activation === undefined) {
    const said = [
      ...new Set(network.layerEquations.flatMap((equation) => ('apply' in equation ? [equation.apply] : []))),
    ];
    return `${said.map((applied) => STOPPED[applied]).join(' ')} There little error comes back through it.`;
  }
  return SATURATION[activation].passesNothing
    ? `A unit whose state ${state} is 0 is ${SATURATION[activation].unit}: no error will come back through it.`
    : `A state ${state} of strong colours only is saturated: little error will come back through it.`;
}

const STOPPED: Readonly<Record<Activation, string>> = {
  sigmoid: 'A gate near 0 is shut, and near 1 it is open.',
  tanh: 'A tanh of strong colours is saturated.',
  relu: 'A ReLU that gives 0 is off.',
};
