import { InputError } from '../common/inputError.ts';
import { MOMENT_NAMES } from '../common/optimizers.ts';
import { networkOf } from '../network/network.ts';
import { newestWithin } from '../common/newest.ts';
import { counted, groupDigits } from '../common/written.ts';
import type { BatchStart } from '../model/streamPass.ts';
import { parameterCount, parameterSizes, type Parameters } from '../model/tensors.ts';
import { captureBytes, CAPTURES_KEPT, MOST_MOMENT_BYTES, type Capture } from '../protocol/study.ts';

/** The newest captured windows of a run. */
export class Captures {
  /** Oldest first. */
  #kept: Capture[] = [];

  /**
   * Keeps a captured window, in the place of an earlier one of the same iteration.
   * @returns the windows that are no longer kept.
   * @throws {RangeError} where its parts contradict each other.
   */
  take(capture: Capture): Capture[] {
    checkLengths(capture);
    checkIds(capture);
    const others = this.#kept.filter(({ iteration }) => iteration !== capture.iteration);
    const before = this.#kept;
    this.#kept = newestWithin([...others, capture], captureBytes, CAPTURES_KEPT);
    const dropped = before.filter((one) => !this.#kept.includes(one));
    return dropped;
  }

  /** @throws {InputError} where that iteration is not kept, with a message for the person. */
  of(iteration: number): Capture {
    const capture = this.#kept.find((kept) => kept.iteration === iteration);
    if (capture === undefined) {
      throw new InputError(`Iteration ${groupDigits(iteration)} is no longer in memory. Go back to live.`);
    }
    return capture;
  }
}

/** The start of a captured iteration for the float64 reference. */
export function startOf(capture: Capture): BatchStart {
  const { shape, reduction, states, inputs, targets } = capture;
  const network = networkOf(capture);
  const size = shape.B * shape.H;
  return {
    network,
    shape,
    reduction,
    states: Object.fromEntries(
      network.states.map((state, index) => [state, states.subarray(index * size, (index + 1) * size)]),
    ),
    inputs,
    targets,
    parameters: mapped(parametersOf(capture), (numbers) => new Float64Array(numbers)),
  };
}

/** A recurrent matrix (H, H) of a captured window, by its name. */
export function recurrentMatrixOf(capture: Capture, name: string): Float64Array {
  const recurrent = networkOf(capture).parameters.find((parameter) => parameter.name === name);
  if (recurrent?.role !== 'recurrent')
    throw new InputError(`The network of this window has no recurrent matrix ${name}.`);
  return new Float64Array(parametersOf(capture)[name]);
}

/** Each parameter of a captured window, where it lies. */
export function parametersOf(
  capture: Pick<Capture, 'cell' | 'layers' | 'shape' | 'parameters'>,
): Parameters<Float32Array> {
  let start = 0;
  return mapped(parameterSizes(networkOf(capture), capture.shape), (size) => {
    start += size;
    return capture.parameters.subarray(start - size, start);
  });
}

/**
 * The optimizer's moments of all parameters, one moment after another.
 * @throws {InputError} where there are too many to be captured.
 */
export function momentsOf({ optimizer: { name, moments }, parameters }: Capture): Float32Array {
  if (moments !== null) return moments;
  throw new InputError(
    `The optimizer keeps ${counted(MOMENT_NAMES[name].length, 'number')} for each of the ${groupDigits(parameters.length)} parameters, ` +
      `too many to be copied while it trains: at most ${groupDigits(MOST_MOMENT_BYTES / Float32Array.BYTES_PER_ELEMENT)} can be. ` +
      'Look at its step in a run with fewer hidden units, or with plain gradient descent (sgd).',
  );
}

/**
 * The same of one number of the parameters, by their names.
 * @param at its place among all parameters.
 * @throws {InputError} as above.
 */
export function momentsAt(capture: Capture, at: number): Record<string, number> {
  const moments = momentsOf(capture);
  const { optimizer, parameters } = capture;
  return Object.fromEntries(
    MOMENT_NAMES[optimizer.name].map((moment, m) => [moment, moments[m * parameters.length + at]]),
  );
}

function mapped<From, To>(named: Readonly<Record<string, From>>, to: (from: From) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(named).map(([name, from]) => [name, to(from)]));
}

function checkLengths(capture: Capture): void {
  const { V, H, T, B } = capture.shape;
  const network = networkOf(capture);
  const parameters = parameterCount(network, capture.shape);
  const lengths = {
    parameters,
    states: network.states.length * B * H,
    inputs: T * B,
    targets: T * B,
    positions: B,
  } as const;
  const { name: optimizer, moments } = capture.optimizer;
  const kept = MOMENT_NAMES[optimizer].length * parameters;
  if (moments !== null && moments.length !== kept) {
    throw new RangeError(`${optimizer} of a captured window keeps ${moments.length} numbers, not ${kept}`);
  }
  if (Math.min(V, H, T, B) < 1) throw new RangeError(`a captured window of shape V=${V}, H=${H}, T=${T}, B=${B}`);
  for (const name of Object.keys(lengths) as (keyof typeof lengths)[]) {
    if (capture[name].length === lengths[name]) continue;
    throw new RangeError(
      `${name} of a captured window has ${capture[name].length} numbers, V=${V}, H=${H}, T=${T}, B=${B} has ${lengths[name]}`,
    );
  }
}

function checkIds({ inputs, targets, shape: { V } }: Capture): void {
  for (const ids of [inputs, targets]) {
    const wrong = ids.find((id) => id < 0 || id >= V);
    if (wrong !== undefined) throw new RangeError(`a captured window holds the id ${wrong}, and V=${V}`);
  }
}
