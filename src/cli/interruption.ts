/** Ctrl-C under npm reaches the program twice within moments: from the terminal, and passed on by npm. */
const ONE_PRESS_MS = 500;
/** The last one comes where the terminal is closed. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

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
  for (const signal of SIGNALS) process.on(signal, handle);
  return () => {
    for (const signal of SIGNALS) process.off(signal, handle);
  };
}
