import { ChoiceGroup } from './controls.ts';
import type { PanelContext } from './view.ts';

/** The layer whose quantities a chart shows; all charts show the same one. A network of one layer has no choice. */
export class LayerChoice {
  readonly controls: readonly HTMLElement[];
  readonly #context: PanelContext;
  readonly #choice: ChoiceGroup<string> | undefined;

  /** @param id of the figure. */
  constructor(context: PanelContext, id: string) {
    this.#context = context;
    const layers = Array.from({ length: context.network.layers }, (_, index) => String(index + 1));
    if (layers.length > 1) {
      this.#choice = new ChoiceGroup(
        'Layer whose quantities are shown',
        `${id}-layer`,
        layers.map((value) => ({ value, label: `layer ${value}`, title: 'Counted from the input to the output' })),
        (layer) => context.state.choose({ layer: Number(layer) }),
      );
    }
    this.controls = this.#choice === undefined ? [] : [this.#choice.element];
  }

  get layer(): number {
    return Math.min(this.#context.state.ui.layer, this.#context.network.layers);
  }

  update(): void {
    if (this.#choice !== undefined) this.#choice.value = String(this.layer);
  }
}
