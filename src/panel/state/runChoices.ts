import type { RunStatus } from '../../protocol/panel.ts';
import type { SampleOptions } from '../../protocol/run.ts';
import { WHOLE_RUN } from './iterationView.ts';
import type { RunChoices } from './uiState.ts';

/** What is chosen of a run that is met for the first time. */
export function choicesFor(runId: string, { prompt, temperature, length }: Omit<SampleOptions, 'topK'>): RunChoices {
  const study = {
    stream: 0,
    step: null,
    backwardStep: 1,
    matrix: null,
    weight: null,
    reading: null,
    heldScale: null,
    unit: null,
    pins: [],
    tour: null,
  };
  const told = { prompt, temperature };
  return { runId, view: WHOLE_RUN, lookback: null, prompt, temperature, length, told, ...study };
}

/** The options of a text that is asked for. */
export function samplingOf({ prompt, temperature, length }: RunChoices): SampleOptions {
  return { prompt, temperature, length, topK: 0 };
}

/** Whether the host has been told these options already. */
export function isTold(
  { told }: RunChoices,
  { prompt, temperature }: Pick<SampleOptions, 'prompt' | 'temperature'>,
): boolean {
  return told?.prompt === prompt && told.temperature === temperature;
}

/** Whether the host keeps the sampling options of a run: of one that trains in its window, or can go on there. */
export function keepsSampling({ trainedBy, resumable, restored }: RunStatus): boolean {
  return trainedBy === undefined && (resumable !== undefined || !restored);
}
