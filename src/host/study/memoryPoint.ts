import type { MemoryPoint } from '../../protocol/events.ts';
import type { Network } from '../../network/network.ts';
import { comparedReaches } from '../../network/reach.ts';
import { saturationOf } from '../../network/slopes.ts';
import type { Memory, Spectrum } from '../../protocol/study.ts';

/** What stays of a window's memory in the history of its run: the horizon of what lives longest in it. */
export function memoryPoint(network: Network, memory: Memory, spectrum: Spectrum): MemoryPoint {
  const { horizon, decay } = memory.reaches[memory.longestLived];
  const slopes = saturationOf(network).functions.flatMap(({ gives }) => [...memory.units[gives].slope]);
  const compared = comparedReaches(network);
  const hasSpectrum = spectrum.name !== null;
  return {
    iteration: memory.iteration,
    horizonOnePercent: horizon.onePercent,
    horizonOneOverE: horizon.oneOverE,
    ...(compared.length > 1 && { horizons: horizonsOf(compared, memory), longestLived: memory.longestLived }),
    decayRate: decay?.ratePerStep ?? null,
    tanhFactor: slopes.reduce((sum, factor) => sum + factor, 0) / slopes.length,
    lyapunov: memory.lyapunov,
    spectralRadius: hasSpectrum ? spectrum.spectralRadius : null,
    sigmaMax: hasSpectrum ? spectrum.sigmaMax : null,
  };
}

/** The horizon of every state, or of what stands for it, by its name: they tell what each of several carries. */
function horizonsOf(names: readonly string[], { reaches }: Memory): Record<string, number | null> {
  return Object.fromEntries(names.map((name) => [name, reaches[name].horizon.onePercent]));
}
