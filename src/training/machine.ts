import { availableParallelism, totalmem } from 'node:os';

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

/** The threads of the kernels for a setting of `threads`: 0 leaves one core to everything else. */
export function threadsFor(setting: number, { cores }: Machine): number {
  return setting === 0 ? Math.max(1, cores - 1) : setting;
}
