import { freshSession } from '../support.ts';
import { ofExtension, trainsAgain } from './trainsAgain.ts';

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
  settings: ofExtension(SETTINGS),
  size: { width: 1440, height: 1400 },
  motion: true,
});

/**
 * The window's run once more in this process, without any of the panel's way to it: its text, settings and seed fix it to the bit.
 *
 * @param iterations that it has done when it is returned: not fewer than the last time.
 */
export const trainedAgain = trainsAgain(SETTINGS);
