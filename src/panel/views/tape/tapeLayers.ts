import type { Network } from '../../../network/network.ts';
import { isPlainPath, statePaths, type StatePath } from '../../../network/statePaths.ts';
import { ChoiceGroup } from '../controls.ts';
import type { PanelContext } from '../view.ts';

/** All layers, or one of them, counted from 1. */
type Layers = 'all' | number;

/** With more states than these the tape would push what is below it out of sight: one layer is shown unless a person wants all. */
const MOST_STATES = 4;

/** What a person chose as far as the network has it; else all layers, or of many states the top layer, into which the loss sends its error. */
export function layersShown({ layers, states }: Network, chosen: Layers | null): Layers {
  if (chosen === 'all' || (chosen !== null && chosen <= layers)) return chosen;
  return states.length <= MOST_STATES ? 'all' : layers;
}

/**
 * The states of the tape from top to bottom: the top layer first, as the loss is above it, and in a layer what stays inside above what is
 * given out.
 */
export function pathsShown(network: Network, chosen: Layers | null): readonly StatePath[] {
  const shown = layersShown(network, chosen);
  return statePaths(network)
    .filter(({ layer }) => shown === 'all' || layer === shown)
    .toReversed();
}

/** The layer whose error colours the characters: the one that is shown; of all of them the first, which the errors of all others reach. */
export function errorLayer(network: Network, chosen: Layers | null): number {
  const shown = layersShown(network, chosen);
  return shown === 'all' ? 1 : shown;
}

/** The states that the tape shows, and where there are several layers the choice of them. */
export class TapeLayers {
  readonly controls: readonly HTMLElement[];
  /** Whether there is nothing to show of a state but its error. */
  readonly isPlain: boolean;
  readonly #context: PanelContext;
  readonly #choice: ChoiceGroup<string> | undefined;
  #shown: { readonly of: Layers | null; readonly paths: readonly StatePath[] } | undefined;

  constructor(context: PanelContext) {
    this.#context = context;
    const { network, state } = context;
    this.isPlain = isPlainPath(network);
    const layers = Array.from({ length: network.layers }, (_, index) => network.layers - index);
    if (layers.length > 1) {
      this.#choice = new ChoiceGroup(
        'Layers whose states are shown',
        'tape-layers',
        [
          { value: 'all', label: 'all layers', title: 'The states of every layer, the top one first' },
          ...layers.toReversed().map((layer) => ({
            value: String(layer),
            label: `layer ${layer}`,
            title: 'Counted from the input to the output',
          })),
        ],
        (value) => state.choose({ tapeLayers: value === 'all' ? value : Number(value) }),
      );
    }
    this.controls = this.#choice === undefined ? [] : [this.#choice.element];
  }

  /** From top to bottom; the same list until another choice is made. */
  get paths(): readonly StatePath[] {
    const of = this.#context.state.ui.tapeLayers;
    if (this.#shown?.of !== of || this.#shown === undefined)
      this.#shown = { of, paths: pathsShown(this.#context.network, of) };
    return this.#shown.paths;
  }

  get errorLayer(): number {
    return errorLayer(this.#context.network, this.#context.state.ui.tapeLayers);
  }

  update(): void {
    const { network, state } = this.#context;
    if (this.#choice !== undefined) this.#choice.value = String(layersShown(network, state.ui.tapeLayers));
  }
}
