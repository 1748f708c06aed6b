import { NETWORK, PARAMETER_NAMES, type ParameterName } from '../network/names.ts';
import { influence } from '../inspection/influence.ts';
import { measureSteps } from '../inspection/steps.ts';
import { createKernels } from '../kernels/create.ts';
import type { Kernels } from '../kernels/kernels.ts';
import { messageName } from '../model/tensors.ts';
import type { FileCommand } from './arguments.ts';
import { nested, readJson, type Nested } from './json.ts';
import { parameterAxes, Vector } from './vectors.ts';

/**
 * What is computed from a vector, in the layout of its `expected`: arrays over time are [T][B][…].
 * @param folder of the bundles.
 */
export async function backprop(command: FileCommand, folder: string): Promise<unknown> {
  const vector = await readJson(command.file, Vector);
  const { reduction } = vector;
  const request = { network: NETWORK, shape: vector, reduction, optimizer: 'sgd' } as const;
  const kernels = createKernels(command.kernels, request, { folder, threads: 1 });
  load(kernels, vector);
  const loss = kernels.forward();
  kernels.backward();
  const { V, H, T, B } = vector;
  const { activations, deltas, gradients, parameters } = kernels;
  const { stepNorm, stepCosine } = measureSteps(kernels, { cosines: true });
  const ofStream0 = influence(kernels, parameters, 0);
  return {
    loss,
    stepLoss: Array.from(activations.stepLoss),
    forward: {
      ...nestedWhere({ h: activations.h }, [T, B, H]),
      // Slot 0 of `a` holds the carried-in state.
      a: nested(activations.a, [T, B, H], B * H),
      ...nestedWhere({ o: activations.o, yhat: activations.yhat }, [T, B, V]),
    },
    backward: {
      ...nestedWhere({ dyhat: deltas.dyhat, do: deltas.do }, [T, B, V]),
      ...nestedWhere({ da: deltas.da, dh: deltas.dh }, [T, B, H]),
      // ∂a(−1) is what step 11 passes on from t = 0.
      ...nestedWhere({ da0: deltas[messageName('a')]?.subarray(0, B * H) }, [B, H]),
    },
    stepNorm: byParameter((_, p) => nested(stepNorm, [T], p * T)),
    stepCosine: byParameter((_, p) => nested(stepCosine, [T], p * T)),
    grad: byParameter((name) => nested(gradients[name], parameterAxes(vector)[name])),
    gradNorm: kernels.gradientNorms().byParameter,
    influence: { h: nested(ofStream0.h, [T, T]), a: nested(ofStream0.a, [T, T]) },
  };
}

/** Sets weights, carried-in state and window; a vector has the window with the streams first, kernels have time first. */
function load(kernels: Kernels, { T, B, params, a0, inputs, targets }: Vector): void {
  for (const name of PARAMETER_NAMES) kernels.parameters[name].set(params[name]);
  kernels.activations.a.set(a0);
  for (let t = 0; t < T; t++) {
    for (let b = 0; b < B; b++) {
      kernels.window.inputs[t * B + b] = inputs[b * T + t];
      kernels.window.targets[t * B + b] = targets[b * T + t];
    }
  }
}

/** The tensors that the kernels compute; those that fused kernels leave out are left out. */
function nestedWhere(
  tensors: Readonly<Record<string, ArrayLike<number> | undefined>>,
  sizes: readonly number[],
): Record<string, Nested> {
  const computed = Object.entries(tensors).flatMap(([name, flat]) =>
    flat === undefined ? [] : [[name, nested(flat, sizes)] as const],
  );
  return Object.fromEntries(computed);
}

function byParameter<T>(value: (name: ParameterName, index: number) => T): Record<string, T> {
  return Object.fromEntries(PARAMETER_NAMES.map((name, index) => [name, value(name, index)]));
}
