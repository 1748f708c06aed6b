import * as v from 'valibot';
import { CELL_NAMES, type CellName } from '../network/cells.ts';
import { MAX_LAYERS, type Network, networkOf, shapeOf } from '../network/network.ts';
import { idTensor, tensor } from './json.ts';

/** The files that `backprop` and `replay` read: weights from elsewhere, so that results can be compared. */

/** Enough for every network that the settings allow, and small enough that no size is a mistake's. */
const MAX_SIZE = 1_000_000;
const Size = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MAX_SIZE));
const Sizes = { V: Size, H: Size, T: Size, B: Size };

type Dimensions = Readonly<Record<'V' | 'H', number>>;

/** The cell of a file: by its name here, or `rnn`, which is the one of the derivation. */
const TANH = 'tanh';
const NAMES = ['rnn', ...CELL_NAMES] as const;
const Choice = {
  cell: v.pipe(
    v.picklist(NAMES, ({ received }) => `It is ${received}; the cells are ${NAMES.join(', ')}.`),
    v.transform((name): CellName => (name === 'rnn' ? TANH : name)),
  ),
  layers: v.optional(
    v.pipe(
      v.number(),
      v.integer(),
      v.minValue(1),
      v.maxValue(MAX_LAYERS, ({ received }) => `It is ${received}; networks here have up to ${MAX_LAYERS} layers.`),
    ),
    1,
  ),
};

function parameters(network: Network, dimensions: Dimensions) {
  return tensors(network.parameters.map((parameter) => [parameter.name, shapeOf(parameter, dimensions)]));
}

function tensors(shapes: readonly (readonly [name: string, shape: readonly number[]])[]) {
  return v.object(Object.fromEntries(shapes.map(([name, shape]) => [name, tensor(shape)])));
}

/** Reads the sizes first, because the shape of everything else follows from them. */
function afterSizes<S extends v.GenericSchema, Rest extends v.GenericSchema>(
  sizes: S,
  rest: (sizes: v.InferOutput<S>) => Rest,
) {
  return v.pipe(
    v.unknown(),
    v.rawTransform<unknown, v.InferOutput<S> & v.InferOutput<Rest>>(({ dataset, addIssue, NEVER }) => {
      const report = (issue: v.BaseIssue<unknown>) =>
        addIssue({ message: issue.message, ...(issue.path && { path: issue.path }) });
      const known = v.safeParse(sizes, dataset.value);
      if (!known.success) {
        report(known.issues[0]);
        return NEVER;
      }
      const others = v.safeParse(rest(known.output), dataset.value);
      if (!others.success) {
        report(others.issues[0]);
        return NEVER;
      }
      return Object.assign({}, known.output, others.output);
    }),
  );
}

/** One forward and backward pass: weights, what is read and asked for (each (B, T)), and each state as it is carried in, (B, H). */
export const Vector = v.pipe(
  afterSizes(v.object({ ...Choice, ...Sizes, reduction: v.picklist(['mean', 'sum']) }), (choice) => {
    const { V, H, T, B } = choice;
    const network = networkOf(choice);
    return v.object({
      inputs: idTensor([B, T], V),
      targets: idTensor([B, T], V),
      // Of a network with one state it may stand by itself.
      a0: v.optional(tensor([B, H])),
      states: v.optional(tensors(network.states.map((state) => [state, [B, H]]))),
      params: parameters(network, { V, H }),
    });
  }),
  v.rawTransform(({ dataset: { value }, addIssue, NEVER }) => {
    const { a0, states = a0 && { a: a0 }, ...rest } = value;
    if (states !== undefined) return { ...rest, states };
    addIssue({ message: 'There are neither states nor a0, the state that is carried in.' });
    return NEVER;
  }),
);
export type Vector = v.InferOutput<typeof Vector>;

/** The optimizers' constants; a trajectory that was made with others cannot be replayed. */
const Constants = v.object({
  momentum: v.literal(0.9),
  adagrad: v.object({ eps: v.literal(1e-8) }),
  rmsprop: v.object({ alpha: v.literal(0.95), eps: v.literal(1e-8) }),
  adam: v.object({ beta1: v.literal(0.9), beta2: v.literal(0.999), eps: v.literal(1e-8) }),
});

/** A whole run: text, weights at the start and settings. `parseSettings` checks the ranges of the settings. */
export const Trajectory = afterSizes(
  v.object({
    cell: v.optional(Choice.cell, 'rnn'),
    layers: Choice.layers,
    ...Sizes,
    optimizer: v.string(),
    learningRate: v.number(),
    clipNorm: v.number(),
    iterations: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(10_000_000)),
    text: v.string(),
    vocabulary: v.array(v.string()),
    constants: v.optional(Constants),
  }),
  (choice) => v.object({ params: parameters(networkOf(choice), choice) }),
);
export type Trajectory = v.InferOutput<typeof Trajectory>;
