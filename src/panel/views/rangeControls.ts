import { element, icon, show } from '../dom.ts';
import { WHOLE_RUN } from '../state/iterationView.ts';
import type { PanelContext } from './view.ts';
import { ChoiceGroup } from './controls.ts';

const STRETCHES = [
  { value: 'all', label: 'all', title: 'The whole run' },
  { value: '10000', label: '10k', title: 'Follows the newest 10 000 iterations' },
  { value: '1000', label: '1k', title: 'Follows the newest 1 000 iterations' },
] as const;
type Stretch = (typeof STRETCHES)[number]['value'];

/** Which iterations the charts show: the whole run, its newest stretch, or (while looking back) the way to return. */
export class RangeControls {
  readonly elements: readonly HTMLElement[];
  readonly #context: PanelContext;
  readonly #stretch: ChoiceGroup<Stretch>;
  readonly #follow: HTMLButtonElement;

  constructor(context: PanelContext) {
    this.#context = context;
    this.#stretch = new ChoiceGroup('Iterations shown', 'range', STRETCHES, (value) =>
      context.state.chooseForRun({ view: { mode: 'follow', last: value === 'all' ? null : Number(value) } }),
    );
    this.#follow = followButton(context);
    this.elements = [this.#follow, this.#stretch.element];
  }

  update(): void {
    const { view } = this.#context.state;
    const known = STRETCHES.find(({ value }) => view.mode === 'follow' && value === String(view.last ?? 'all'));
    this.#stretch.value = known?.value;
    show(this.#follow, view.mode === 'range');
  }
}

/** Returns from looking back to the newest iterations. */
export function followButton(context: PanelContext): HTMLButtonElement {
  const button = element(
    'button',
    {
      type: 'button',
      class: 'toggle follow',
      title: 'Return to the whole run and follow the newest iteration',
      hidden: true,
      'data-testid': 'follow',
    },
    icon('arrow-circle-right'),
    'Follow',
  );
  button.addEventListener('click', () => context.state.chooseForRun({ view: WHOLE_RUN }));
  return button;
}
