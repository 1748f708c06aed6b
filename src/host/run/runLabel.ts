import { l10n } from '../../common/l10n.ts';
import {
  DEFAULT_SETTINGS,
  SETTING_NAMES,
  settingInLists,
  type RunSettings,
  type SettingName,
  unusualNetwork,
} from '../../protocol/settings.ts';
import type { RunSummary } from '../../runs/disk/library.ts';

/** What a run is called. */

/** The name that a person gave, or what sets the run apart. */
export function runLabel({ run, runId }: Pick<RunSummary, 'run' | 'runId'>): string {
  return run === undefined ? runId : (run.name ?? settingsLabel(run.settings));
}

/** They come first, since a narrow side bar cuts off the end. */
const NETWORK: readonly SettingName[] = ['cell', 'layers'];
/** They stand together, before the others. */
const SIZES: readonly SettingName[] = ['hiddenSize', 'sequenceLength', 'batchSize'];

/** The settings that differ from the defaults: "gru cell · H=256 T=64 · lr 0.01". How long a run may be says little of what it is. */
export function settingsLabel(settings: RunSettings): string {
  const different = SETTING_NAMES.filter((name) => name !== 'maxEpochs' && settings[name] !== DEFAULT_SETTINGS[name]);
  const text = (name: SettingName): string => settingInLists(name, settings[name]);
  const sizes = different.filter((name) => SIZES.includes(name)).map(text);
  const others = different.filter((name) => !NETWORK.includes(name) && !SIZES.includes(name)).map(text);
  const parts = [...unusualNetwork(settings), ...(sizes.length > 0 ? [sizes.join(' ')] : []), ...others];
  return parts.length === 0 ? l10n.t('default settings') : parts.join(' · ');
}
