import { lowerRate } from '../history/health/advice.ts';
import { lossFacts } from '../history/health/losses.ts';
import { lossFindings } from '../history/health/rules.ts';
import type { ReadableHistory } from '../history/history.ts';
import type { RunEvent } from '../protocol/events.ts';
import type { RunFacts } from '../protocol/run.ts';
import { SETTINGS, type RunSettings } from '../protocol/settings.ts';
import type { End } from './eventLog.ts';
import { formatIterations } from './format.ts';

/** Events by which the end of a run is judged: nothing reads others of a history here, and they would take memory. */
export function isJudged({ type }: Pick<RunEvent, 'type'>): boolean {
  return type === 'validation' || type === 'vitals';
}

/** What is known of a run when it ends. */
export interface Ending {
  readonly end: End;
  readonly settings: RunSettings;
  readonly facts: RunFacts;
  /** As it was asked for. */
  readonly maxIterations: number | undefined;
  /** The rows, and the events that are judged. */
  readonly history: ReadableHistory;
}

/** Why a run ended, and what is wrong with how it ended: sentences for a person. */
export function endNotes(ending: Ending): string[] {
  return [...whyFinished(ending), ...whatIsWrong(ending)];
}

function whyFinished({ end, settings, facts, maxIterations }: Ending): string[] {
  if (end.reason !== 'finished') return [];
  const { maxEpochs } = settings;
  const { iterationsPerEpoch } = facts;
  if (maxIterations !== undefined && end.iterations >= maxIterations) {
    return [`It had ${formatIterations(maxIterations)} to do (--iterations).`];
  }
  const epochs = `It had ${maxEpochs} of ${maxEpochs} epochs to do (maxEpochs)`;
  if (maxIterations === undefined) return [`${epochs}.`];
  const needed = Math.ceil(maxIterations / iterationsPerEpoch);
  return [`${epochs}; --iterations ${maxIterations} needs --set maxEpochs=${needed}.`];
}

/** As the panel and the report say it, and what to type. */
function whatIsWrong({ settings, facts, history }: Ending): string[] {
  const losses = lossFacts({ facts, history });
  const findings = lossFindings({
    metrics: history,
    losses,
    settings,
    notFinite: undefined,
    baselines: undefined,
    updateToWeight: history.of('vitals').at(-1)?.updateToWeight,
    unit: 'nats',
  });
  const clip = settings.clipNorm === 0 ? ` --set clipNorm=${SETTINGS.clipNorm.default}` : '';
  const wayOut = `Train again with --set learningRate=${lowerRate(settings)}${clip}.`;
  return [...findings.map(({ text }) => `${text}.`), ...(losses.hasDiverged ? [wayOut] : [])];
}
