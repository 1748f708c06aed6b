import { availableParallelism, totalmem } from 'node:os';
import type { Shape } from '../model/tensors.ts';

/** What a run may use of the machine that it is on. */
export interface Machine {
  /** Bytes of memory; in a container, what the container may use where that is less. */
  readonly memoryBytes: number;
  readonly cores: number;
  /** The folder of the bundles, where the kernels are. */
  readonly folder: string;
}

export function thisMachine(folder: string): Machine {
  // 0 says that the process is not constrained, or that nobody knows.
  const constraintBytes = process.constrainedMemory();
  return {
    memoryBytes: constraintBytes > 0 ? Math.min(totalmem(), constraintBytes) : totalmem(),
    cores: availableParallelism(),
    folder,
  };
}

/** Floating-point operations of an iteration, about 2 ms of one thread, under which a further thread costs more than it brings. */
const OPERATIONS_PER_THREAD = 1e8;

/**
 * The threads of the kernels for a setting of `threads`. 0 leaves one core to everything else, and takes no more threads
 * than there are streams, and than the work of an iteration is worth.
 */
export function threadsFor(setting: number, { V, H, T, B }: Shape, { cores }: Machine): number {
  if (setting > 0) return setting;
  const operations = T * B * (6 * H * H + 6 * H * V);
  return Math.max(1, Math.min(cores - 1, B, Math.floor(operations / OPERATIONS_PER_THREAD)));
}
