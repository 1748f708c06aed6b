import { ACTIVATIONS } from '../model/activations.ts';
import { addProduct } from '../model/products.ts';
import { tensorNamed, type Parameters, type Shape, type Tensors } from '../model/tensors.ts';
import { readRef, type Activation, type Ref } from '../network/description.ts';
import { errorName, type Network } from '../network/network.ts';
import type { LayerProgram, Place, ProductUse, RowOperation, Stage } from './program/program.ts';

/** A part of time step t, on whole batches of rows. */
export type Task = (t: number) => void;

/** The tensors of a pass, cut into time steps once. */
export class Slots {
  readonly H: number;
  readonly #network: Network;
  readonly #shape: Shape;
  readonly #tensors: { readonly value: Tensors<Float32Array>; readonly error: Tensors<Float32Array> };

  constructor(network: Network, shape: Shape, values: Tensors<Float32Array>, errors: Tensors<Float32Array>) {
    this.H = shape.H;
    this.#network = network;
    this.#shape = shape;
    this.#tensors = { value: values, error: errors };
  }

  /** (B, H) of time step t; of the error of the step before the first one, nothing. */
  at(place: Place, t: number): Float32Array {
    const size = this.#stepSize(place);
    const slot = t + this.#shift(place);
    return this.#tensor(place).subarray(Math.max(0, slot * size), Math.max(0, (slot + 1) * size));
  }

  /** (B, H) of every time step. */
  steps(place: Place): readonly Float32Array[] {
    return Array.from({ length: this.#shape.T }, (_, t) => this.at(place, t));
  }

  /** (T·B, H) of all time steps. */
  all(place: Place): Float32Array {
    const [start, size] = [this.#shift(place), this.#stepSize(place)];
    return this.#tensor(place).subarray(start * size, (start + this.#shape.T) * size);
  }

  /** Of something that a weight multiplies, and that is stored. */
  placeOf(ref: Ref): Place {
    const { name, isBefore } = readRef(ref);
    return { side: 'value', of: name, isBefore };
  }

  /** Slots by which a time step is shifted: a state has one more, for what is carried in. */
  #shift({ side, of, isBefore }: Place): number {
    return (side === 'value' && this.#network.states.includes(of) ? 1 : 0) - (isBefore ? 1 : 0);
  }

  #tensor({ side, of }: Place): Float32Array {
    return tensorNamed(this.#tensors[side], side === 'error' ? errorName(of) : of);
  }

  #stepSize({ of }: Place): number {
    const [logits, probabilities] = this.#network.output;
    const { V, H, B } = this.#shape;
    return B * (of === logits.gives || of === probabilities.gives ? V : H);
  }
}

/** Side A of a time step, where the pre-activations hold the bias and what does not depend on the time steps already. */
export function forwardTasks({ forward }: LayerProgram, slots: Slots, parameters: Parameters<Float32Array>): Task[] {
  return tasksOf(forward, slots, ({ product }) => {
    const [v, to] = [slots.steps(product.v), slots.steps(product.to)];
    const W = parameters[product.weight.name];
    return (t) => addProduct(v[t], W, slots.H, to[t]);
  });
}

/** Side B of a time step, from the errors of what the layer gives on. */
export function backwardTasks({ backward }: LayerProgram, slots: Slots, transposed: Tensors<Float32Array>): Task[] {
  return tasksOf(backward, slots, ({ product, adds }) => {
    const [u, to] = [slots.steps(product.u), slots.steps(product.errorOfV)];
    const W = transposed[product.weight.name];
    return (t) => {
      if (!adds) to[t].fill(0);
      addProduct(u[t], W, slots.H, to[t]);
    };
  });
}

function tasksOf(stages: readonly Stage[], slots: Slots, ofProduct: (use: ProductUse) => Task): Task[] {
  return stages.flatMap((stage): Task[] => {
    if (stage.kind === 'rows') return stage.operations.flatMap((operation) => taskOf(operation, slots));
    const tasks = stage.products.map(ofProduct);
    return stage.isBefore ? tasks.map(unlessFirst) : tasks;
  });
}

/** Nothing goes to the step before the first one. */
function unlessFirst(task: Task): Task {
  return (t) => {
    if (t > 0) task(t);
  };
}

function taskOf(operation: RowOperation, slots: Slots): Task[] {
  const to = slots.steps(operation.to);
  switch (operation.kind) {
    case 'affine':
      return [];
    case 'apply': {
      const from = slots.steps(operation.from);
      return [(t) => apply(operation.apply, from[t], to[t])];
    }
    case 'slope': {
      const [gave, error] = [slots.steps(operation.gave), slots.steps(operation.error)];
      return [(t) => throughSlope(operation.apply, gave[t], error[t], to[t], operation.adds)];
    }
    case 'multiply':
      return [
        operation.to.isBefore
          ? unlessFirst(multiplication(operation, to, slots))
          : multiplication(operation, to, slots),
      ];
    default:
      return operation satisfies never;
  }
}

function apply(activation: Activation, from: Float32Array, to: Float32Array): void {
  const { of } = ACTIVATIONS[activation];
  for (let i = 0; i < to.length; i++) to[i] = of(from[i]);
}

function throughSlope(
  activation: Activation,
  gave: Float32Array,
  error: Float32Array,
  to: Float32Array,
  adds: boolean,
): void {
  const { slope } = ACTIVATIONS[activation];
  if (adds) for (let i = 0; i < to.length; i++) to[i] += slope(gave[i]) * error[i];
  else for (let i = 0; i < to.length; i++) to[i] = slope(gave[i]) * error[i];
}

function multiplication(
  { factors, isNegative, adds }: Extract<RowOperation, { kind: 'multiply' }>,
  to: readonly Float32Array[],
  slots: Slots,
): Task {
  const sign = isNegative ? -1 : 1;
  const [first, second] = factors.map(({ place, isLeft }) => ({ steps: slots.steps(place), isLeft }));
  return (t) => {
    const into = to[t];
    const x = first.steps[t];
    const y = second?.steps[t];
    for (let i = 0; i < into.length; i++) {
      const factor = first.isLeft ? 1 - x[i] : x[i];
      const other = y === undefined ? sign : sign * (second.isLeft ? 1 - y[i] : y[i]);
      into[i] = adds ? into[i] + factor * other : factor * other;
    }
  };
}
