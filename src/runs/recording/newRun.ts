import { type Imported, withFirstLoss } from '../../protocol/imported.ts';
import type { StoredRun, StoredText } from '../../protocol/storedRun.ts';
import type { WorkerEvent } from '../../protocol/worker.ts';

/** What `run.json` says of a run that begins, besides what training has told. */
export interface BeginningRun extends Pick<
  StoredRun,
  'runId' | 'settings' | 'versions' | 'state' | 'elapsedMs' | 'name' | 'sampling' | 'settingChanges' | 'forkedFrom'
> {
  readonly maxIterations: number | undefined;
  readonly text: Pick<StoredText, 'uri' | 'fileName' | 'encoding'>;
  /** Of a network from elsewhere, before it is known how it does on the text. */
  readonly imported?: Imported | undefined;
}

/** The `run.json` of a run whose text was just read. */
export function newStoredRun(
  { maxIterations, text, imported, ...run }: BeginningRun,
  started: Extract<WorkerEvent, { type: 'started' }>,
): StoredRun {
  const now = new Date().toISOString();
  return {
    ...run,
    format: 'rnn-gradient-inspector-run',
    version: 1,
    isPinned: false,
    source: 'inspector',
    ...(maxIterations !== undefined && { maxIterations }),
    text: { ...text, ...started.text, isKept: false },
    vocabulary: started.vocabulary,
    facts: started.facts,
    ...(imported && { imported: withFirstLoss(imported, started) }),
    createdAt: now,
    changedAt: now,
    iterations: started.iterations,
  };
}
