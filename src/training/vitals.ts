import { PARAMETER_NAMES } from '../network/names.ts';
import type { Kernels } from '../kernels/kernels.ts';
import type { Parameters, Vector } from '../model/tensors.ts';
import type { Vitals } from '../protocol/events.ts';

/** An activation whose modulus is larger lets less than 6 % of the error through (MATH.md, "Saturation"). */
const SATURATED = 0.97;

/** Measures what one iteration did to the parameters, and how far its activations are saturated. */
export class VitalsMeter {
  readonly #kernels: Kernels;
  readonly #before: Parameters;

  constructor(kernels: Kernels) {
    this.#kernels = kernels;
    this.#before = Object.fromEntries(PARAMETER_NAMES.map((name) => [name, kernels.parameters[name].slice()]));
  }

  /** Takes note of the parameters as they are before an update. */
  begin(): void {
    for (const name of PARAMETER_NAMES) this.#before[name].set(this.#kernels.parameters[name]);
  }

  /** What the update since `begin` changed, with the activations of the window before it. */
  measure(iteration: number): Vitals {
    let weights = 0;
    let changes = 0;
    for (const name of PARAMETER_NAMES) {
      const before = this.#before[name];
      const now = this.#kernels.parameters[name];
      for (let i = 0; i < before.length; i++) {
        weights += before[i] * before[i];
        changes += (now[i] - before[i]) * (now[i] - before[i]);
      }
    }
    const { shape, activations } = this.#kernels;
    return {
      iteration,
      updateToWeight: weights === 0 ? 0 : Math.sqrt(changes / weights),
      saturation: saturatedShare(activations.a.subarray(shape.B * shape.H)),
    };
  }
}

function saturatedShare(a: Vector): number {
  let count = 0;
  for (const value of a) if (value > SATURATED || value < -SATURATED) count++;
  return count / a.length;
}
