import type { MemoryPoint } from '../../protocol/events.ts';
import type { Network } from '../../network/network.ts';
import type { Memory, Spectrum } from '../../protocol/study.ts';

/** What stays of a window's memory in the history of its run: the horizon of what lives longest in it. */
export function memoryPoint({ states }: Network, memory: Memory, spectrum: Spectrum): MemoryPoint {
  const { horizon, decay } = memory.reaches[memory.longestLived];
  // A state that no function gives passes its error as it is.
  const slope = memory.units[states[0]]?.slope ?? Float64Array.of(1);
  return {
    iteration: memory.iteration,
    horizonOnePercent: horizon.onePercent,
    horizonOneOverE: horizon.oneOverE,
    ...(states.length > 1 && { horizons: horizonsOf(states, memory) }),
    decayRate: decay?.ratePerStep ?? null,
    tanhFactor: slope.reduce((sum, factor) => sum + factor, 0) / slope.length,
    lyapunov: memory.lyapunov,
    spectralRadius: spectrum.spectralRadius,
    sigmaMax: spectrum.sigmaMax,
  };
}

/** The horizon of every state by its name, which tell what each of several carries. */
function horizonsOf(states: readonly string[], { reaches }: Memory): Record<string, number | null> {
  return Object.fromEntries(states.map((state) => [state, reaches[state].horizon.onePercent]));
}
