import type { Ref } from '../../../network/description.ts';
import { element, icon, setAttribute, setText, show } from '../../dom.ts';
import { quotedSymbol } from '../../../common/format.ts';
import type { Network } from '../../../network/network.ts';
import { inWords } from '../../../network/quantities.ts';
import type { StepDetail } from '../../../protocol/study.ts';
import { figureHead, helpFor } from '../figure.ts';
import { FigureMenu } from '../figureMenu.ts';
import { isSummed } from '../../network/divisor.ts';
import { foldsAround, stepFolds } from '../../network/folds.ts';
import { normOfStep, shortly } from '../../network/notation.ts';
import { FoldChoice } from '../../state/foldChoice.ts';
import { Inputs, type PanelContext, type View } from '../view.ts';
import { Width } from '../width.ts';
import { backwardSteps } from './backwardSteps.ts';
import type { BackwardStep } from './stepText.ts';
import { detailData } from './detailData.ts';
import { FoldedList } from './foldedList.ts';
import { mathElement } from './mathElement.ts';
import { automaticMatrix } from './matrixFacts.ts';
import { MatrixView } from './matrixView.ts';
import { MessageStrips } from './messageStrips.ts';
import { shownDetail } from './shownDetail.ts';
import { StepBody } from './stepBody.ts';
import type { SymbolOf } from './shownVectors.ts';
import { symbolsOf } from './tapeText.ts';
import { wayOfTheError } from './wayOfTheError.ts';
import { formatValue } from './values.ts';

interface StepRow {
  readonly item: HTMLElement;
  readonly head: HTMLButtonElement;
  readonly norm: HTMLElement;
  body: StepBody | undefined;
}

const HEADS = '.step-head, .fold-head';

/** Side B of the chosen time step: its steps, one of them open, and the messages that join the time steps. */
export class SideBView implements View {
  readonly element: HTMLElement;
  readonly #context: PanelContext;
  readonly #inputs = new Inputs();
  readonly #width: Width;
  readonly #note = element('span', { class: 'figure-note' });
  readonly #where = element('span', { class: 'walk-where', role: 'status', 'data-testid': 'walk-where' });
  readonly #part = element('span', { class: 'walk-part', role: 'status', 'data-testid': 'walk-part' });
  readonly #previous = walkButton('Previous', 'walk-previous', 'arrow-up', 'Previous step (p)');
  readonly #next: HTMLButtonElement;
  /** Stays in sight while the steps scroll, so that the buttons are where they were. */
  readonly #head: HTMLElement;
  readonly #steps: readonly BackwardStep[];
  readonly #rows: readonly StepRow[];
  readonly #list: FoldedList<number>;
  readonly #matrix: MatrixView;
  readonly #incoming: MessageStrips;
  readonly #outgoing: MessageStrips;
  readonly #symbolOf: SymbolOf;
  readonly #showSideA: (ref: Ref) => void;
  #at: { readonly t: number; readonly step: number } | undefined;

  constructor(context: PanelContext, showSideA: (ref: Ref) => void) {
    this.#context = context;
    this.#showSideA = showSideA;
    this.#symbolOf = (id) => symbolsOf(context.state.run?.description.facts)(id);
    this.#matrix = new MatrixView(context);
    const { network } = context;
    this.#incoming = new MessageStrips(context, true, this.#symbolOf);
    this.#outgoing = new MessageStrips(context, false, this.#symbolOf);
    this.#steps = backwardSteps(network);
    this.#rows = this.#steps.map((step) => this.#row(step));
    this.#list = this.#folded();
    const last = this.#steps.length;
    this.#next = walkButton(
      'Next',
      'walk-next',
      'arrow-down',
      `Next step (n); after step ${last} the one before in time`,
    );
    const title = `Side B, backward: the ${inWords(last)} steps`;
    const { button, text } = helpFor({
      id: 'side-b',
      title,
      question: 'How is each number computed on the way back?',
      help:
        'How the error of this time step is computed, from the loss to the message for the time step before, with the actual numbers from the float64 reference on the weights of this iteration, before clipping. ' +
        `${classWords(network)}; N is what the loss is divided by: T·B where it is the mean over the window, 1 where it is the sum. Walk on after step ${last} and you are in the time step before, which receives the message.\n` +
        `${wayOfTheError(network)} ` +
        'The other norms are of other quantities, and are not to be compared with them.',
    });
    const menu = new FigureMenu({ id: 'side-b', title, data: () => this.#data(), figure: () => this.element }, context);
    const controls = [this.#part, this.#where, this.#previous, this.#next, this.#list.turnAll, menu.element];
    this.#head = figureHead('side-b-title', title, this.#note, button, controls);
    this.element = element(
      'section',
      { class: 'figure figure-side-b', 'aria-labelledby': 'side-b-title', 'data-testid': 'side-b' },
      this.#head,
      text,
      menu.problem,
      this.#incoming.element,
      this.#list.element,
      this.#outgoing.element,
    );
    this.#width = new Width(this.element, context);
    this.#previous.addEventListener('click', () => context.state.study.walk(-1));
    this.#next.addEventListener('click', () => context.state.study.walk(1));
    this.#list.element.addEventListener('keydown', (event) => this.#keyDown(event));
  }

  update(): void {
    const { state, theme } = this.#context;
    const { run, study, choices } = state;
    const shown = shownDetail(state);
    show(this.element, run !== undefined && shown !== undefined);
    if (run === undefined || shown === undefined) return;
    const { detail, isStale } = shown;
    this.element.toggleAttribute('data-stale', isStale);
    const step = study.backwardStep;
    const { facts } = run.description;
    this.#chooseMatrix(step, detail);
    const { turnedFolds } = state.ui;
    const inputs = [
      detail,
      step,
      study.t,
      study.matrix,
      choices?.matrix,
      choices?.unit,
      turnedFolds,
      theme,
      facts,
      this.#width.pixels,
    ];
    if (!this.#inputs.changed(...inputs)) return;
    setText(this.#note, `t = ${detail.t}, reads ${quotedSymbol(this.#symbolOf(detail.input))}, before clipping`);
    setText(this.#where, `step ${step} of ${this.#steps.length} at t = ${study.t}`);
    this.#previous.disabled = step === 1 && study.t === (study.tape?.inputs.length ?? 1) - 1;
    this.#next.disabled = step === this.#steps.length && study.t === 0;
    setText(this.#part, this.#partOf(step));
    const hadFocus = this.#hasFocus();
    for (const strips of [this.#incoming, this.#outgoing]) strips.update(detail);
    this.#list.update(({ stands: k }) => detail.stepNorm[k - 1], step);
    this.#rows.forEach((row, index) => this.#updateRow(row, index, step, detail));
    this.#showArrival(step, study.t, hadFocus);
  }

  point(): void {
    for (const strips of [this.#incoming, this.#outgoing]) strips.follow();
    this.#rows[this.#context.state.study.backwardStep - 1].body?.follow();
    this.#matrix.follow();
  }

  #folded(): FoldedList<number> {
    const { network, state } = this.#context;
    return new FoldedList(
      {
        id: 'side-b',
        folds: stepFolds(network),
        choice: new FoldChoice(state, 'B'),
        elementOf: (k) => this.#rows[k - 1].item,
        contentsOf: (steps) => (steps.length === 1 ? `step ${steps[0]}` : `steps ${steps[0]}–${steps.at(-1)}`),
        measureOf: ({ stands: k }) => normOfStep(network.steps[k - 1]),
      },
      'steps-list',
    );
  }

  /** In which layer and part a step is, as the headings say it; nothing where no steps are folded. */
  #partOf(step: number): string {
    return foldsAround(stepFolds(this.#context.network), step)
      .map(({ title, about }) => (about.length === 1 ? `${title} ${shortly(about[0])}` : title))
      .join(', ');
  }

  #row(step: BackwardStep): StepRow {
    const { step: k, formula } = step;
    const norm = element('span', { class: 'step-norm', 'data-testid': `step-${k}-norm` });
    const head = element(
      'button',
      { type: 'button', class: 'step-head', 'aria-expanded': 'false', 'data-testid': `step-${k}-head` },
      element('span', { class: 'step-number' }, String(k)),
      mathElement(formula, `step-${k}-formula`),
      norm,
    );
    head.addEventListener('click', () => {
      const { study } = this.#context.state;
      study.chooseStep(study.t, k);
    });
    const item = element('li', { class: 'step', 'data-testid': `step-${k}` }, head);
    return { item, head, norm, body: undefined };
  }

  #updateRow(row: StepRow, index: number, step: number, detail: StepDetail): void {
    const isOpen = index + 1 === step;
    const value = detail.stepNorm[index];
    setText(row.norm, `${index === 0 ? (isSummed(detail) ? 'L(t) ' : 'L(t)/N ') : 'norm '}${formatValue(value)}`);
    setAttribute(row.norm, 'data-value', String(value));
    setAttribute(row.norm, 'title', String(value));
    setAttribute(row.head, 'aria-expanded', String(isOpen));
    setAttribute(row.head, 'tabindex', isOpen ? '0' : '-1');
    row.item.toggleAttribute('data-open', isOpen);
    if (!isOpen) return row.body?.element.remove();
    row.body ??= new StepBody(this.#context, this.#steps[index], this.#symbolOf, this.#showSideA);
    if (row.body.element.parentElement === null) row.item.append(row.body.element);
    row.body.update(detail, this.#matrix);
  }

  /** The message lights up where a person walked on with it from the time step after this one, and in the step that adds it. */
  #showArrival(step: number, t: number, hadFocus: boolean): void {
    const before = this.#at;
    this.#at = { t, step };
    if (before === undefined || (before.t === t && before.step === step)) return;
    const isArriving = before.t === t + 1 && before.step === this.#steps.length;
    if (isArriving) this.#incoming.arrive();
    else this.#incoming.settle();
    const { head, item } = this.#rows[step - 1];
    if (hadFocus) head.focus({ preventScroll: true });
    // Walking from one time step to another with a step open must not scroll the tape away.
    if (before.step === step) return;
    this.#bringIntoSight(item);
    // The message that has just come in stands above the first step.
    if (step === 1) this.#bringIntoSight(this.#incoming.element);
  }

  /** Scrolls to a step or a message, but not so that the buttons move away from the pointer that presses them. */
  #bringIntoSight(item: HTMLElement): void {
    const topOf = (): number => this.#head.getBoundingClientRect().top;
    const before = topOf();
    item.style.scrollMarginTop = `${this.#head.offsetHeight}px`;
    item.scrollIntoView({ block: 'nearest' });
    if (this.#previous.matches(':hover') || this.#next.matches(':hover')) scrollBy(0, topOf() - before);
  }

  /** A step that gives a matrix shows it at once, where it is not too large; what a person chose of the step stays. */
  #chooseMatrix(step: number, detail: StepDetail): void {
    if (this.#at?.step === step) return;
    const { study, choices } = this.#context.state;
    const { matrices } = this.#steps[step - 1];
    const open = choices?.matrix ?? null;
    if (open !== null && matrices.includes(open)) return;
    const { network } = this.#context;
    const V = detail.now[network.output[1].gives].length;
    const H = detail.now[network.states[0]].length;
    const wanted = automaticMatrix(network, this.#steps[step - 1], V, H);
    if (wanted !== open) study.showMatrix(wanted);
  }

  #keyDown(event: KeyboardEvent): void {
    if (!(event.target instanceof HTMLElement) || !event.target.matches(HEADS)) return;
    const { study } = this.#context.state;
    const [first] = this.#list.itemsUnder(event.target);
    // From a heading the arrow keys go to the first step under it, and to the last one above it.
    if (event.key === 'ArrowDown' && first !== undefined) study.chooseStep(study.t, first);
    else if (event.key === 'ArrowUp' && first !== undefined) study.chooseStep(study.t, Math.max(1, first - 1));
    else if (event.key === 'ArrowDown') study.walk(1);
    else if (event.key === 'ArrowUp') study.walk(-1);
    else if (event.key === 'Home') study.chooseStep(study.t, 1);
    else if (event.key === 'End') study.chooseStep(study.t, this.#steps.length);
    else return;
    event.preventDefault();
  }

  /** Whether the keyboard is at the steps, so that it goes along with the step that is walked to. */
  #hasFocus(): boolean {
    const { activeElement } = document;
    return this.#list.element.contains(activeElement) && activeElement?.matches(`${HEADS}, .step-body *`) === true;
  }

  #data(): ReturnType<typeof detailData> | undefined {
    const { run, study } = this.#context.state;
    return run === undefined || study.detail === undefined ? undefined : detailData(study.detail, 'B', run);
  }
}

/** What the indices of classes are; a state may have the name of one. */
function classWords({ quantities }: Network): string {
  const isNamedSo = quantities.some(({ name }) => name === 'c' || name === 'k');
  return `${isNamedSo ? 'As an index, c' : 'c'} is the target class, k every other one`;
}

function walkButton(label: string, testId: string, iconName: string, title: string): HTMLButtonElement {
  return element('button', { type: 'button', class: 'toggle', title, 'data-testid': testId }, icon(iconName), label);
}
