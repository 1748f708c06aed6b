import * as v from 'valibot';
import { NETWORK, PARAMETER_NAMES, type ParameterName } from '../network/names.ts';
import { shapeOf } from '../network/network.ts';
import { idTensor, tensor } from './json.ts';

/** The files that `backprop` and `replay` read: weights from elsewhere, so that results can be compared. */

/** Enough for every network that the settings allow, and small enough that no size is a mistake's. */
const MAX_SIZE = 1_000_000;
const Size = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MAX_SIZE));
const Sizes = { V: Size, H: Size, T: Size, B: Size };

type Dimensions = Readonly<Record<'V' | 'H', number>>;

/** The shape of every parameter. */
export function parameterAxes(dimensions: Dimensions): Record<ParameterName, readonly number[]> {
  return Object.fromEntries(NETWORK.parameters.map((parameter) => [parameter.name, shapeOf(parameter, dimensions)]));
}

function parameters(dimensions: Dimensions) {
  const axes = parameterAxes(dimensions);
  const entries = Object.fromEntries(PARAMETER_NAMES.map((name) => [name, tensor(axes[name])]));
  return v.object(entries as Record<ParameterName, ReturnType<typeof tensor>>);
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

/** One forward and backward pass: weights, what is read and asked for (each (B, T)), and the carried-in state (B, H). */
export const Vector = afterSizes(
  v.object({
    cell: v.literal('rnn', ({ received }) => `backprop computes the cell "rnn" only, not ${received}.`),
    ...Sizes,
    reduction: v.picklist(['mean', 'sum']),
  }),
  ({ V, H, T, B }) =>
    v.object({
      inputs: idTensor([B, T], V),
      targets: idTensor([B, T], V),
      a0: tensor([B, H]),
      params: parameters({ V, H }),
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
    ...Sizes,
    optimizer: v.string(),
    learningRate: v.number(),
    clipNorm: v.number(),
    iterations: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(10_000_000)),
    text: v.string(),
    vocabulary: v.array(v.string()),
    constants: v.optional(Constants),
  }),
  ({ V, H }) => v.object({ params: parameters({ V, H }) }),
);
export type Trajectory = v.InferOutput<typeof Trajectory>;
