import { l10n } from '../common/l10n.ts';
import type { RunState } from './run.ts';

/** How the state of a run is called within a sentence. */
export const STATE_TEXTS: Readonly<Record<RunState, string>> = {
  starting: l10n.t('starting'),
  running: l10n.t('running'),
  paused: l10n.t('paused'),
  finished: l10n.t('finished'),
  stopped: l10n.t('stopped'),
  failed: l10n.t('failed'),
};
