import { element, icon, setAttribute, setText } from '../dom.ts';
import { groupDigits } from '../../common/format.ts';
import { nearestIndex } from '../state/nearestIndex.ts';
import { quietButton, Toggle } from './controls.ts';
import { SpokenValue } from './spokenValue.ts';
import type { PanelContext } from './view.ts';

/** Looking back through the inspected iterations: a slider, a step each way, and the way back to the newest. */
export class Lookback {
  readonly element: HTMLElement;
  readonly live: HTMLButtonElement;
  readonly #context: PanelContext;
  readonly #live: Toggle;
  readonly #slider: HTMLInputElement;
  readonly #label = element('span', { class: 'lookback-label' });
  readonly #spoken: SpokenValue;

  constructor(context: PanelContext) {
    this.#context = context;
    this.#live = new Toggle('Live', 'live', 'Show the newest inspected iteration', () =>
      context.state.isLive ? this.#show(this.#newestIndex) : context.state.lookBack(null),
    );
    this.live = this.#live.element;
    this.live.prepend(icon('broadcast'));
    this.#slider = element('input', {
      type: 'range',
      min: '0',
      step: '1',
      'aria-label': 'Inspected iteration',
      'data-testid': 'slider-lookback',
    });
    this.#spoken = new SpokenValue(this.#slider);
    this.#slider.addEventListener('input', () => this.#show(Number(this.#slider.value)));
    this.element = element(
      'div',
      { class: 'lookback' },
      quietButton('Inspected iteration before', 'lookback-previous', 'chevron-left', () => this.#step(-1)),
      this.#slider,
      quietButton('Next inspected iteration', 'lookback-next', 'chevron-right', () => this.#step(1)),
      this.#label,
    );
  }

  update(): void {
    const { state } = this.#context;
    const { inspection, isLive } = state;
    const inspections = state.run?.history.of('inspection') ?? [];
    this.#live.value = isLive;
    const index = inspection === undefined ? 0 : nearestIndex(inspections, inspection.iteration);
    setAttribute(this.#slider, 'max', String(Math.max(0, inspections.length - 1)));
    this.#slider.disabled = inspections.length < 2;
    if (this.#slider.value !== String(index)) this.#slider.value = String(index);
    const text = inspection === undefined ? 'none inspected yet' : `iteration ${groupDigits(inspection.iteration)}`;
    this.#spoken.set(index, text);
    setText(this.#label, isLive && inspection !== undefined ? `${text}, newest` : text);
  }

  get #newestIndex(): number {
    return (this.#context.state.run?.history.of('inspection').length ?? 0) - 1;
  }

  #step(direction: number): void {
    this.#show(Math.min(Math.max(Number(this.#slider.value) + direction, 0), this.#newestIndex));
  }

  #show(index: number): void {
    const iteration = this.#context.state.run?.history.of('inspection')[index]?.iteration;
    if (iteration !== undefined) this.#context.state.lookBack(iteration);
  }
}
