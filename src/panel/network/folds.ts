import { readRef, type Ref } from '../../network/description.ts';
import { hasWords, written } from '../../network/names.ts';
import { errorName, type Network, type Step } from '../../network/network.ts';
import { partsOf, type Part } from '../../network/parts.ts';
import { statesOfLayer } from '../../network/wayBack.ts';
import { stepOfError, stepOfMessage } from './stepPlaces.ts';

/**
 * How the steps of side B, and what side A lists, are folded: by layer, and in a layer by its gates and states. A network of one
 * layer that is about its state alone, as Elman's cell, has nothing to fold.
 */
export interface Fold<Item> {
  /** By which it is remembered whether a person opened it. */
  readonly key: string;
  /** What it is in words, and the quantities that it is about. */
  readonly title: string;
  readonly about: readonly Ref[];
  /** The item whose norm stands for all of them. */
  readonly stands: Item;
  /** Whether it is all that there is of a layer. */
  readonly isLayer?: true;
  readonly items: readonly (Item | Fold<Item>)[];
}

type Titled<Item> = Omit<Fold<Item>, 'items'> & { readonly layer?: number };

interface InPart<Item> {
  readonly item: Item | Fold<Item>;
  readonly layer?: number | undefined;
}

/** Whether a network has so much to show of a time step that it is folded. */
export function hasFolds(network: Network): boolean {
  return network.layers > 1 || partsOf(network, 1).length > 1;
}

/** The steps of side B, counted from 1, in their order. */
export function stepFolds(network: Network): readonly (number | Fold<number>)[] {
  const [{ gives: logits }] = network.output;
  const about = ['L', network.output[1].gives, logits];
  const output = { key: 'output', title: 'Output', about, stands: stepOfError(network, logits) };
  const [state] = network.states;
  const messages = { key: 'messages', title: 'Messages to t−1', about: [], stands: stepOfMessage(network, state) };
  const steps = network.steps.map((_step, index) => index + 1);
  const titledOf = titlesOfParts(network, ({ name }) => stepOfError(network, name));
  return folded(network, steps, {
    titleOf(k) {
      const step = network.steps[k - 1];
      return step.kind === 'message' ? messages : (titledOf.get(quantityOf(step) ?? '') ?? output);
    },
    standsForLayer: (layer) => stepOfError(network, statesOfLayer(network, layer)[0]),
  });
}

/** What side A lists, in its order, but the states that came in before the layer that they come into. */
export function refFolds(network: Network, refs: readonly Ref[]): readonly (Ref | Fold<Ref>)[] {
  const [{ gives: logits }, { gives: probabilities }] = network.output;
  const output = { key: 'output', title: 'Output', about: [logits, probabilities, 'L'], stands: 'L' };
  const titledOf = titlesOfParts(network, ({ name }) => name);
  const carriedInto = Array.from({ length: network.layers }, (_, index): Titled<Ref> => {
    const about = statesOfLayer(network, index + 1).map((state) => `${state}⁻`);
    return { key: `carried ${index + 1}`, layer: index + 1, title: 'Carried in', about, stands: about[0] };
  });
  const layerOf = (ref: Ref): number =>
    network.quantities.find(({ name }) => name === readRef(ref).name)?.layer ?? (ref === 'x' ? 0 : network.layers + 1);
  const sorted = refs.toSorted((one, other) => layerOf(one) - layerOf(other));
  return folded(network, hasFolds(network) ? sorted : refs, {
    titleOf(ref) {
      if (ref === 'x') return undefined;
      return readRef(ref).isBefore ? carriedInto[layerOf(ref) - 1] : (titledOf.get(ref) ?? output);
    },
    standsForLayer: (layer) => statesOfLayer(network, layer)[0],
  });
}

/** The parameters of a network, in their order, each with the gate or state that its gradient belongs to. */
export function parameterFolds(network: Network): readonly (string | Fold<string>)[] {
  const [logits] = network.output;
  const standsFor = (gives: readonly string[]): string => {
    const meant = network.parameters.filter(({ of }) => gives.includes(of));
    return (meant.find(({ role }) => role === 'recurrent') ?? meant[0] ?? network.parameters[0]).name;
  };
  const stands = standsFor([logits.gives]);
  const output = { key: 'output', title: 'Output', about: [logits.gives], stands };
  const titledOf = titlesOfParts(network, ({ gives }) => standsFor(gives));
  const ofName = new Map(network.parameters.map(({ name, of }) => [name, of]));
  return folded(network, network.parameterNames, {
    titleOf: (name) => titledOf.get(ofName.get(name) ?? '') ?? output,
    standsForLayer: (layer) => standsFor(partsOf(network, layer).flatMap(({ gives }) => gives)),
  });
}

/** What has a norm at every time step, with the gate or state that it belongs to: its parameters, then its errors. */
export function quantitiesByPart(network: Network): { readonly title: string; readonly quantities: string[] }[] {
  const ofName = new Map([
    ...network.parameters.map(({ name, of }) => [name, of] as const),
    ...network.quantities.map(({ name }) => [errorName(name), name] as const),
  ]);
  const titledOf = titlesOfParts(network, ({ name }) => name);
  const found = new Map<string, string[]>();
  for (const quantity of network.stepQuantities) {
    const titled = titledOf.get(ofName.get(quantity) ?? '');
    const layer = titled === undefined || network.layers === 1 ? '' : `Layer ${titled.layer}: `;
    const title = titled === undefined ? 'Output' : `${layer}${titled.title} ${titled.about.map(written).join(', ')}`;
    found.set(title, [...(found.get(title) ?? []), quantity]);
  }
  return [...found].map(([title, quantities]) => ({ title, quantities }));
}

/** Each fold that an item is in, from the outside in. */
export function foldsAround<Item>(folds: readonly (Item | Fold<Item>)[], item: Item): readonly Fold<Item>[] {
  for (const fold of folds) {
    if (!isFold(fold)) continue;
    if (fold.items.includes(item)) return [fold];
    const inner = foldsAround(fold.items, item);
    if (inner.length > 0) return [fold, ...inner];
  }
  return [];
}

export function isFold<Item>(item: Item | Fold<Item>): item is Fold<Item> {
  return typeof item === 'object' && item !== null;
}

/** All items of a fold, in their order. */
export function itemsIn<Item>({ items }: Pick<Fold<Item>, 'items'>): Item[] {
  return items.flatMap((item) => (isFold(item) ? itemsIn(item) : [item]));
}

/** What the folds are called in which quantities of layers are, by the quantities. */
function titlesOfParts<Item>(network: Network, standsFor: (part: Part) => Item): ReadonlyMap<string, Titled<Item>> {
  const layers = Array.from({ length: network.layers }, (_, index) => partsOf(network, index + 1));
  return new Map(
    layers.flat().flatMap((part) => {
      const titled = { ...named(network, part), stands: standsFor(part) };
      return part.gives.map((name) => [name, titled] as const);
    }),
  );
}

function named(network: Network, { name, layer, isState, about }: Part): Omit<Titled<never>, 'stands'> {
  const quantity = network.quantities.find((one) => one.name === name);
  const words = quantity !== undefined && hasWords(quantity) ? quantity.words : 'quantity';
  return { key: name, layer, about, title: isState ? 'State' : words[0].toUpperCase() + words.slice(1) };
}

/** The quantity whose error a step gives, or which its contribution belongs to. */
function quantityOf(step: Step): string | undefined {
  if (step.kind === 'error') return step.of;
  return step.kind === 'contribution' ? step.u : undefined;
}

/** Folds what stands together, and of several layers what is in a layer. */
function folded<Item>(
  network: Network,
  items: readonly Item[],
  {
    titleOf,
    standsForLayer,
  }: {
    readonly titleOf: (item: Item) => Titled<Item> | undefined;
    readonly standsForLayer: (layer: number) => Item;
  },
): readonly (Item | Fold<Item>)[] {
  if (!hasFolds(network)) return items;
  const inParts = runs(items, titleOf).flatMap(({ of, items: run }): InPart<Item>[] =>
    of === undefined ? run.map((item) => ({ item })) : [{ item: { ...of, items: run }, layer: of.layer }],
  );
  if (network.layers === 1) return inParts.map(({ item }) => item);
  return runs(inParts, ({ layer }) => layer).flatMap(({ of: layer, items: run }): (Item | Fold<Item>)[] => {
    const inner = run.map(({ item }) => item);
    if (layer === undefined) return inner;
    // What there is of a layer that is about its state alone needs no folds of its own.
    const isAlone = partsOf(network, layer).length === 1;
    return [
      {
        key: `layer ${layer}`,
        title: `Layer ${layer}`,
        about: [],
        stands: standsForLayer(layer),
        isLayer: true,
        items: isAlone ? inner.flatMap((item) => (isFold(item) ? item.items : [item])) : inner,
      },
    ];
  });
}

/** Items that follow one another and are of the same thing. */
function runs<Item, Of>(
  items: readonly Item[],
  ofItem: (item: Item) => Of,
): { readonly of: Of; readonly items: Item[] }[] {
  const found: { readonly of: Of; readonly items: Item[] }[] = [];
  for (const item of items) {
    const of = ofItem(item);
    const last = found.at(-1);
    if (last === undefined || last.of !== of) found.push({ of, items: [item] });
    else last.items.push(item);
  }
  return found;
}
