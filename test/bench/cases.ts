import { networkOf, productNumbers, type Network } from '../../src/network/network.ts';
import { InputError } from '../../src/common/inputError.ts';
import { parseSettings, type RunSettings } from '../../src/protocol/settings.ts';

/** What one contestant trains, by the settings' own names. The names may be of settings that do not exist: `missing` tells. */
export type SettingValues = Readonly<Record<string, string | number>>;

export interface BenchCase {
  readonly name: string;
  readonly settings: SettingValues;
  /** How many times as fast as the best peer the trainer is to be, where that is said. */
  readonly target?: number;
}

/** Both sides do the same work: no validation, and a run that does not end while it is measured. */
const COMMON: SettingValues = { clipNorm: 5, validationFraction: 0, maxEpochs: 1e6, reduction: 'mean' };

const M = adamCase(256, 64, 32);
const L = adamCase(512, 128, 64);
/** The cells with gates that the peers have too. */
const GATED = ['lstm', 'gru'] as const;

export const CASES: readonly BenchCase[] = [
  {
    name: 'S',
    settings: {
      ...COMMON,
      hiddenSize: 100,
      sequenceLength: 25,
      batchSize: 1,
      optimizer: 'adagrad',
      learningRate: 0.1,
    },
    target: 25,
  },
  { name: 'M', settings: M, target: 2.5 },
  { name: 'L', settings: L, target: 2 },
  ...GATED.flatMap((cell) => [
    { name: `M ${cell}`, settings: { ...M, cell }, target: 1.3 },
    { name: `L ${cell}`, settings: { ...L, cell } },
    { name: `M ${cell} 2 layers`, settings: { ...M, cell, layers: 2 } },
  ]),
];

/** @throws {RangeError} for a name that no case has. */
export function caseNamed(name: string): BenchCase {
  const found = CASES.find((candidate) => candidate.name === name);
  if (found === undefined) throw new RangeError(`there is no case ${name}`);
  return found;
}

/** The kernels that are compared, fastest first. */
export const KERNELS = ['relaxed', 'simd', 'scalar'] as const;

/** Why the settings cannot be run; undefined where they can. */
export function missing(settings: SettingValues): string | undefined {
  try {
    parseSettings(settings);
    return undefined;
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
}

/** The network that a case trains. */
export function networkOfCase(values: SettingValues): Network {
  return networkOf(settingsOf(values));
}

/** @throws {InputError} where `missing` says why. */
export function settingsOf(values: SettingValues): RunSettings {
  return parseSettings(values);
}

/** What a case is, in a few words. */
export function describeCase({ name, settings }: BenchCase): string {
  const { hiddenSize, sequenceLength, batchSize, optimizer, learningRate } = settings;
  return `${name}: H=${hiddenSize} T=${sequenceLength} B=${batchSize} ${optimizer} ${learningRate}`;
}

/**
 * Floating-point operations of a character, forward and backward: three products with every weight, where reading a one-hot character
 * is none. What is not a product is not counted.
 */
export function operationsPerCharacter(values: SettingValues, V: number): number {
  return 6 * productNumbers(networkOfCase(values).parameters, { V, H: Number(values.hiddenSize) });
}

function adamCase(hiddenSize: number, sequenceLength: number, batchSize: number): SettingValues {
  return { ...COMMON, hiddenSize, sequenceLength, batchSize, optimizer: 'adam', learningRate: 2e-3 };
}
