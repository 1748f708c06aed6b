import type { RunState } from '../../protocol/run.ts';

/** How a run stands, in a word. */
export const STATE_WORDS: Readonly<Record<RunState, string>> = {
  starting: 'Starting',
  running: 'Running',
  paused: 'Paused',
  finished: 'Finished',
  stopped: 'Stopped',
  failed: 'Failed',
};
