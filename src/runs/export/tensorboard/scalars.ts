import { functionsOf } from '../../../network/functions.ts';
import { titleOf, written } from '../../../network/names.ts';
import type { Network } from '../../../network/network.ts';
import { listed, recurrentWeight } from '../../../network/quantities.ts';
import { comparedReaches } from '../../../network/reach.ts';
import { SATURATION, saturationOf, SLOPES } from '../../../network/slopes.ts';
import { wayBackOf } from '../../../network/wayBack.ts';
import { metricNamesOf, type MetricName } from '../../../protocol/run.ts';
import type { MemoryPoint, RunEvent, RunEventType, ValueOf, Vitals } from '../../../protocol/events.ts';
import type { TaggedValue } from './event.ts';
import { pathOf } from './tags.ts';

/** Numbers of a run as scalars of TensorBoard: which tag each has, and what the tag is. */

interface Scalar {
  readonly tag: string;
  readonly value: number;
}

const BEFORE_CLIPPING = 'Frobenius norm of the gradient, before clipping.';
const BEYOND = 'Missing where it lies beyond the window that errors are followed through.';

/** What each tag of a run of this network is. */
function descriptionsOf(network: Network): Readonly<Record<string, string>> {
  const way = wayBackOf(network);
  const functions = listed(saturationOf(network).functions.map(({ gives }) => gives));
  const weight = recurrentWeight(network);
  const recurrence = weight === undefined ? 'the recurrent weights' : written(weight);
  return {
    'loss/train': 'Cross entropy of the window of each iteration, nats per character.',
    'loss/train_bits': 'Cross entropy of the window of each iteration, bits per character.',
    'loss/validation':
      'Cross entropy of the validation part, nats per character. The step is the number of iterations done.',
    'loss/validation_bits':
      'Cross entropy of the validation part, bits per character. The step is the number of iterations done.',
    'grad_norm/total': 'Norm of the gradient of all parameters together, before clipping.',
    ...Object.fromEntries(
      network.parameterNames.map((name) => [`grad_norm/${pathOf(network, name)}`, normDescription(network, name)]),
    ),
    clip_factor: 'What clipping multiplied the gradient by; 1 where it did not act.',
    learning_rate: 'Learning rate of each iteration.',
    'vitals/update_to_weight': '‖Δθ‖ / ‖θ‖ of the update of the iteration.',
    [`vitals/${saturationOf(network).word}`]: `Share of the activations with ${saturationOf(network).which}.`,
    ...functionDescriptions(network),
    'memory/horizon_1_percent': `Steps back after which an error is under 1 % of its strength. ${BEYOND}`,
    'memory/horizon_1_over_e': `Steps back after which an error is under 1/e of its strength. ${BEYOND}`,
    'memory/decay_rate': 'Change of the log of the lag profile, nats per step back.',
    [`memory/${factorTag(network)}`]:
      way === undefined ? `Mean slope of ${functions}.` : `Mean of ${SLOPES[way.activation].of(written(way.state))}.`,
    'memory/lyapunov': 'Lyapunov exponent, nats per step back.',
    'memory/spectral_radius': `Spectral radius of ${recurrence}.`,
    'memory/sigma_max': `Largest singular value of ${recurrence}.`,
  };
}

/** Where a network has more than the parameters of one cell with one function, which of them it is. */
function normDescription(network: Network, name: string): string {
  return functionsOf(network).length === 1 ? BEFORE_CLIPPING : `${BEFORE_CLIPPING} ${titleOf(network, name)}.`;
}

/** Of every function of a network that has several, and of every state or what stands for it. */
function functionDescriptions(network: Network): Readonly<Record<string, string>> {
  const described = functionsOf(network).flatMap(({ gives, activation, isGate }): [string, string][] => {
    const [path, what] = [pathOf(network, gives), SATURATION[activation].of(written(gives))];
    const dead = `Share of the units with ${what} at every step of every stream of the window.`;
    if (!isGate)
      return [
        [`saturated/${path}`, `Share of the numbers with ${what}.`],
        [`dead_units/${path}`, dead],
      ];
    return ['open', 'shut'].map((end) => [
      `gate_${end}/${path}`,
      `Share of the numbers of the gate ${titleOf(network, gives)}, at which it is ${end}: with ${what}, ${end === 'open' ? 'near 1' : 'near 0'}.`,
    ]);
  });
  const reaches = comparedReaches(network).map((name): [string, string] => [
    `memory/horizon_1_percent/${pathOf(network, name)}`,
    `Steps back after which an error at ${written(name)} is under 1 % of its strength. ${BEYOND}`,
  ]);
  return Object.fromEntries([...described, ...reaches]);
}

/** The factor by which the functions of the network let errors through. */
function factorTag(network: Network): string {
  return `${wayBackOf(network)?.activation ?? 'slope'}_factor`;
}

/** @param row (the network's metrics) */
export function scalarsOfRow(network: Network, row: Float64Array): Scalar[] {
  const names = metricNamesOf(network);
  const metric = (name: MetricName): number => row[names.indexOf(name)];
  return [
    ...losses('train', metric('lossNats')),
    { tag: 'grad_norm/total', value: metric('gradNorm') },
    ...network.parameterNames.map((name) => ({
      tag: `grad_norm/${pathOf(network, name)}`,
      value: metric(`gradNorm_${name}`),
    })),
    { tag: 'clip_factor', value: metric('clipFactor') },
    { tag: 'learning_rate', value: metric('learningRate') },
  ];
}

/** The types of events that are curves in TensorBoard. */
const SCALARS: { readonly [K in RunEventType]?: (value: ValueOf<K>, network: Network) => Scalar[] } = {
  validation: ({ lossNats }) => losses('validation', lossNats),
  vitals: scalarsOfVitals,
  memoryPoint: scalarsOfMemory,
};

export function scalarsOfEvent(network: Network, { type, value }: RunEvent): Scalar[] {
  const scalarsOf = SCALARS[type] as ((of: typeof value, in_: Network) => Scalar[]) | undefined;
  return scalarsOf?.(value, network) ?? [];
}

/** The functions one by one only where there are several. */
function scalarsOfVitals({ updateToWeight, saturation, functions = {} }: Vitals, network: Network): Scalar[] {
  const all = functionsOf(network);
  const ofFunctions = all.flatMap(({ gives, isGate }): Scalar[] => {
    const reading = Object.hasOwn(functions, gives) ? functions[gives] : undefined;
    if (reading === undefined || all.length === 1) return [];
    const { saturated, open = 0, dead } = reading;
    const path = pathOf(network, gives);
    return isGate
      ? [
          { tag: `gate_open/${path}`, value: open },
          { tag: `gate_shut/${path}`, value: saturated - open },
        ]
      : [
          { tag: `saturated/${path}`, value: saturated },
          { tag: `dead_units/${path}`, value: dead },
        ];
  });
  return [
    { tag: 'vitals/update_to_weight', value: updateToWeight },
    { tag: `vitals/${saturationOf(network).word}`, value: saturation },
    ...ofFunctions,
  ];
}

/** Without those that are not known. */
function scalarsOfMemory(point: MemoryPoint, network: Network): Scalar[] {
  // An earlier version wrote 0 of a network without a recurrent weight.
  const hasSpectrum = recurrentWeight(network) !== undefined;
  const values: readonly [string, number | null][] = [
    ['horizon_1_percent', point.horizonOnePercent],
    ['horizon_1_over_e', point.horizonOneOverE],
    ['decay_rate', point.decayRate],
    [factorTag(network), point.tanhFactor],
    ['lyapunov', point.lyapunov],
    ['spectral_radius', hasSpectrum ? point.spectralRadius : null],
    ['sigma_max', hasSpectrum ? point.sigmaMax : null],
    ...Object.entries(point.horizons ?? {})
      .filter(([name]) => comparedReaches(network).includes(name))
      .map(([name, steps]): [string, number | null] => [`horizon_1_percent/${pathOf(network, name)}`, steps]),
  ];
  return values.flatMap(([name, value]) => (value === null ? [] : [{ tag: `memory/${name}`, value }]));
}

function losses(part: string, nats: number): Scalar[] {
  return [
    { tag: `loss/${part}`, value: nats },
    { tag: `loss/${part}_bits`, value: nats / Math.LN2 },
  ];
}

/** Adds to scalars what their tags are, where a tag comes for the first time. */
export class Described {
  readonly #known = new Set<string>();
  readonly #descriptions: Readonly<Record<string, string>>;
  /** Tags of what every iteration has. */
  readonly #metricTags: ReadonlySet<string>;
  readonly #wholeFrom: number;

  /** @param wholeFrom the iteration before which metrics are means over several iterations; 0: none is. */
  constructor(network: Network, wholeFrom = 0) {
    this.#descriptions = descriptionsOf(network);
    const row = new Float64Array(metricNamesOf(network).length);
    this.#metricTags = new Set(scalarsOfRow(network, row).map(({ tag }) => tag));
    this.#wholeFrom = wholeFrom;
  }

  values(scalars: readonly Scalar[]): TaggedValue[] {
    return scalars.map(({ tag, value }) => {
      const isFirst = !this.#known.has(tag);
      this.#known.add(tag);
      return { kind: 'scalar', tag, value, isFirst, description: this.#description(tag) };
    });
  }

  #description(tag: string): string | undefined {
    const description = this.#descriptions[tag];
    if (this.#wholeFrom === 0 || !this.#metricTags.has(tag)) return description;
    const note = `Before iteration ${this.#wholeFrom} each point is the mean of several iterations.`;
    return description === undefined ? note : `${description} ${note}`;
  }
}
