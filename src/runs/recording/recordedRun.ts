import { unpackEvents } from '../../protocol/eventBatches.ts';
import type { RunEvent } from '../../protocol/events.ts';
import { networkOf } from '../../network/network.ts';
import { metricNamesOf } from '../../protocol/run.ts';
import { isOwnValidation, ownBest, type StoredRun } from '../../protocol/storedRun.ts';
import type { WorkerEvent } from '../../protocol/worker.ts';

/**
 * What an event of training changes of `run.json`.
 * @param now ISO 8601, UTC.
 * @returns the same object where it changes nothing.
 */
export function runAfter(run: StoredRun, event: WorkerEvent, now: () => string): StoredRun {
  switch (event.type) {
    case 'started':
      return { ...run, facts: event.facts, vocabulary: event.vocabulary, iterations: event.iterations };
    case 'state':
      return {
        ...run,
        state: event.state,
        changedAt: now(),
        ...(event.notFinite && { notFinite: event.notFinite }),
      };
    case 'progress':
      return {
        ...run,
        iterations: event.firstIteration + event.rows.length / metricNamesOf(networkOf(run.settings)).length,
        elapsedMs: event.elapsedMs,
      };
    case 'measured':
      return unpackEvents(event.events.filter(({ type }) => type === 'validation')).reduce(withValidation, run);
    case 'ended': {
      const endedAt = now();
      return { ...run, state: event.reason, iterations: event.iterations, changedAt: endedAt, endedAt };
    }
    case 'reading':
    case 'refused':
    case 'captured':
    case 'checkpoint':
    case 'excerpt':
    case 'generated':
      return run;
  }
}

function withValidation(run: StoredRun, event: RunEvent): StoredRun {
  if (event.type !== 'validation') return run;
  const { iteration, lossNats } = event.value;
  const isLowest = Number.isFinite(lossNats) && lossNats < (ownBest(run)?.lossNats ?? Infinity);
  return isLowest && isOwnValidation(run, iteration) ? { ...run, best: { iteration, lossNats } } : run;
}
