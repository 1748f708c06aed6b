/** What a Lyapunov exponent means for a window of T steps: one judgement for the health strip and the tab Memory. Pure. */

/** Errors that grow or fade over one window by a factor of e, and of a hundred, in nats. */
const NOTABLE = 1;
const EXPLOSION = Math.log(100);

export type WindowGrowth = 'fade' | 'last' | 'grow' | 'explode';

/** @param lyapunov nats per step back. @returns nats over the T − 1 steps back that a window has. */
export function growthOver(lyapunov: number, T: number): number {
  return lyapunov * (T - 1);
}

/** @param lyapunov nats per step back. */
export function windowGrowth(lyapunov: number, T: number): WindowGrowth {
  const growth = growthOver(lyapunov, T);
  if (growth > EXPLOSION) return 'explode';
  if (growth > NOTABLE) return 'grow';
  return growth < -NOTABLE ? 'fade' : 'last';
}
