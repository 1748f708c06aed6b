import { parentPort, workerData } from 'node:worker_threads';
import { createKernels } from '../../../src/kernels/create.ts';
import { NETWORK } from '../../tanh.ts';

/** A thread that owns a team of three, of the bundles in the folder given, and says what becomes of two tries at side A. */
const place = { folder: workerData as string, threads: 3 };
const kernels = createKernels(
  'simd',
  { network: NETWORK, shape: { V: 13, H: 21, T: 6, B: 5 }, reduction: 'mean', optimizer: 'sgd' },
  place,
);
parentPort?.postMessage([tried(), tried()]);

function tried(): string {
  try {
    return `L = ${kernels.forward()}`;
  } catch (error) {
    return String(error);
  }
}
