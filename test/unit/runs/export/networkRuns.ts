import { networkOf, type Network } from '../../../../src/network/network.ts';
import { metricNamesOf, type Inspection } from '../../../../src/protocol/run.ts';
import type { ExportedRun } from '../../../../src/runs/export/exportedRun.ts';
import type { ValidRecord } from '../../../../src/runs/export/validRecords.ts';
import { GRU_NETWORK, LSTM_NETWORK, MINGRU_NETWORK, THREE_LAYERS } from '../../panel/otherNetworks.ts';
import { exported, inspection, rows, T } from './fixtures.ts';

/** Runs of networks of any kind, with numbers that say where they stand. */

export const TANH = networkOf({ cell: 'tanh', layers: 1 });
export const RELU = networkOf({ cell: 'relu', layers: 1 });
export const OTHERS: readonly Network[] = [LSTM_NETWORK, GRU_NETWORK, MINGRU_NETWORK, THREE_LAYERS];
export const POINT = {
  iteration: 1,
  horizonOnePercent: 4,
  horizonOneOverE: 3,
  decayRate: -0.5,
  tanhFactor: 0.75,
  lyapunov: -1,
  spectralRadius: 1.5,
  sigmaMax: 2,
};

/** Of each metric its column's number, and an iteration in front of the point. */
export function rowsOf(network: Network, count: number): ValidRecord {
  const columns = metricNamesOf(network).length;
  return { ...rows(0, 1), rows: Float64Array.from({ length: columns * count }, (_, i) => i % columns) };
}

/** Of each quantity its index and the time step: 3.2 of the fourth one at t = 2. */
export function inspectionOf(network: Network): Inspection {
  const table = (names: readonly string[]) =>
    Float32Array.from({ length: names.length * T }, (_, i) => Math.floor(i / T) + (i % T) / 10);
  return {
    ...inspection(1),
    stepNorm: table(network.stepQuantities),
    stepCosine: table(network.parameterNames).map((value) => value / 100),
  };
}

export function runOf(network: Network): ExportedRun {
  const inspected = { type: 'inspection', value: inspectionOf(network) } as const;
  const records: ValidRecord[] = [rowsOf(network, 2), inspected, { type: 'memoryPoint', value: POINT }];
  return { ...exported([inspected]), network, records: () => records };
}
