import { type Network, networkOf, shapeOf } from '../../network/network.ts';
import { MOMENT_NAMES } from '../../common/optimizers.ts';
import { type Checkpoint, type NetworkState } from '../../protocol/checkpoint.ts';
import type { RunFacts } from '../../protocol/run.ts';
import type { RunSettings } from '../../protocol/settings.ts';
import type { NamedTensor } from './safetensors.ts';

/** Which tensors a checkpoint's file holds: their names, in the order in which they are written, and their shapes. */

/** Before the names of the network that a validation under way measures. */
export const CANDIDATE = 'candidate.';
/** Before the names of the states that are carried, and of those of a validation under way. */
const STATE = 'state.';
const EARLIER_STATE = 'state';
export const VALIDATION_STATE = `validation.${STATE}`;

/** Of the metadata without the vocabulary, and of one symbol in it. */
const METADATA_BYTES = 8 * 2 ** 10;
const SYMBOL_BYTES = 64;

export type Shapes = ReadonlyMap<string, readonly number[]>;

/** What fixes the layout of a checkpoint's file. */
export interface LayoutFacts {
  readonly cell: Checkpoint['cell'];
  readonly layers: Checkpoint['layers'];
  readonly shape: Checkpoint['shape'];
  readonly optimizer: Checkpoint['optimizer'];
  /** B′, the streams of the validation under way; undefined without one. */
  readonly validationStreams: number | undefined;
}

export function layoutOf(facts: LayoutFacts): Shapes {
  const { shape, validationStreams } = facts;
  const shapes = new Map<string, readonly number[]>(networkLayout('', facts));
  if (validationStreams === undefined) return shapes;
  for (const [name, axes] of networkLayout(CANDIDATE, facts)) shapes.set(name, axes);
  for (const state of networkOf(facts).states) {
    shapes.set(VALIDATION_STATE + state, [validationStreams, shape.H]);
  }
  return shapes;
}

/**
 * The tensors of a header by the names that they have now: an earlier version, whose networks had one state, wrote it as `state`,
 * without a name.
 */
export function byPresentNames<E>(
  tensors: ReadonlyMap<string, E>,
  { states: [first] }: Network,
): ReadonlyMap<string, E> {
  if (!tensors.has(EARLIER_STATE)) return tensors;
  const isEarlier = (name: string): boolean => name === EARLIER_STATE || name.endsWith(`.${EARLIER_STATE}`);
  const presentName = (name: string): string => (isEarlier(name) ? `${name}.${first}` : name);
  // What has both names keeps both: the earlier one has no place then.
  return new Map(
    [...tensors].map(([name, entry]) => [tensors.has(presentName(name)) ? name : presentName(name), entry]),
  );
}

/** Bytes that a checkpoint of a network takes at most, with a validation under way. */
export function mostCheckpointBytes(
  settings: Pick<RunSettings, 'cell' | 'layers' | 'optimizer' | 'batchSize' | 'hiddenSize'>,
  { parameterCount, vocabulary }: Pick<RunFacts, 'parameterCount' | 'vocabulary'>,
): number {
  const { optimizer, batchSize, hiddenSize } = settings;
  const stateNumbers = networkOf(settings).states.length * batchSize * hiddenSize;
  const ofNetwork = parameterCount * (1 + MOMENT_NAMES[optimizer].length) + stateNumbers;
  return 2 * Float64Array.BYTES_PER_ELEMENT * ofNetwork + METADATA_BYTES + SYMBOL_BYTES * vocabulary.length;
}

/** @throws {RangeError} where the moments are not those of the optimizer, or a tensor is missing or not of its shape. */
export function tensorsOf(checkpoint: Checkpoint): NamedTensor[] {
  const { shape, pendingValidation: pending } = checkpoint;
  const network = networkOf(checkpoint);
  const values = networkTensors('', checkpoint, checkpoint);
  if (pending !== undefined) {
    values.push(...networkTensors(CANDIDATE, pending.network, checkpoint));
    values.push(...network.states.map((state): NamedValues => [VALIDATION_STATE + state, pending.states[state]]));
  }
  const validationStreams = pending && Math.floor((pending.states[network.states[0]]?.length ?? 0) / shape.H);
  const shapes = layoutOf({ ...checkpoint, validationStreams });
  return values.map(([name, tensor]) => {
    const shape = shapes.get(name) ?? [];
    const numbers = shape.reduce((product, length) => product * length, 1);
    if (tensor?.length === numbers) return { name, shape, values: tensor };
    throw new RangeError(`"${name}" of the checkpoint has ${tensor?.length ?? 'no'} numbers, not ${numbers}`);
  });
}

/** The name of a moment's tensor for one parameter. */
export function momentName(moment: string, parameter: string): string {
  return `${moment}.${parameter}`;
}

/** The name of a carried state's tensor. */
export function stateName(state: string): string {
  return STATE + state;
}

type NamedValues = [name: string, values: NamedTensor['values'] | undefined];

function networkLayout(
  prefix: string,
  { cell, layers, shape: { V, H, B }, optimizer }: LayoutFacts,
): (readonly [string, readonly number[]])[] {
  const network = networkOf({ cell, layers });
  const shapes = network.parameters.map((parameter) => [parameter.name, shapeOf(parameter, { V, H })] as const);
  return [
    ...shapes.map(([name, shape]) => [prefix + name, shape] as const),
    ...MOMENT_NAMES[optimizer].flatMap((moment) =>
      shapes.map(([name, shape]) => [prefix + momentName(moment, name), shape] as const),
    ),
    ...network.states.map((state) => [prefix + stateName(state), [B, H]] as const),
  ];
}

function networkTensors(
  prefix: string,
  { parameters, moments, states }: NetworkState,
  { cell, layers, optimizer }: Pick<Checkpoint, 'cell' | 'layers' | 'optimizer'>,
): NamedValues[] {
  const network = networkOf({ cell, layers });
  const expected: readonly string[] = MOMENT_NAMES[optimizer];
  const given = Object.keys(moments);
  if (given.length !== expected.length || !expected.every((moment) => Object.hasOwn(moments, moment))) {
    throw new RangeError(
      `the optimizer ${optimizer} has the moments [${expected.join(', ')}], not [${given.join(', ')}]`,
    );
  }
  return [
    ...network.parameterNames.map((name): NamedValues => [prefix + name, parameters[name]]),
    ...expected.flatMap((moment) =>
      network.parameterNames.map((name): NamedValues => [prefix + momentName(moment, name), moments[moment][name]]),
    ),
    ...network.states.map((state): NamedValues => [prefix + stateName(state), states[state]]),
  ];
}
