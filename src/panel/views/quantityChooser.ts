import { groupKeyOf, groupsOf, isFolded, memberWords, quantitiesOfLayer } from '../../network/groups.ts';
import { labelOf, parameterOf, titleOf } from '../../network/names.ts';
import { element, setText, show } from '../dom.ts';
import { GROUP_TEXTS, shownText } from '../network/groupTexts.ts';
import { memberFor, parametersTogether, shownQuantity, shownTogether } from '../network/quantities.ts';
import { ChoiceGroup, type Option } from './controls.ts';
import { optionsOf } from './quantityOptions.ts';
import type { PanelContext } from './view.ts';

interface ChooserOptions {
  /** Of the figure. */
  readonly id: string;
  /** Only what has a gradient. */
  readonly parametersOnly?: boolean;
  /** Whether a line a layer is offered beside the layers themselves. */
  readonly withTogether?: boolean;
}

const TOGETHER = 'together';

/**
 * What of a network a chart shows: a layer, where there are several, and a group of its quantities, where they are too many to stand
 * side by side. All charts of the tab share both choices. The one layer of a small cell is shown whole and has no choice.
 */
export class QuantityChooser {
  readonly controls: readonly HTMLElement[];
  /** What is shown and what is not, for the end of a legend; empty where all is. */
  readonly remark = element('span', { class: 'legend-remark', hidden: true });
  readonly #context: PanelContext;
  readonly #options: ChooserOptions;
  readonly #layers: ChoiceGroup<string> | undefined;
  readonly #groups: ChoiceGroup<string> | undefined;

  constructor(context: PanelContext, options: ChooserOptions) {
    this.#context = context;
    this.#options = options;
    const { id } = options;
    const { network } = context;
    if (network.layers > 1) {
      this.#layers = new ChoiceGroup('Layer whose quantities are shown', `${id}-layer`, this.#layerOptions, (layer) =>
        this.#chooseLayer(layer),
      );
    }
    if (isFolded(network)) {
      this.#groups = new ChoiceGroup('Which quantities of the layer', `${id}-group`, this.#groupOptions, (key) =>
        this.#chooseGroup(key),
      );
    }
    this.controls = [this.#layers, this.#groups].flatMap((choice) => (choice === undefined ? [] : [choice.element]));
  }

  get layer(): number {
    return Math.min(this.#context.state.ui.layer, this.#context.network.layers);
  }

  /** Whether the layers stand beside each other, and none of them is opened. */
  get isTogether(): boolean {
    const { network, state } = this.#context;
    return this.#options.withTogether === true && network.layers > 1 && state.ui.layersTogether;
  }

  /** What the chart shows. */
  get quantities(): readonly string[] {
    const { network, state } = this.#context;
    const together = this.#options.parametersOnly === true ? parametersTogether : shownTogether;
    return together(network, state.ui.quantity, this.layer);
  }

  update(): void {
    if (this.#layers !== undefined) this.#layers.value = this.isTogether ? TOGETHER : String(this.layer);
    if (this.#groups === undefined) return;
    const { network } = this.#context;
    const { quantities, layer } = this;
    const key = groupKeyOf(network, quantities[0]);
    show(this.#groups.element, !this.isTogether);
    show(this.remark, !this.isTogether);
    this.#groups.options = this.#groupOptions;
    this.#groups.value = key;
    const all = quantitiesOfLayer(network, layer).filter((name) => this.#isOffered(name)).length;
    setText(this.remark, shownText(key, { layer, layers: network.layers }, { shown: quantities.length, all }));
  }

  get #layerOptions(): Option<string>[] {
    const title = 'Counted from the input to the output; all charts of this tab show the same one';
    const layers = Array.from({ length: this.#context.network.layers }, (_, index) => {
      const value = String(index + 1);
      return { value, label: `layer ${value}`, title };
    });
    const together = { value: TOGETHER, label: 'side by side', title: 'A line for each layer' };
    return this.#options.withTogether === true ? [together, ...layers] : layers;
  }

  get #groupOptions(): Option<string>[] {
    const { network } = this.#context;
    return groupsOf(network, this.layer)
      .filter(({ members }) => members.some((name) => this.#isOffered(name)))
      .map(({ key, members }) => ({
        value: key,
        label: GROUP_TEXTS[key].label,
        title: members.map((name) => labelOf(network, name)).join(', '),
      }));
  }

  #isOffered(quantity: string): boolean {
    return this.#options.parametersOnly !== true || parameterOf(this.#context.network, quantity) !== undefined;
  }

  #chooseLayer(layer: string): void {
    const isTogether = layer === TOGETHER;
    const { state } = this.#context;
    if (isTogether) state.choose({ layersTogether: true });
    else state.choose({ layer: Number(layer), ...(this.#options.withTogether && { layersTogether: false }) });
  }

  #chooseGroup(key: string): void {
    const { network, state } = this.#context;
    const group = groupsOf(network, this.layer).find((one) => one.key === key);
    if (group === undefined) return;
    state.choose({ quantity: memberFor(network, group, shownQuantity(network, state.ui.quantity, this.layer)) });
  }
}

/** Quantities that are shown together, to choose one of them: where they are a group, with what each is in words. */
export function memberOptions({ network }: PanelContext, members: readonly string[]): Option<string>[] {
  if (!isFolded(network)) return optionsOf(network, members);
  return members.map((name) => ({
    value: name,
    label: labelOf(network, name),
    words: memberWords(network, members, name),
    title: titleOf(network, name),
  }));
}
