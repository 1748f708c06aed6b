import { CLIP_FORMULA } from '../../../common/optimizerFormulas.ts';
import type { Equation, Ref } from '../../../network/description.ts';
import { written } from '../../../network/names.ts';
import type { Network, Step } from '../../../network/network.ts';
import { inWords } from '../../../network/quantities.ts';
import { hasFolds, isFold, refFolds, stepFolds, type Fold } from '../../network/folds.ts';
import { errorAt, shortly } from '../../network/notation.ts';
import { stepOfError } from '../../network/stepPlaces.ts';
import { backwardSteps } from '../tape/backwardSteps.ts';
import type { Formula } from '../tape/mathMarkup.ts';
import { sideA } from '../tape/sideA.ts';

/** The stops of the tour, as they follow from the network: side A, the steps of side B, and what becomes of a gradient. No numbers. */

/** What a stop asks about. */
export type Asked =
  | { readonly about: 'quantity'; readonly ref: Ref }
  | { readonly about: 'step'; readonly step: number }
  | { readonly about: 'arrival'; readonly state: string }
  | { readonly about: 'sum' | 'clip' | 'update' };

export interface Stop {
  /** By which it is remembered. */
  readonly id: string;
  /** Where it is: `Side B, step 7`. */
  readonly place: string;
  /** What it is about, in a word or two where it has several quantities. */
  readonly title: string;
  /** All that is computed there, in its order; the one asked about is among them. */
  readonly formulas: readonly Formula[];
  /** What it does, in a sentence. */
  readonly meaning: string;
  readonly asks: Asked;
  /** The time step, counted from the last of the window: 0 is t = T−1. */
  readonly back: number;
  /** The steps of side B that it covers, and the one at which the walk stands. */
  readonly steps: readonly number[];
  readonly step?: number;
}

/** What a fold is asked about: the kinds of step take turns, so that each gate has another question. */
const TURNS = ['product', 'slope', 'recurrent', 'input'] as const;
type Turn = (typeof TURNS)[number];

/** The tour of a network. A window of one time step has no message that arrives. */
export function stopsOf(network: Network, T: number): readonly Stop[] {
  return [...forward(network), ...backward(network), ...(T > 1 ? [arrival(network)] : []), ...afterwards(network)];
}

/** What the tour is called. */
export function tourTitle({ steps }: Pick<Network, 'steps'>): string {
  return `Learn: backpropagation through time in ${inWords(steps.length)} steps`;
}

function forward(network: Network): Stop[] {
  const quantities = new Map(sideA(network).map((quantity) => [quantity.ref, quantity]));
  const refs = [...quantities.keys()];
  const stop = (group: readonly Ref[], asked: Ref, title: string): Stop => ({
    id: `A ${asked}`,
    place: 'Side A, forward',
    title,
    formulas: group.flatMap((ref) => {
      const quantity = quantities.get(ref);
      return quantity === undefined ? [] : [quantity.formula];
    }),
    meaning: quantities.get(asked)?.meaning ?? '',
    asks: { about: 'quantity', ref: asked },
    back: 0,
    steps: [],
  });
  const carried = refs.filter((ref) => ref.endsWith('⁻'));
  if (!hasFolds(network)) {
    const own = refs.filter((ref) => ref !== 'x' && !carried.includes(ref));
    return [stop(['x', ...carried], 'x', ''), ...own.map((ref) => stop([ref], ref, ''))];
  }
  let turn = 0;
  const ofFolds = leaves(refFolds(network, refs)).flatMap(({ title, items }): Stop[] => {
    const inside = items.filter((ref) => !carried.includes(ref) && ref !== 'x');
    if (inside.length === 0) return [];
    const states = inside.filter((ref) => network.states.includes(ref));
    const isOutput = inside.includes('L');
    // Of a gate the function is asked about, of the first one what it is given.
    const asked = isOutput
      ? inside
      : states.length > 0
        ? states
        : [turn++ === 0 ? inside[0] : (inside.at(-1) ?? inside[0])];
    return split(inside, asked).map(({ group, item }) => stop(group, item, isOutput ? '' : title));
  });
  return [stop(['x', ...carried], 'x', ''), ...ofFolds];
}

function backward(network: Network): Stop[] {
  const texts = backwardSteps(network);
  const stop = (group: readonly number[], asked: number, title: string): Stop => ({
    id: `B ${asked}`,
    place: `Side B, ${group.length === 1 ? `step ${group[0]}` : `steps ${group[0]}–${group.at(-1)}`} of ${texts.length}`,
    title,
    formulas: group.map((k) => texts[k - 1].formula),
    meaning: texts[asked - 1].meaning,
    asks: { about: 'step', step: asked },
    back: 0,
    steps: group,
    step: asked,
  });
  const all = texts.map(({ step }) => step);
  if (!hasFolds(network)) return all.map((k) => stop([k], k, ''));
  let turn = 0;
  return leaves(stepFolds(network)).flatMap(({ title, items }) => {
    const states = items.filter((k) => isErrorOf(network.steps[k - 1], network.states));
    const messages = items.filter((k) => network.steps[k - 1].kind === 'message');
    let asked = [...states, ...messages];
    const isOutput = items.includes(1);
    if (isOutput) asked = [stepOfError(network, network.output[0].gives), items[items.length - 1]];
    else if (asked.length === 0) asked = [stepInTurn(network, items, TURNS[turn++ % TURNS.length])];
    return split(items, asked).map(({ group, item }) => stop(group, item, title));
  });
}

/** The message of t = T−1 comes to the time step before. */
function arrival(network: Network): Stop {
  const state = network.states[network.states.length - statesPerLayer(network)];
  const step = stepOfError(network, state);
  const text = backwardSteps(network)[step - 1];
  return {
    id: 'arrival',
    place: `Through time, step ${step} at t = T−2`,
    title: 'The message arrives',
    formulas: [text.formula],
    meaning: `All steps of side B again, one time step earlier. What came back from t = T−1 is added to ${errorAt(state)}, and so on to t = 0.`,
    asks: { about: 'arrival', state },
    back: 1,
    steps: [step],
    step,
  };
}

/** What becomes of the contributions of all time steps. */
function afterwards(network: Network): Stop[] {
  const weight = written(followedParameter(network));
  const place = 'After the time steps';
  return [
    {
      id: 'sum',
      place,
      title: 'The sum over time',
      formulas: [{ markup: `∂${weight} = Σ ∂${weight}(t)` }],
      meaning: `All time steps and streams share ${weight}, so its gradient is the sum of what each of them contributes.`,
      asks: { about: 'sum' },
      back: 0,
      steps: [],
    },
    {
      id: 'clip',
      place,
      title: 'Clipping',
      formulas: [{ markup: CLIP_FORMULA.markup }],
      meaning:
        'Where the norm of the gradient of all parameters together exceeds the threshold θ, all of it is made shorter by one factor; its direction stays.',
      asks: { about: 'clip' },
      back: 0,
      steps: [],
    },
    {
      id: 'update',
      place,
      title: 'The optimizer’s update',
      formulas: [],
      meaning: 'The gradient says in which direction the loss grows; the optimizer goes the other way.',
      asks: { about: 'update' },
      back: 0,
      steps: [],
    },
  ];
}

/** The weight that is followed to its update: the one that errors go back through, or where there is none that of the input. */
export function followedParameter({ parameters }: Network): string {
  const recurrent = parameters.find(({ role }) => role === 'recurrent');
  return (recurrent ?? parameters[0]).name;
}

function statesPerLayer({ states, layers }: Network): number {
  return states.length / layers;
}

/** The folds that hold no folds, in their order, and what stands outside of them as one each. */
function leaves<Item>(
  folds: readonly (Item | Fold<Item>)[],
): { readonly title: string; readonly items: readonly Item[] }[] {
  return folds.flatMap((fold) => {
    if (!isFold(fold)) return [{ title: '', items: [fold] }];
    const own = fold.items.filter((item): item is Item => !isFold(item));
    const name = fold.about.length === 1 ? `${fold.title} ${shortly(fold.about[0])}` : fold.title;
    if (own.length === fold.items.length) return [{ title: name, items: own }];
    return leaves(fold.items).map((leaf) => ({
      ...leaf,
      title: [fold.title, leaf.title].filter((part) => part !== '').join(', '),
    }));
  });
}

/** Splits a list behind each of the items asked about, so that each stop has what leads to its own; what is left goes with the last. */
function split<Item>(
  items: readonly Item[],
  asked: readonly Item[],
): { readonly group: readonly Item[]; readonly item: Item }[] {
  const ends = asked.map((item) => items.indexOf(item));
  return asked.map((item, index) => ({
    item,
    group: items.slice(
      index === 0 ? 0 : ends[index - 1] + 1,
      index === asked.length - 1 ? items.length : ends[index] + 1,
    ),
  }));
}

function isErrorOf(step: Step, quantities: readonly string[]): boolean {
  return step.kind === 'error' && quantities.includes(step.of);
}

/** The step of a gate that is asked about, as far as it has one of that kind. */
function stepInTurn(network: Network, items: readonly number[], turn: Turn): number {
  const is: Readonly<Record<Turn, (step: Step) => boolean>> = {
    product: (step) => step.kind === 'error' && readerKind(network, step.of) === 'sum',
    slope: (step) => step.kind === 'error' && readerKind(network, step.of) === 'apply',
    recurrent: (step) => step.kind === 'contribution' && step.v?.endsWith('⁻') === true,
    input: (step) => step.kind === 'contribution' && step.v === 'x',
  };
  return items.find((k) => is[turn](network.steps[k - 1])) ?? items[0];
}

function readerKind({ layerEquations }: Network, quantity: string): 'sum' | 'apply' | 'affine' | undefined {
  const reads = (equation: Equation): boolean => {
    if ('apply' in equation) return equation.to === quantity;
    return 'sum' in equation && equation.sum.flat().some((ref) => ref === quantity || ref === `1−${quantity}`);
  };
  const reader = layerEquations.find(reads);
  return reader === undefined ? undefined : 'apply' in reader ? 'apply' : 'sum';
}
