import * as v from 'valibot';
import { tensorNamed, type Vector } from '../../../src/model/tensors.ts';
import type { Kernels } from '../../../src/kernels/kernels.ts';
import { type Capture, Tape } from '../../../src/protocol/study.ts';
import { finish } from '../../../src/common/work.ts';
import type { Network } from '../../../src/network/network.ts';
import { WindowStudy } from '../../../src/study/windowStudy.ts';
import { loadKernels } from '../kernels/built.ts';
import { kernelsOfCell, type CellVector } from '../model/vectors.ts';

/** Where the streams of a captured window are in the text, in the tests. */
export function positionOf(stream: number): number {
  return 1000 * stream + 17;
}

/** An optimizer without moments, before its first step, and without clipping. */
export const PLAIN_DESCENT: Capture['optimizer'] = {
  name: 'sgd',
  learningRate: 0.1,
  clipNorm: 0,
  step: 0,
  moments: new Float32Array(0),
};

/** What a network is about to compute, as the training thread captures it. */
export function captureOf(kernels: Kernels, iteration = 0): Capture {
  const { network, shape, reduction, parameters, window, activations } = kernels;
  return {
    iteration,
    cell: network.cell,
    layers: network.layers,
    shape: { ...shape },
    reduction,
    parameters: Float32Array.from(network.parameterNames.flatMap((name) => [...parameters[name]])),
    states: Float32Array.from(
      network.states.flatMap((state) => [...tensorNamed<Vector>(activations, state).subarray(0, shape.B * shape.H)]),
    ),
    inputs: Int32Array.from(window.inputs),
    targets: Int32Array.from(window.targets),
    positions: Float64Array.from({ length: shape.B }, (_, b) => positionOf(b)),
    optimizer: PLAIN_DESCENT,
  };
}

export function windowStudyOf(...captures: Capture[]): WindowStudy {
  const windowStudy = new WindowStudy();
  captures.forEach((capture) => windowStudy.take(capture));
  return windowStudy;
}

/** The tape of a stream of the vector of a cell, with the cell's network. */
export function tapeOfCell(vector: CellVector, stream: number): { readonly network: Network; readonly tape: Tape } {
  const kernels = kernelsOfCell(loadKernels('reference'), vector);
  const { network } = kernels;
  const windowStudy = windowStudyOf(captureOf(kernels, 3));
  return { network, tape: v.parse(Tape, finish(windowStudy.tape({ iteration: 3, stream }))) };
}
