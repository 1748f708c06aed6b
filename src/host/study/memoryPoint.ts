import type { MemoryPoint } from '../../protocol/events.ts';
import type { Memory, Spectrum } from '../../protocol/study.ts';

/** What stays of a window's memory in the history of its run. */
export function memoryPoint(memory: Memory, spectrum: Spectrum): MemoryPoint {
  const { tanhFactor } = memory;
  return {
    iteration: memory.iteration,
    horizonOnePercent: memory.horizon.onePercent,
    horizonOneOverE: memory.horizon.oneOverE,
    ...(memory.horizons && { horizons: memory.horizons }),
    decayRate: memory.decay?.ratePerStep ?? null,
    tanhFactor: tanhFactor.reduce((sum, factor) => sum + factor, 0) / tanhFactor.length,
    lyapunov: memory.lyapunov,
    spectralRadius: spectrum.spectralRadius,
    sigmaMax: spectrum.sigmaMax,
  };
}
