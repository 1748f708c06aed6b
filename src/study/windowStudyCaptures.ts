import { InputError } from '../common/inputError.ts';
import { PARAMETER_NAMES } from '../network/names.ts';
import { newestWithin } from '../common/newest.ts';
import { groupDigits } from '../common/written.ts';
import type { BatchStart } from '../model/streamPass.ts';
import { parameterSizes, type Parameters } from '../model/tensors.ts';
import { captureBytes, CAPTURES_KEPT, type Capture } from '../protocol/study.ts';

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
export function startOf({ shape, reduction, state, inputs, targets, parameters }: Capture): BatchStart {
  return { shape, reduction, state, inputs, targets, parameters: float64Parameters(parameters, shape) };
}

/** W_ah (H, H) of a captured window. */
export function W_ahOf({ parameters, shape }: Capture): Float64Array {
  const sizes = parameterSizes(shape);
  return new Float64Array(parameters.subarray(sizes.W_xh, sizes.W_xh + sizes.W_ah));
}

function float64Parameters(numbers: Float32Array, shape: Capture['shape']): Parameters<Float64Array> {
  const sizes = parameterSizes(shape);
  let start = 0;
  const entries = PARAMETER_NAMES.map((name) => {
    const end = start + sizes[name];
    const tensor = new Float64Array(numbers.subarray(start, end));
    start = end;
    return [name, tensor] as const;
  });
  return Object.fromEntries(entries) as Parameters<Float64Array>;
}

function checkLengths(capture: Capture): void {
  const { V, H, T, B } = capture.shape;
  const parameters = Object.values(parameterSizes(capture.shape)).reduce((sum, size) => sum + size, 0);
  const lengths = { parameters, state: B * H, inputs: T * B, targets: T * B, positions: B } as const;
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
