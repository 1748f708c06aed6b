import * as v from 'valibot';
import { MAX_SYMBOLS } from '../common/limits.ts';
import { CELL_NAMES } from '../network/cells.ts';
import { MAX_LAYERS } from '../network/network.ts';
import { OPTIMIZER_NAMES } from '../common/optimizers.ts';

/**
 * A checkpoint as it travels between the training thread and whoever keeps it: all that a run continues from to the bit. What
 * is written to disk, and how, is the business of `runs/`.
 */

const Count = v.pipe(v.number(), v.integer(), v.minValue(0));
/** Of a network. */
export const Layers = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MAX_LAYERS));
/** Float32 of the fast kernels, float64 of the reference. */
export const Tensor = v.union([v.instance(Float32Array), v.instance(Float64Array)]);
export type Tensor = v.InferOutput<typeof Tensor>;

/** Tensors by the names that the network has for them. Whoever takes them up checks that all are there. */
export const Tensors = v.record(v.pipe(v.string(), v.maxLength(100)), Tensor);
export type Tensors = v.InferOutput<typeof Tensors>;

/** A network with its optimizer between two iterations. */
export const NetworkState = v.object({
  /** Iterations done. */
  iteration: Count,
  /** One for each parameter of the network, of its shape. */
  parameters: Tensors,
  /** The optimizer's running quantities by PyTorch's names (`momentum_buffer`, `exp_avg`, …), each as the parameters. */
  moments: v.record(v.string(), Tensors),
  /** Steps that the optimizer has taken. */
  optimizerStep: Count,
  /** (B, H) of each state of the network, as at T−1 of the last window; zeros where the next window starts from zeros. */
  states: Tensors,
  /** Whether the next window goes on from `states`. */
  carriesState: v.boolean(),
  /** Symbols that each stream has read in this pass over the text. */
  position: Count,
  /** Iterations that were done when the last validation began; 0: none. */
  lastValidationAt: Count,
  /** Of the stream that draws sampled text. */
  samplingRandom: v.pipe(v.array(v.pipe(v.number(), v.integer())), v.maxLength(16)),
  /** Time spent on iterations. */
  elapsedMs: v.pipe(v.number(), v.minValue(0)),
});
export type NetworkState = v.InferOutput<typeof NetworkState>;

/** A validation that was under way: it measures the network as it was when it began. */
export const PendingValidation = v.object({
  /** The network as it was, from which a run can continue if this turns out to be the best. */
  network: NetworkState,
  /** Windows measured so far, and the sum of their losses, nats. */
  windows: Count,
  lossSum: v.number(),
  /** (B′, H) of each state, of the validation's own streams: what is carried into its next window. */
  states: Tensors,
});
export type PendingValidation = v.InferOutput<typeof PendingValidation>;

export const Checkpoint = v.object({
  ...NetworkState.entries,
  cell: v.picklist(CELL_NAMES),
  layers: Layers,
  shape: v.object({ V: Count, H: Count, T: Count, B: Count }),
  optimizer: v.picklist(OPTIMIZER_NAMES),
  /** Which kernels computed it: only the same ones continue to the bit. */
  kernels: v.picklist(['reference', 'scalar', 'simd', 'relaxed']),
  /** The best validation so far; null before the first. */
  best: v.nullable(v.object({ iteration: Count, lossNats: v.number() })),
  pendingValidation: v.optional(PendingValidation),
});
export type Checkpoint = v.InferOutput<typeof Checkpoint>;

/** What the symbols of a network's vocabulary are; the index in `codes` is the id. */
export const VocabularyCodes = v.object({
  tokens: v.picklist(['characters', 'bytes']),
  /** Code points or bytes: ascending and distinct. */
  codes: v.pipe(
    v.array(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(0x10ffff))),
    v.maxLength(MAX_SYMBOLS),
  ),
});
export type VocabularyCodes = v.InferOutput<typeof VocabularyCodes>;

/** Why a checkpoint was taken. `best` is the network of the best validation so far, which may be of an earlier iteration than the last one. */
export const CheckpointReason = v.picklist(['interval', 'best', 'pause', 'end', 'request']);
export type CheckpointReason = v.InferOutput<typeof CheckpointReason>;
