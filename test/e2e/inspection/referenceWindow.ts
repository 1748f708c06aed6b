import { createReferenceKernels } from '../../../src/kernels/reference.ts';
import { elmanStepAt } from '../../unit/model/elmanStep.ts';
import { lossDivisor, tensorNamed, type Vector } from '../../../src/model/tensors.ts';
import type { RunSettings } from '../../../src/protocol/settings.ts';
import type { TrainingRun } from '../../../src/training/run.ts';
import { PARAMETER_NAMES } from '../../tanh.ts';

/** Every quantity of one time step of one stream, each (H) or (V), named as in MATH.md. */
export interface ReferenceCell {
  readonly input: number;
  readonly target: number;
  readonly lossNats: number;
  readonly N: number;
  readonly aPrevious: Float64Array;
  readonly h: Float64Array;
  readonly a: Float64Array;
  readonly o: Float64Array;
  readonly yhat: Float64Array;
  readonly dyhat: Float64Array;
  readonly do: Float64Array;
  /** What of `da` comes from the loss of the time step itself, ∂o·W_ao: a difference could be lost in the rounding of `da`. */
  readonly daOwn: Float64Array;
  readonly da: Float64Array;
  readonly dh: Float64Array;
  readonly message: Float64Array;
}

/**
 * What the float64 reference computes of a stream for the window that the next iteration of a run reads. The run does that iteration.
 */
export function referenceWindow(run: TrainingRun, settings: RunSettings, stream: number): ReferenceCell[] {
  const { kernels } = run;
  const { shape } = kernels;
  const reference = createReferenceKernels({
    network: kernels.network,
    shape,
    reduction: settings.reduction,
    optimizer: 'sgd',
  });
  // The iteration itself changes the parameters, and fills in what it reads and the state that it starts from.
  for (const name of PARAMETER_NAMES) reference.parameters[name].set(kernels.parameters[name]);
  run.iterate();
  reference.window.inputs.set(kernels.window.inputs);
  reference.window.targets.set(kernels.window.targets);
  tensorNamed<Vector>(reference.activations, 'a').set(
    tensorNamed<Vector>(kernels.activations, 'a').subarray(0, shape.B * shape.H),
  );
  reference.forward();
  reference.backward();
  const N = lossDivisor(shape, settings.reduction);
  return Array.from({ length: shape.T }, (_, t): ReferenceCell => {
    const cell = elmanStepAt(reference, t);
    const row = (rows: Float64Array): Float64Array => {
      const size = rows.length / shape.B;
      return rows.slice(stream * size, (stream + 1) * size);
    };
    const yhat = row(cell.yhat);
    const target = cell.y[stream];
    const dO = row(cell.do);
    return {
      input: cell.x[stream],
      target,
      lossNats: -Math.log(yhat[target]),
      N,
      aPrevious: row(cell.aPrevious),
      h: row(cell.h),
      a: row(cell.a),
      o: row(cell.o),
      yhat,
      dyhat: row(cell.dyhat),
      do: dO,
      daOwn: Float64Array.from({ length: shape.H }, (_unit, j) =>
        dO.reduce((sum, error, k) => sum + error * reference.parameters.W_ao[k * shape.H + j], 0),
      ),
      da: row(cell.da),
      dh: row(cell.dh),
      message: row(cell.message),
    };
  });
}
