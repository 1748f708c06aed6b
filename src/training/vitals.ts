import type { Kernels } from '../kernels/kernels.ts';
import { type Parameters, tensorNamed } from '../model/tensors.ts';
import { functionsOf, type NetworkFunction } from '../network/functions.ts';
import { saturationOf } from '../network/slopes.ts';
import type { FunctionVitals, Vitals } from '../protocol/events.ts';
import { ACTIVATIONS } from '../model/activations.ts';

/** Measures what one iteration did to the parameters, and how far the functions of its pass are saturated. */
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
      ...functionVitals(this.#kernels),
    };
  }
}

/** What is read of a pass. */
type Measured = Pick<Kernels, 'network' | 'shape' | 'activations'>;

/** Every number that a function gave is looked at once: a hundredth of what the pass took to compute it, and less. */
export function functionVitals(pass: Measured): Pick<Vitals, 'saturation' | 'functions'> {
  const counted = saturationOf(pass.network).functions;
  const numbers = pass.shape.T * pass.shape.B * pass.shape.H;
  let saturated = 0;
  const functions = functionsOf(pass.network).map((each): [string, FunctionVitals] => {
    const counts = countsOf(pass, each);
    if (counted.includes(each)) saturated += counts.saturated;
    return [
      each.gives,
      {
        saturated: shareOf(counts.saturated, numbers),
        ...(each.activation === 'sigmoid' && { open: shareOf(counts.open, numbers) }),
        dead: shareOf(counts.deadUnits, pass.shape.H),
      },
    ];
  });
  return { saturation: saturated / (numbers * counted.length), functions: Object.fromEntries(functions) };
}

/** A share of so many digits as a record of it is worth. */
function shareOf(count: number, all: number): number {
  return Math.round((count / all) * 1e6) / 1e6;
}

/** Of the numbers that a function gave: those at which it lets nearly no error pass, those of them above a half, and the units with no others. */
function countsOf(
  { network, shape: { T, B, H }, activations }: Measured,
  { gives, activation }: NetworkFunction,
): { readonly saturated: number; readonly open: number; readonly deadUnits: number } {
  const { isSaturated } = ACTIVATIONS[activation];
  const given = tensorNamed(activations, gives);
  const ofUnit = new Uint32Array(H);
  let saturated = 0;
  let open = 0;
  // A state has one slot more, that which is carried in.
  const first = network.states.includes(gives) ? B : 0;
  for (let row = first; row < first + T * B; row++) {
    for (let unit = 0; unit < H; unit++) {
      const value = given[row * H + unit];
      if (!isSaturated(value)) continue;
      saturated++;
      ofUnit[unit]++;
      if (value > 0.5) open++;
    }
  }
  let deadUnits = 0;
  for (let unit = 0; unit < H; unit++) if (ofUnit[unit] === T * B) deadUnits++;
  return { saturated, open, deadUnits };
}

/** ‖Δθ‖ / ‖θ‖ of squares that were added up. */
function updateShare({ weights, changes }: { readonly weights: number; readonly changes: number }): number {
  return weights === 0 ? 0 : Math.sqrt(changes / weights);
}
