import { healthOf, type Health } from '../../../../src/history/health/health.ts';
import type { SignSource } from '../../../../src/history/health/sign.ts';
import { RunHistory } from '../../../../src/history/history.ts';
import type { RunFacts } from '../../../../src/protocol/run.ts';
import { parseSettings, type RunSettings } from '../../../../src/protocol/settings.ts';
import type { Baselines } from '../../../../src/protocol/study.ts';
import { FACTS } from '../../panel/fixtures.ts';
import { METRIC_NAMES, NETWORK } from '../../../tanh.ts';

/** Sixty-five symbols, as the plays of Shakespeare have: ln V is 4.174. */
export const SYMBOLS = 65;
export const LN_V = Math.log(SYMBOLS);

export type Law = (iteration: number) => number;

/** A run whose loss, and norm of the gradient, follow laws. */
export function historyOf(iterations: number, loss: Law, norm: Law = () => 1): RunHistory {
  const history = new RunHistory(NETWORK);
  const rows = new Float64Array(iterations * METRIC_NAMES.length).fill(1);
  for (let i = 0; i < iterations; i++) rows.set([loss(i), norm(i)], i * METRIC_NAMES.length);
  history.metrics.addRows(rows);
  return history;
}

export function sourceOf(
  history: RunHistory,
  settings: Partial<RunSettings> = {},
  facts: Partial<RunFacts> = {},
): SignSource {
  const vocabulary = Array.from({ length: SYMBOLS }, (_, id) => String.fromCodePoint(0x4e00 + id));
  return { history, description: { settings: parseSettings(settings), facts: { ...FACTS, vocabulary, ...facts } } };
}

export function healthOfSeries(
  history: RunHistory,
  settings: Partial<RunSettings> = {},
  baselines?: Baselines,
): Health {
  return healthOf(sourceOf(history, settings), baselines, 'nats');
}

/** As many measurements as there are, of a run that is well in every other way. */
export function measured(history: RunHistory, validationNats: Law): RunHistory {
  const { iterations } = history;
  for (let at = 50; at <= iterations; at += 50) {
    history.add({ type: 'validation', value: { iteration: at, lossNats: validationNats(at), characters: 1000 } });
    history.add({ type: 'vitals', value: { iteration: at - 1, updateToWeight: 1e-3, saturation: 0.1 } });
    history.add({
      type: 'memoryPoint',
      value: {
        iteration: at - 1,
        horizonOnePercent: 20,
        horizonOneOverE: 5,
        decayRate: -0.2,
        tanhFactor: 0.7,
        lyapunov: -0.1,
        spectralRadius: 1.1,
        sigmaMax: 2,
      },
    });
  }
  return history;
}

/** The signs that are shown in green. */
export function greenSigns({ signs }: Health): string[] {
  return signs.filter(({ condition }) => condition === 'ok').map(({ id }) => id);
}
