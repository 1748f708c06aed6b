import { createReferenceKernels } from '../../../src/kernels/reference.ts';
import { stepAt } from '../../../src/model/stepOfPass.ts';
import { lossDivisor, tensorNamed, type Vector } from '../../../src/model/tensors.ts';
import type { RunSettings } from '../../../src/protocol/settings.ts';
import type { TrainingRun } from '../../../src/training/run.ts';

type Vectors = Readonly<Record<string, Float64Array>>;

/** What one time step of one stream gives, each quantity (H) or (V), by the names of the network. */
export interface ReferenceStep {
  readonly input: number;
  readonly target: number;
  readonly lossNats: number;
  readonly N: number;
  readonly now: Vectors;
  readonly before: Vectors;
  readonly errors: Vectors;
  readonly messages: Vectors;
  /** What comes to the state under the output from the loss of the time step itself, ∂o·W_ao. */
  readonly fromOutput: Float64Array;
}

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

/** The same for Elman's cell. */
export function referenceWindow(run: TrainingRun, settings: RunSettings, stream: number): ReferenceCell[] {
  return referenceSteps(run, settings, stream).map(({ now, before, errors, messages, fromOutput, ...step }) => ({
    ...step,
    aPrevious: before.a,
    h: now.h,
    a: now.a,
    o: now.o,
    yhat: now.yhat,
    dyhat: errors.yhat,
    do: errors.o,
    daOwn: fromOutput,
    da: errors.a,
    dh: errors.h,
    message: messages.a,
  }));
}

/**
 * What the float64 reference computes of a stream for the window that the next iteration of a run reads. The run does that iteration.
 */
export function referenceSteps(run: TrainingRun, settings: RunSettings, stream: number): ReferenceStep[] {
  const { kernels } = run;
  const { shape } = kernels;
  const reference = createReferenceKernels({
    network: kernels.network,
    shape,
    reduction: settings.reduction,
    optimizer: 'sgd',
  });
  const { network } = kernels;
  // The iteration itself changes the parameters, and fills in what it reads and the states that it starts from.
  for (const name of network.parameterNames) reference.parameters[name].set(kernels.parameters[name]);
  run.iterate();
  reference.window.inputs.set(kernels.window.inputs);
  reference.window.targets.set(kernels.window.targets);
  for (const state of network.states) {
    const carriedIn = tensorNamed<Vector>(kernels.activations, state).subarray(0, shape.B * shape.H);
    tensorNamed<Vector>(reference.activations, state).set(carriedIn);
  }
  reference.forward();
  reference.backward();
  const N = lossDivisor(shape, settings.reduction);
  const [{ gives: logits, affine }, { gives: probabilities }] = network.output;
  const [[outputWeight]] = affine;
  const rowsOf = (tensors: Vectors): Vectors =>
    Object.fromEntries(
      Object.entries(tensors).map(([name, rows]) => {
        const size = rows.length / shape.B;
        return [name, rows.slice(stream * size, (stream + 1) * size)];
      }),
    );
  return Array.from({ length: shape.T }, (_, t): ReferenceStep => {
    const step = stepAt(reference, t);
    const [now, errors] = [rowsOf(step.now), rowsOf(step.errors.now)];
    const target = step.y[stream];
    return {
      input: step.x[stream],
      target,
      lossNats: -Math.log(now[probabilities][target]),
      N,
      now,
      before: rowsOf(step.before),
      errors,
      messages: rowsOf(step.errors.messages),
      fromOutput: Float64Array.from({ length: shape.H }, (_unit, j) =>
        errors[logits].reduce((sum, error, k) => sum + error * reference.parameters[outputWeight][k * shape.H + j], 0),
      ),
    };
  });
}
