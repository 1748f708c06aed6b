import { NETWORK, PARAMETER_NAMES, type ParameterName } from '../../network/names.ts';
import { shapeOf } from '../../network/network.ts';
import type { Checkpoint, NetworkState } from '../../protocol/checkpoint.ts';
import type { RunFacts } from '../../protocol/run.ts';
import type { RunSettings } from '../../protocol/settings.ts';
import type { NamedTensor } from './safetensors.ts';

/** Which tensors a checkpoint's file holds: their names, in the order in which they are written, and their shapes. */

/** The running quantities of each optimizer, by PyTorch's names; a test holds them equal to those of the optimizers themselves. */
export const MOMENT_NAMES = {
  sgd: [],
  momentum: ['momentum_buffer'],
  adagrad: ['sum'],
  rmsprop: ['square_avg'],
  adam: ['exp_avg', 'exp_avg_sq'],
} as const satisfies Readonly<Record<Checkpoint['optimizer'], readonly string[]>>;

/** Before the names of the network that a validation under way measures. */
export const CANDIDATE = 'candidate.';
export const VALIDATION_STATE = 'validation.state';

/** Of the metadata without the vocabulary, and of one symbol in it. */
const METADATA_BYTES = 8 * 2 ** 10;
const SYMBOL_BYTES = 64;

export type Shapes = ReadonlyMap<string, readonly number[]>;

/** What fixes the layout of a checkpoint's file. */
export interface LayoutFacts {
  readonly shape: Checkpoint['shape'];
  readonly optimizer: Checkpoint['optimizer'];
  /** B′, the streams of the validation under way; undefined without one. */
  readonly validationStreams: number | undefined;
}

export function layoutOf({ shape, optimizer, validationStreams }: LayoutFacts): Shapes {
  const shapes = new Map<string, readonly number[]>(networkLayout('', shape, optimizer));
  if (validationStreams === undefined) return shapes;
  for (const [name, axes] of networkLayout(CANDIDATE, shape, optimizer)) shapes.set(name, axes);
  return shapes.set(VALIDATION_STATE, [validationStreams, shape.H]);
}

/** Bytes that a checkpoint of a network takes at most, with a validation under way. */
export function mostCheckpointBytes(
  { optimizer, batchSize, hiddenSize }: Pick<RunSettings, 'optimizer' | 'batchSize' | 'hiddenSize'>,
  { parameterCount, vocabulary }: Pick<RunFacts, 'parameterCount' | 'vocabulary'>,
): number {
  const ofNetwork = parameterCount * (1 + MOMENT_NAMES[optimizer].length) + batchSize * hiddenSize;
  return 2 * Float64Array.BYTES_PER_ELEMENT * ofNetwork + METADATA_BYTES + SYMBOL_BYTES * vocabulary.length;
}

/** @throws {RangeError} where the moments are not those of the optimizer. */
export function tensorsOf(checkpoint: Checkpoint): NamedTensor[] {
  const { shape, optimizer, pendingValidation: pending } = checkpoint;
  const values = networkTensors('', checkpoint, optimizer);
  if (pending !== undefined) {
    values.push(...networkTensors(CANDIDATE, pending.network, optimizer), [VALIDATION_STATE, pending.state]);
  }
  const validationStreams = pending && pending.state.length / shape.H;
  const shapes = layoutOf({ shape, optimizer, validationStreams });
  return values.map(([name, tensor]) => ({ name, shape: shapes.get(name) ?? [], values: tensor }));
}

/** The name of a moment's tensor for one parameter. */
export function momentName(moment: string, parameter: ParameterName): string {
  return `${moment}.${parameter}`;
}

function networkLayout(
  prefix: string,
  { V, H, B }: Checkpoint['shape'],
  optimizer: Checkpoint['optimizer'],
): (readonly [string, readonly number[]])[] {
  const shapes = NETWORK.parameters.map((parameter) => [parameter.name, shapeOf(parameter, { V, H })] as const);
  return [
    ...shapes.map(([name, shape]) => [prefix + name, shape] as const),
    ...MOMENT_NAMES[optimizer].flatMap((moment) =>
      shapes.map(([name, shape]) => [prefix + momentName(moment, name), shape] as const),
    ),
    [`${prefix}state`, [B, H]],
  ];
}

function networkTensors(
  prefix: string,
  { parameters, moments, state }: NetworkState,
  optimizer: Checkpoint['optimizer'],
): [string, NamedTensor['values']][] {
  const expected: readonly string[] = MOMENT_NAMES[optimizer];
  const given = Object.keys(moments);
  if (given.length !== expected.length || !expected.every((moment) => Object.hasOwn(moments, moment))) {
    throw new RangeError(
      `the optimizer ${optimizer} has the moments [${expected.join(', ')}], not [${given.join(', ')}]`,
    );
  }
  return [
    ...PARAMETER_NAMES.map((name): [string, NamedTensor['values']] => [prefix + name, parameters[name]]),
    ...expected.flatMap((moment) =>
      PARAMETER_NAMES.map((name): [string, NamedTensor['values']] => [
        prefix + momentName(moment, name),
        moments[moment][name],
      ]),
    ),
    [`${prefix}state`, state],
  ];
}
