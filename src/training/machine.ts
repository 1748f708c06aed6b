import { totalmem } from 'node:os';

/** Bytes of memory that the machine has; in a container, what the container may use where that is less. */
export function machineMemoryBytes(): number {
  // 0 says that the process is not constrained, or that nobody knows.
  const constraintBytes = process.constrainedMemory();
  return constraintBytes > 0 ? Math.min(totalmem(), constraintBytes) : totalmem();
}
