import type { Network } from '../network/network.ts';
import { squareWeights } from '../network/quantities.ts';
import { pullBack, type AddTransposed, type PulledBack } from '../model/backward.ts';
import type { Parameters, Pass, Tensors } from '../model/tensors.ts';
import { transposed } from './transposed.ts';

/** Errors of one stream that go back together, as if they were those of a batch whose streams all have its values. */
export class PulledRows {
  readonly #network: PulledBack;
  readonly #states: readonly string[];
  readonly #pass: Pass;
  readonly #stream: number;
  readonly #rows: number;
  readonly #values: { readonly now: Tensors<Float64Array>; readonly before: Tensors<Float64Array> };
  readonly #errors: Tensors<Float64Array>;

  /** @param rows at most. */
  constructor(pass: Pass, stream: number, rows: number) {
    const { network, shape, activations } = pass;
    const { layerEquations, states } = network;
    const zeros = (names: readonly string[]) =>
      Object.fromEntries(names.map((name) => [name, new Float64Array(rows * shape.H)] as const));
    const quantities = layerEquations.map(({ gives }) => gives);
    // Errors come from the messages alone; what they owe to the output of their own step is among those.
    this.#network = { layerEquations, equations: layerEquations, states };
    this.#states = states;
    this.#pass = pass;
    this.#stream = stream;
    this.#rows = rows;
    this.#values = { now: zeros(quantities.filter((name) => activations[name] !== undefined)), before: zeros(states) };
    this.#errors = zeros(quantities);
  }

  /** Takes the values of time step s. */
  take(s: number): void {
    for (const [name, rows] of Object.entries(this.#values.now)) {
      this.#repeat(name, this.#states.includes(name) ? s + 1 : s, rows);
    }
    for (const [name, rows] of Object.entries(this.#values.before)) this.#repeat(name, s, rows);
  }

  #repeat(name: string, slot: number, rows: Float64Array): void {
    const { H, B } = this.#pass.shape;
    const start = (slot * B + this.#stream) * H;
    const row = this.#pass.activations[name]?.subarray(start, start + H) ?? [];
    for (let at = 0; at < this.#rows * H; at += H) rows.set(row, at);
  }

  /**
   * The errors (rows, H) of every quantity of the step, until the next call.
   * @param messages (rows, H) of each state: those of the step after, which become those of this step.
   */
  pull(addTransposed: AddTransposed, messages: Tensors<Float64Array>): Tensors<Float64Array> {
    const { length } = Object.values(messages)[0];
    const part = (tensors: Tensors<Float64Array>) =>
      Object.fromEntries(Object.entries(tensors).map(([name, rows]) => [name, rows.subarray(0, length)] as const));
    const now = part(this.#errors);
    const step = {
      now: part(this.#values.now),
      before: part(this.#values.before),
      errors: { now, messages },
      B: length / this.#pass.shape.H,
    };
    pullBack(this.#network, addTransposed, step, messages);
    return now;
  }
}

/** Multiplications of one row that goes back through a step: those of the products, of which a network may have none, or else about H. */
export function costOf(weights: Tensors<Float64Array>, H: number): number {
  return Math.max(H, Object.keys(weights).length * H * H);
}

/** The weights of the layers that errors go back through, (H, H) each, transposed so that products read along their rows. */
export function transposedWeights(network: Network, parameters: Parameters, H: number): Tensors<Float64Array> {
  const weights = squareWeights(network);
  return Object.fromEntries(weights.map(({ name }) => [name, transposed(parameters[name], H)] as const));
}
