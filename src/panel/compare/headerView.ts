import { element, setText, show } from '../dom.ts';
import { ChoiceGroup, Toggle } from '../views/controls.ts';
import type { XKind } from './compareUiState.ts';
import type { View } from '../views/view.ts';
import type { CompareContext } from './view.ts';

/** How many runs are compared, and over what. */
export class CompareHeaderView implements View {
  readonly element: HTMLElement;
  readonly #context: CompareContext;
  readonly #title = element('h1', { class: 'file-name', 'data-testid': 'compare-title' });
  readonly #message = element('p', { class: 'compare-message', role: 'status', 'data-testid': 'compare-message' });
  readonly #x: ChoiceGroup<XKind>;
  readonly #logarithmic: Toggle;
  readonly #controls: HTMLElement;

  constructor(context: CompareContext) {
    this.#context = context;
    const { state } = context;
    this.#x = new ChoiceGroup(
      'What the charts over training count',
      'x-axis',
      [
        { value: 'iteration', label: 'iterations', title: 'Updates of the parameters' },
        { value: 'characters', label: 'characters seen', title: 'Iterations × T × B' },
        { value: 'time', label: 'training time', title: 'Time spent on iterations, without pauses' },
      ],
      (x) => state.choose({ x }),
    );
    this.#logarithmic = new Toggle('log x', 'log-x', 'Logarithmic axis in every chart over training', () =>
      state.choose({ logarithmicX: !state.ui.logarithmicX }),
    );
    this.#controls = element(
      'div',
      { class: 'compare-axis' },
      element('span', { class: 'figure-note' }, 'over'),
      this.#x.element,
      this.#logarithmic.element,
    );
    this.element = element('header', { class: 'compare-header' }, this.#title, this.#controls, this.#message);
  }

  update(): void {
    const { state } = this.#context;
    const { runs, unreadable, ui, hasAnswer } = state;
    const count = runs.length + unreadable.length;
    setText(this.#title, count === 1 ? 'One run' : `Comparison of ${count} runs`);
    show(this.#title, count > 0);
    show(this.#controls, runs.length > 0);
    this.#x.value = ui.x;
    this.#logarithmic.value = ui.logarithmicX;
    const text = !hasAnswer
      ? 'Reading the runs…'
      : count === 0
        ? 'No run is left to compare. Choose several runs in the view RNN Runs and compare them anew.'
        : runs.length === 1
          ? 'One run is left: there is nothing to compare it with.'
          : '';
    setText(this.#message, text);
    show(this.#message, text !== '');
  }
}
