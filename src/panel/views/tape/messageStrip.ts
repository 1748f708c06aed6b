import { element, setText, show } from '../../dom.ts';
import { stepOfError, stepOfMessage } from '../../network/stepPlaces.ts';
import type { StepDetail } from '../../../protocol/study.ts';
import type { PanelContext } from '../view.ts';
import { units, type SymbolOf, type UnitColumnName, type VectorShown } from './shownVectors.ts';
import { futureColumn, messageColumn } from './unitKeys.ts';
import { messageMarkup } from './terms.ts';
import { VectorStrip } from './vectorStrip.ts';

/** The message to a state that comes in from t+1, above the steps, or the one that leaves it, below them. */
export class MessageStrip {
  readonly element: HTMLElement;
  readonly #isIncoming: boolean;
  readonly #state: string;
  /** Which step gives the message, and which one adds it. */
  readonly #gives: number;
  readonly #adds: number;
  readonly #id: string;
  readonly #markup: string;
  readonly #column: UnitColumnName;
  readonly #strip: VectorStrip;
  readonly #none = element('p', { class: 'message-none' });
  readonly #link = element('button', { type: 'button', class: 'source-link' });
  readonly #label = element('p', { class: 'message-label' });
  #detail: StepDetail | undefined;

  constructor(context: PanelContext, state: string, isIncoming: boolean, symbolOf: SymbolOf) {
    const { network } = context;
    const kind = isIncoming ? 'message-in' : 'message-out';
    this.#state = state;
    this.#isIncoming = isIncoming;
    this.#gives = stepOfMessage(network, state);
    this.#adds = stepOfError(network, state);
    this.#id = state === network.states[0] ? kind : `${kind}-${state}`;
    this.#markup = messageMarkup(network, state, isIncoming ? 't+1' : 't');
    this.#column = isIncoming ? futureColumn(network, state) : messageColumn(network, state);
    this.#strip = new VectorStrip(context, this.#vector(new Float64Array(1)), symbolOf);
    this.#link.addEventListener('click', () => {
      const detail = this.#detail;
      if (detail === undefined) return;
      if (isIncoming) context.state.study.chooseStep(detail.t + 1, this.#gives);
      else context.state.study.chooseStep(detail.t - 1, this.#adds);
    });
    this.element = element(
      'div',
      { class: `passed ${kind}`, 'data-testid': this.#id },
      this.#label,
      this.#strip.element,
      this.#none,
    );
  }

  update(detail: StepDetail): void {
    this.#detail = detail;
    const hasOther = this.#isIncoming ? detail.t < detail.T - 1 : detail.t > 0;
    const values = (this.#isIncoming ? detail.future : detail.messages)[this.#state];
    // At t = 0 the message is computed, but nothing adds it any more.
    show(this.#strip.element, !this.#isIncoming || hasOther);
    // That there is no later time step is said once for all states.
    show(this.#none, !hasOther && (!this.#isIncoming || this.#id === 'message-in'));
    show(this.#label, hasOther);
    if (this.#isIncoming) {
      setText(this.#none, `No error comes from the future: t = ${detail.t} is the last step of the window.`);
      this.#label.replaceChildren(`← From t = ${detail.t + 1}, `, this.#link, `; step ${this.#adds} adds it here.`);
      setText(this.#link, `step ${this.#gives} there`);
    } else {
      setText(this.#none, 'Dropped: the window begins at t = 0, and truncated backpropagation goes no further.');
      this.#label.replaceChildren(`← Passed on to t = ${detail.t - 1}, where `, this.#link, ' adds it.');
      setText(this.#link, `step ${this.#adds}`);
    }
    if (hasOther || !this.#isIncoming) this.#strip.update(this.#vector(values));
  }

  follow(): void {
    this.#strip.follow();
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

  #vector(values: Float64Array): VectorShown {
    return units(this.#id, this.#markup, values, this.#column);
  }
}
