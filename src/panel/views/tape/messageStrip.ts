import type { StepDetail } from '../../../protocol/study.ts';
import { element, setText, show } from '../../dom.ts';
import type { PanelContext } from '../view.ts';
import { BACKWARD_STEPS } from '../../state/studyState.ts';
import type { SymbolOf } from './stepContent.ts';
import { VectorStrip } from './vectorStrip.ts';

/** The message that comes into the cell from t+1, above the eleven steps, or the one that leaves it, below them. */
export class MessageStrip {
  readonly element: HTMLElement;
  readonly #isIncoming: boolean;
  readonly #strip: VectorStrip;
  readonly #none = element('p', { class: 'message-none' });
  readonly #link = element('button', { type: 'button', class: 'source-link' });
  readonly #label = element('p', { class: 'message-label' });
  #cell: StepDetail | undefined;

  constructor(context: PanelContext, isIncoming: boolean, symbolOf: SymbolOf) {
    this.#isIncoming = isIncoming;
    this.#strip = new VectorStrip(context, this.#vector(new Float64Array(1)), symbolOf);
    this.#link.addEventListener('click', () => {
      const cell = this.#cell;
      if (cell === undefined) return;
      if (isIncoming) context.state.study.chooseStep(cell.t + 1, BACKWARD_STEPS);
      else context.state.study.chooseStep(cell.t - 1, 6);
    });
    const id = isIncoming ? 'message-in' : 'message-out';
    this.element = element(
      'div',
      { class: `passed ${id}`, 'data-testid': id },
      this.#label,
      this.#strip.element,
      this.#none,
    );
  }

  update(cell: StepDetail): void {
    this.#cell = cell;
    const hasOther = this.#isIncoming ? cell.t < cell.T - 1 : cell.t > 0;
    const values = this.#isIncoming ? cell.daFuture : cell.message;
    // At t = 0 the message is computed, but nothing adds it any more.
    show(this.#strip.element, !this.#isIncoming || hasOther);
    show(this.#none, !hasOther);
    show(this.#label, hasOther);
    if (this.#isIncoming) {
      setText(this.#none, `No error comes from the future: t = ${cell.t} is the last step of the window.`);
      this.#label.replaceChildren(`← From t = ${cell.t + 1}, `, this.#link, '; step 6 adds it here.');
      setText(this.#link, `step ${BACKWARD_STEPS} there`);
    } else {
      setText(this.#none, 'Dropped: the window begins at t = 0, and truncated backpropagation goes no further.');
      this.#label.replaceChildren(`← Passed on to t = ${cell.t - 1}, where `, this.#link, ' adds it.');
      setText(this.#link, 'step 6');
    }
    if (hasOther || !this.#isIncoming) this.#strip.update(this.#vector(values));
  }

  /** Shows that the message has just been passed on. */
  arrive(): void {
    this.element.classList.remove('arriving');
    this.element.getBoundingClientRect();
    this.element.classList.add('arriving');
  }

  /** Shows it as one that has been there. */
  settle(): void {
    this.element.classList.remove('arriving');
  }

  #vector(values: Float64Array): ConstructorParameters<typeof VectorStrip>[1] {
    return this.#isIncoming
      ? { key: 'message-in', markup: 'W_ahᵀ ∂h(t+1)', values, axis: 'unit' }
      : { key: 'message-out', markup: 'W_ahᵀ ∂h(t)', values, axis: 'unit' };
  }
}
