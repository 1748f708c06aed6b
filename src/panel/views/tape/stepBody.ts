import type { Ref } from '../../../network/description.ts';
import { element } from '../../dom.ts';
import { ChoiceGroup } from '../controls.ts';
import type { StepDetail } from '../../../protocol/study.ts';
import type { PanelContext } from '../view.ts';
import type { BackwardStep, Input } from './stepText.ts';
import { mathElement } from './mathElement.ts';
import { matricesOf } from './matrices.ts';
import type { MatrixView } from './matrixView.ts';
import { mathText } from './mathMarkup.ts';
import type { SymbolOf } from './shownVectors.ts';
import { stepContent } from './stepContent.ts';
import { termTable } from './termTable.ts';
import { VectorStrip } from './vectorStrip.ts';

/** What the open step of side B shows: where its inputs came from, its numbers, its matrices. */
export class StepBody {
  readonly element: HTMLElement;
  readonly #context: PanelContext;
  readonly #step: BackwardStep;
  readonly #symbolOf: SymbolOf;
  readonly #showSideA: (ref: Ref) => void;
  readonly #inputs = element('p', { class: 'step-inputs' });
  readonly #vectors = element('div', { class: 'step-vectors' });
  readonly #facts = element('div', { class: 'step-facts' });
  readonly #terms = element('div', { class: 'step-terms' });
  readonly #matrices: ChoiceGroup<string>;
  readonly #matrixSlot = element('div', { class: 'step-matrix' });
  #strips: readonly VectorStrip[] = [];

  constructor(context: PanelContext, step: BackwardStep, symbolOf: SymbolOf, showSideA: (ref: Ref) => void) {
    this.#context = context;
    this.#step = step;
    this.#symbolOf = symbolOf;
    this.#showSideA = showSideA;
    const matrices = matricesOf(context.network);
    this.#matrices = new ChoiceGroup<string>(
      'Matrix shown',
      `step-${step.step}-matrix`,
      [
        ...step.matrices.map((name) => {
          const { markup, meaning } = matrices.get(name) ?? { markup: name, meaning: name };
          return { value: name, label: mathText({ markup }), title: meaning };
        }),
        { value: 'none' as const, label: 'none', title: 'No matrix' },
      ],
      (name) => context.state.study.showMatrix(name === 'none' ? null : name),
    );
    this.#matrixSlot.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape') return;
      event.stopPropagation();
      context.state.study.showMatrix(null);
      this.#matrices.focus('none');
    });
    const matrixChoice = element('div', { class: 'step-matrix-choice' }, 'Matrix', this.#matrices.element);
    matrixChoice.hidden = step.matrices.length === 0;
    this.element = element(
      'div',
      { class: 'step-body' },
      element('p', { class: 'step-meaning' }, step.meaning),
      this.#inputs,
      this.#vectors,
      this.#facts,
      this.#terms,
      matrixChoice,
      this.#matrixSlot,
    );
  }

  update(detail: StepDetail, matrixView: MatrixView): void {
    const { network } = this.#context;
    const {
      vectors,
      facts,
      terms = [],
    } = stepContent(network, network.steps[this.#step.step - 1], detail, this.#symbolOf);
    if (this.#strips.length === 0) {
      this.#strips = vectors.map((vector) => new VectorStrip(this.#context, vector, this.#symbolOf));
      this.#vectors.replaceChildren(...this.#strips.map((strip) => strip.element));
    }
    this.#facts.replaceChildren(...facts.map((fact) => element('p', { class: 'step-fact' }, fact)));
    this.#terms.replaceChildren(...terms.map(termTable));
    this.#inputs.replaceChildren('Inputs:', ...this.#step.inputs.flatMap((input) => this.#source(input, detail)));
    const { study, choices } = this.#context.state;
    const open = choices?.matrix ?? null;
    const isOpen = open !== null && this.#step.matrices.includes(open);
    this.#matrices.value = isOpen ? open : 'none';
    this.#matrixSlot.replaceChildren(...(isOpen ? [matrixView.element] : []));
    // The strips take their width from the page, so they are drawn once they are on it.
    vectors.forEach((vector, index) => this.#strips[index].update(vector));
    if (isOpen) matrixView.update(study.matrix, detail);
  }

  /** Marks the unit that is followed. */
  follow(): void {
    for (const strip of this.#strips) strip.follow();
  }

  /** The name of an input, and where it came from as a link to there. */
  #source({ markup, source }: Input, detail: StepDetail): (Node | string)[] {
    const name = mathElement({ markup });
    const { study } = this.#context.state;
    if (source.from === 'sideA') {
      const { ref } = source;
      return [name, 'from', this.#link('side A', () => this.#showSideA(ref)), separator()];
    }
    if (source.ofNextTimeStep !== true) {
      return [
        name,
        'from',
        this.#link(`step ${source.step}`, () => study.chooseStep(detail.t, source.step)),
        separator(),
      ];
    }
    if (detail.t === detail.T - 1) return [name, 'none: this is the last step', separator()];
    const link = this.#link(`step ${source.step} at t = ${detail.t + 1}`, () =>
      study.chooseStep(detail.t + 1, source.step),
    );
    return [name, 'from', link, separator()];
  }

  #link(text: string, follow: () => void): HTMLElement {
    const button = element('button', { type: 'button', class: 'source-link' }, text);
    button.addEventListener('click', follow);
    return button;
  }
}

function separator(): HTMLElement {
  return element('span', { class: 'source-separator' });
}
