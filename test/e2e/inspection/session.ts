import { freshSession } from '../support.ts';

/**
 * One window for the tabs Time steps and Memory. Plain vector kernels give the same bits in every process, so that the run, which
 * is small, can be trained again here.
 */
export const SETTINGS = {
  hiddenSize: 48,
  sequenceLength: 20,
  batchSize: 6,
  kernels: 'simd',
  threads: 1,
  maxEpochs: 1_000_000,
} as const;

export const session = freshSession({
  settings: Object.fromEntries(Object.entries(SETTINGS).map(([name, value]) => [`rnnInspector.${name}`, value])),
  size: { width: 1440, height: 1400 },
  motion: true,
});
