import { element, setText, show } from '../../dom.ts';
import type { PanelContext } from '../view.ts';
import { button } from './tourButton.ts';

export interface Predicted {
  readonly predicted: number;
  readonly settled: number;
}

/** What came out of the tour, in a sentence. */
export function resultText({ predicted, settled }: Predicted, stops: number): string {
  return `The end of the tour: predicted ${predicted} of ${settled} at once${settled < stops ? `, ${stops - settled} of ${stops} stops passed over` : ''}.`;
}

/** The last card of the tour: what came out of it, and where to go from here. */
export class TourEnd {
  readonly element: HTMLElement;
  readonly #context: PanelContext;
  readonly #result = element('p', { 'data-testid': 'tour-result' });
  readonly #step: HTMLButtonElement;
  readonly #done: HTMLButtonElement;

  /** @param closed is told when the person is done with the card. */
  constructor(context: PanelContext, closed: () => void) {
    this.#context = context;
    this.#step = button(
      'Step once and see the weight',
      'tour-end-step',
      'One iteration, and what it made of it',
      () => {
        const { run } = context.state;
        if (run === undefined) return;
        context.state.send({ type: 'control', runId: run.description.runId, action: 'step' });
        document.querySelector('[data-testid="weight"]')?.scrollIntoView({ block: 'start' });
      },
    );
    this.#done = button('Done', 'tour-end-done', 'Close this card', () => {
      this.hide();
      closed();
    });
    this.element = element(
      'section',
      { class: 'figure-tour', 'aria-label': 'The end of the tour', 'data-testid': 'tour-end', hidden: true },
      this.#result,
      element(
        'p',
        { class: 'tour-meaning' },
        'For the tour of another cell, such as the LSTM, run the command that begins with “Learn:” and choose it there. The same window as a program is under Copy as Python in “The network in numbers”.',
      ),
      element('div', { class: 'tour-buttons' }, this.#step, this.#done),
    );
  }

  show(predicted: Predicted, stops: number): void {
    setText(this.#result, resultText(predicted, stops));
    show(this.element, true);
    this.update();
    this.#done.focus();
  }

  /** A run that does not wait takes no single step. */
  update(): void {
    show(this.#step, this.#context.state.run?.status.state === 'paused');
  }

  hide(): void {
    show(this.element, false);
  }
}
