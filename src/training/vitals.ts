import type { Kernels } from '../kernels/kernels.ts';
import { type Parameters, tensorNamed } from '../model/tensors.ts';
import type { Vitals } from '../protocol/events.ts';
import { ACTIVATIONS } from '../model/activations.ts';

/** Measures what one iteration did to the parameters, and how far its activations are saturated. */
export class VitalsMeter {
  readonly #kernels: Kernels;
  readonly #before: Parameters;

  constructor(kernels: Kernels) {
    this.#kernels = kernels;
    this.#before = Object.fromEntries(
      Object.entries(kernels.parameters).map(([name, parameter]) => [name, parameter.slice()]),
    );
  }

  /** Takes note of the parameters as they are before an update. */
  begin(): void {
    for (const name of this.#kernels.network.parameterNames) this.#before[name].set(this.#kernels.parameters[name]);
  }

  /** What the update since `begin` changed, with the activations of the window before it. */
  measure(iteration: number): Vitals {
    const { layers, parameters } = this.#kernels.network;
    // The output comes after the layers.
    const ofLayers = Array.from({ length: layers + 1 }, () => ({ weights: 0, changes: 0 }));
    let weights = 0;
    let changes = 0;
    for (const { name, layer = layers + 1 } of parameters) {
      const own = ofLayers[layer - 1];
      const before = this.#before[name];
      const now = this.#kernels.parameters[name];
      for (let i = 0; i < before.length; i++) {
        const weight = before[i] * before[i];
        const change = (now[i] - before[i]) * (now[i] - before[i]);
        weights += weight;
        changes += change;
        own.weights += weight;
        own.changes += change;
      }
    }
    return {
      iteration,
      updateToWeight: updateShare({ weights, changes }),
      ...(layers > 1 && { updateToWeightOfLayers: ofLayers.map(updateShare) }),
      saturation: saturatedShare(this.#kernels),
    };
  }
}

/** Of the numbers of the window that a function gave, the share of those at which it lets nearly no error through. */
function saturatedShare({ network, shape, activations }: Kernels): number {
  let saturated = 0;
  let numbers = 0;
  for (const equation of network.layerEquations) {
    if (!('apply' in equation)) continue;
    const { isSaturated } = ACTIVATIONS[equation.apply];
    const carriedIn = network.states.includes(equation.gives) ? shape.B * shape.H : 0;
    const given = tensorNamed(activations, equation.gives);
    for (let i = carriedIn; i < given.length; i++) if (isSaturated(given[i])) saturated++;
    numbers += given.length - carriedIn;
  }
  return saturated / numbers;
}

/** ‖Δθ‖ / ‖θ‖ of squares that were added up. */
function updateShare({ weights, changes }: { readonly weights: number; readonly changes: number }): number {
  return weights === 0 ? 0 : Math.sqrt(changes / weights);
}
