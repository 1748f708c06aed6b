/** Ctrl-C under npm reaches the program twice within moments: from the terminal, and passed on by npm. */
const ONE_PRESS_MS = 500;

/**
 * Calls `interrupt` at the first signal to end, `exit` at the second one. Nothing else ends the process at these signals
 * until the function returned is called.
 */
export function onInterruption(interrupt: () => void, exit: () => void, nowMs: () => number): () => void {
  let firstAtMs: number | undefined;
  const handle = () => {
    if (firstAtMs === undefined) {
      firstAtMs = nowMs();
      interrupt();
    } else if (nowMs() - firstAtMs > ONE_PRESS_MS) {
      exit();
    }
  };
  process.on('SIGINT', handle).on('SIGTERM', handle);
  return () => void process.off('SIGINT', handle).off('SIGTERM', handle);
}
