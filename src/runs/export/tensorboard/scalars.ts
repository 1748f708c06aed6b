import { PARAMETER_NAMES } from '../../../network/names.ts';
import { SATURATED } from '../../../network/saturation.ts';
import { METRIC_NAMES, type MetricName } from '../../../protocol/run.ts';
import type { MemoryPoint, RunEvent, RunEventType, ValueOf } from '../../../protocol/events.ts';
import type { TaggedValue } from './event.ts';

/** Numbers of a run as scalars of TensorBoard: which tag each has, and what the tag is. */

interface Scalar {
  readonly tag: string;
  readonly value: number;
}

const BEFORE_CLIPPING = 'Frobenius norm of the gradient, before clipping.';
const BEYOND = 'Missing where it lies beyond the window that errors are followed through.';

const DESCRIPTIONS: Readonly<Record<string, string>> = {
  'loss/train': 'Cross entropy of the window of each iteration, nats per character.',
  'loss/train_bits': 'Cross entropy of the window of each iteration, bits per character.',
  'loss/validation':
    'Cross entropy of the validation part, nats per character. The step is the number of iterations done.',
  'loss/validation_bits':
    'Cross entropy of the validation part, bits per character. The step is the number of iterations done.',
  'grad_norm/total': 'Norm of the gradient of all parameters together, before clipping.',
  ...Object.fromEntries(PARAMETER_NAMES.map((name) => [`grad_norm/${name}`, BEFORE_CLIPPING])),
  clip_factor: 'What clipping multiplied the gradient by; 1 where it did not act.',
  learning_rate: 'Learning rate of each iteration.',
  'vitals/update_to_weight': '‖Δθ‖ / ‖θ‖ of the update of the iteration.',
  'vitals/saturation': `Share of the activations with |a| > ${SATURATED}.`,
  'memory/horizon_1_percent': `Steps back after which an error is under 1 % of its strength. ${BEYOND}`,
  'memory/horizon_1_over_e': `Steps back after which an error is under 1/e of its strength. ${BEYOND}`,
  'memory/decay_rate': 'Change of the log of the lag profile, nats per step back.',
  'memory/tanh_factor': 'Mean of 1 − a².',
  'memory/lyapunov': 'Lyapunov exponent, nats per step back.',
  'memory/spectral_radius': 'Spectral radius of W_ah.',
  'memory/sigma_max': 'Largest singular value of W_ah.',
};

/** @param row (METRIC_NAMES) */
export function scalarsOfRow(row: Float64Array): Scalar[] {
  const metric = (name: MetricName): number => row[METRIC_NAMES.indexOf(name)];
  return [
    ...losses('train', metric('lossNats')),
    { tag: 'grad_norm/total', value: metric('gradNorm') },
    ...PARAMETER_NAMES.map((name) => ({ tag: `grad_norm/${name}`, value: metric(`gradNorm_${name}`) })),
    { tag: 'clip_factor', value: metric('clipFactor') },
    { tag: 'learning_rate', value: metric('learningRate') },
  ];
}

/** Tags of what every iteration has. */
const METRIC_TAGS = new Set(scalarsOfRow(new Float64Array(METRIC_NAMES.length)).map(({ tag }) => tag));

/** The types of events that are curves in TensorBoard. */
const SCALARS: { readonly [K in RunEventType]?: (value: ValueOf<K>) => Scalar[] } = {
  validation: ({ lossNats }) => losses('validation', lossNats),
  vitals: ({ updateToWeight, saturation }) => [
    { tag: 'vitals/update_to_weight', value: updateToWeight },
    { tag: 'vitals/saturation', value: saturation },
  ],
  memoryPoint: scalarsOfMemory,
};

export function scalarsOfEvent({ type, value }: RunEvent): Scalar[] {
  const scalarsOf = SCALARS[type] as ((of: typeof value) => Scalar[]) | undefined;
  return scalarsOf?.(value) ?? [];
}

/** Without those that are not known. */
function scalarsOfMemory(point: MemoryPoint): Scalar[] {
  const values: readonly [string, number | null][] = [
    ['horizon_1_percent', point.horizonOnePercent],
    ['horizon_1_over_e', point.horizonOneOverE],
    ['decay_rate', point.decayRate],
    ['tanh_factor', point.tanhFactor],
    ['lyapunov', point.lyapunov],
    ['spectral_radius', point.spectralRadius],
    ['sigma_max', point.sigmaMax],
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
  readonly #wholeFrom: number;

  /** @param wholeFrom the iteration before which metrics are means over several iterations; 0: none is. */
  constructor(wholeFrom = 0) {
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
    const description = DESCRIPTIONS[tag];
    if (this.#wholeFrom === 0 || !METRIC_TAGS.has(tag)) return description;
    const note = `Before iteration ${this.#wholeFrom} each point is the mean of several iterations.`;
    return description === undefined ? note : `${description} ${note}`;
  }
}
