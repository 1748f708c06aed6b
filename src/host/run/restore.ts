import { l10n } from '../../common/l10n.ts';
import type { RunDescription, RunStatus } from '../../protocol/panel.ts';
import { isOver, type RunState } from '../../protocol/run.ts';
import type { ReadRun } from '../../runs/reading/runReader.ts';
import type { RestoredRun } from '../session/restoredRun.ts';
import { trustedTextUri, unknownTextUri } from './textUri.ts';

const SAMPLE_LENGTH = 300;

/** A run as its folder has it, without a network. @param trainedBy who owns it, where that is not this window. */
export function restoredRun(
  folder: string,
  { run, history, progress, baselines }: ReadRun,
  trainedBy?: string,
): RestoredRun {
  const description: RunDescription = {
    runId: run.runId,
    folder,
    fileName: run.text?.fileName ?? run.name ?? run.runId,
    settings: run.settings,
    ...(run.facts && { facts: run.facts }),
    ...(run.forkedFrom && { forkedFrom: run.forkedFrom }),
    sampling: run.sampling ?? {
      prompt: '',
      length: SAMPLE_LENGTH,
      temperature: run.settings.temperature,
      topK: 0,
    },
    ...(run.imported && { imported: run.imported }),
  };
  const { epoch, characters, elapsedMs, iterations } = progress;
  const status: RunStatus = {
    state: trainedBy === undefined ? stateAtRest(run.state) : run.state,
    iteration: iterations,
    epoch,
    characters,
    elapsedMs,
    charactersPerSecond: elapsedMs > 0 ? (characters / elapsedMs) * 1000 : 0,
    restored: true,
    ...(run.notFinite && { notFinite: run.notFinite }),
    ...(run.failure !== undefined && { failure: { message: run.failure } }),
    ...(trainedBy !== undefined && { trainedBy }),
    ...(run.source === 'train.py' && {
      networkPlace: l10n.t('in model.safetensors of its folder, for “Import weights…”'),
    }),
  };
  const uri = (run.text && trustedTextUri(run.text.uri)) ?? unknownTextUri(description.fileName);
  const { name } = run;
  return {
    uri,
    name,
    createdMs: Date.parse(run.createdAt),
    description,
    status,
    history,
    ...(baselines && { baselines }),
  };
}

/** Of a run that nobody trains: one that was under way stands still. */
function stateAtRest(state: RunState): RunState {
  return isOver(state) || state === 'paused' ? state : 'stopped';
}
