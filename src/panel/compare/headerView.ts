import { l10n } from '../../common/l10n.ts';
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
      l10n.t('What the charts over training count'),
      'x-axis',
      [
        { value: 'iteration', label: l10n.t('iterations'), title: l10n.t('Updates of the parameters') },
        { value: 'characters', label: l10n.t('characters seen'), title: l10n.t('Iterations × T × B') },
        { value: 'time', label: l10n.t('training time'), title: l10n.t('Time spent on iterations, without pauses') },
      ],
      (x) => state.choose({ x }),
    );
    this.#logarithmic = new Toggle(
      l10n.t('log x'),
      'log-x',
      l10n.t('Logarithmic axis in every chart over training'),
      () => state.choose({ logarithmicX: !state.ui.logarithmicX }),
    );
    this.#controls = element(
      'div',
      { class: 'compare-axis' },
      element('span', { class: 'figure-note' }, l10n.t('over')),
      this.#x.element,
      this.#logarithmic.element,
    );
    this.element = element('header', { class: 'compare-header' }, this.#title, this.#controls, this.#message);
  }

  update(): void {
    const { state } = this.#context;
    const { runs, unreadable, ui, hasAnswer } = state;
    const count = runs.length + unreadable.length;
    setText(this.#title, count === 1 ? l10n.t('One run') : l10n.t('Comparison of {count} runs', { count }));
    show(this.#title, count > 0);
    show(this.#controls, runs.length > 0);
    this.#x.value = ui.x;
    this.#logarithmic.value = ui.logarithmicX;
    const text = !hasAnswer
      ? l10n.t('Reading the runs…')
      : count === 0
        ? l10n.t('No run is left to compare. Choose several runs in the view RNN Runs and compare them anew.')
        : runs.length === 1
          ? l10n.t('One run is left: there is nothing to compare it with.')
          : '';
    setText(this.#message, text);
    show(this.#message, text !== '');
  }
}
