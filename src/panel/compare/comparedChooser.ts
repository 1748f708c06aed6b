import { l10n } from '../../common/l10n.ts';
import { labelOf, titleOf } from '../../network/names.ts';
import { memberWords } from '../../network/groups.ts';
import { show } from '../dom.ts';
import { ChoiceGroup, type Option } from '../views/controls.ts';
import {
  comparedOf,
  groupOfChoice,
  isPlain,
  membersOf,
  mostLayers,
  networksOf,
  type Compared,
  type ComparedKind,
  type ComparedLayer,
} from './comparedNetworks.ts';
import { comparedOptions } from './comparedTexts.ts';
import type { CompareContext } from './view.ts';

interface ChooserOptions {
  readonly kind: ComparedKind;
  readonly label: string;
  /** Of the choice itself, for tests; those of layers and members begin with it. */
  readonly testId: string;
  readonly chosen: () => string | null;
  readonly choose: (what: string) => void;
}

const TOGETHER = 'together';
const EVERY_LAYER = 'all';

/** What of the runs is compared: by name in one small network; else by role, of a layer or of all of them, and where the networks are the same by gate. */
export class ComparedChooser {
  readonly controls: readonly HTMLElement[];
  readonly #context: CompareContext;
  readonly #options: ChooserOptions;
  readonly #what: ChoiceGroup<string>;
  readonly #layers: ChoiceGroup<string>;
  readonly #members: ChoiceGroup<string>;

  constructor(context: CompareContext, options: ChooserOptions) {
    this.#context = context;
    this.#options = options;
    const { label, testId, choose } = options;
    this.#what = new ChoiceGroup(label, testId, [], choose);
    this.#layers = new ChoiceGroup(l10n.t('Of which layer'), `${testId}-layer`, [], (layer) =>
      context.state.choose({ layer: layer === EVERY_LAYER ? null : Number(layer) }),
    );
    this.#members = new ChoiceGroup(l10n.t('Of which gate'), `${testId}-member`, [], (member) =>
      choose(member === TOGETHER ? (groupOfChoice(this.#networks, this.what) ?? this.what) : member),
    );
    this.controls = [this.#layers.element, this.#what.element, this.#members.element];
  }

  get what(): Compared {
    return comparedOf(this.#networks, this.#options.kind, this.#options.chosen(), this.layer);
  }

  get layer(): ComparedLayer {
    const { layer } = this.#context.state.ui;
    return layer !== null && layer <= mostLayers(this.#networks) && mostLayers(this.#networks) > 1 ? layer : null;
  }

  update(): void {
    const networks = this.#networks;
    const { what, layer } = this;
    this.#what.options = comparedOptions(networks, this.#options.kind);
    this.#what.value = isPlain(networks) ? what : (groupOfChoice(networks, what) ?? what);
    const layers = mostLayers(networks);
    show(this.#layers.element, layers > 1);
    this.#layers.options = layerOptions(layers);
    this.#layers.value = layer === null ? EVERY_LAYER : String(layer);
    const members = membersOf(networks, what, layer);
    show(this.#members.element, members.length > 0);
    const together = {
      value: TOGETHER,
      label: l10n.t('together'),
      title: l10n.t('The root of the sum of the squares of their norms'),
    };
    const [network] = networks;
    this.#members.options = [
      together,
      ...members.map((name) => ({
        value: name,
        label: labelOf(network, name),
        words: memberWords(network, members, name),
        title: titleOf(network, name),
      })),
    ];
    this.#members.value = members.includes(what) ? what : TOGETHER;
  }

  get #networks() {
    return networksOf(this.#context.state.runs);
  }
}

function layerOptions(layers: number): Option<string>[] {
  return [
    { value: EVERY_LAYER, label: l10n.t('all layers'), title: l10n.t('All layers of each network together') },
    ...Array.from({ length: layers }, (_, index) => {
      const layer = String(index + 1);
      return {
        value: layer,
        label: l10n.t('layer {layer}', { layer }),
        title: l10n.t('Counted from the input to the output'),
      };
    }),
  ];
}
