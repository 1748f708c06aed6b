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
    decayRate: decay?.ratePerStep ?? null,
    tanhFactor: slope.reduce((sum, factor) => sum + factor, 0) / slope.length,
    lyapunov: memory.lyapunov,
    spectralRadius: spectrum.spectralRadius,
    sigmaMax: spectrum.sigmaMax,
  };
}
