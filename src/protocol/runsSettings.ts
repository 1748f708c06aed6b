import { l10n } from '../common/l10n.ts';
import { checkedValue, choice, type Setting, type SettingValue } from './setting.ts';

/** The settings `rnnInspector.runs.*`: how runs are kept. */
export const RUNS_SETTINGS = {
  location: choice(
    'extension',
    {
      extension: "In the extension's storage on this machine, which all windows share.",
      workspace:
        "In the folder .rnn-runs of the file's workspace folder, with a .gitignore of its own. Runs on files outside of every workspace folder are kept in the extension's storage.",
    },
    'Where new runs are kept.',
  ),
  checkpointSeconds: {
    type: 'integer',
    default: 30,
    minimum: 1,
    maximum: 3600,
    description:
      'Seconds of training between two checkpoints: at most so much is lost in a crash. There is one besides at each best validation loss, and when a run pauses or ends.',
  },
  maxSizeMB: {
    type: 'integer',
    default: 2048,
    minimum: 1,
    maximum: 1_000_000,
    description:
      'Megabytes that all runs in one place may take together. Beyond, the runs that have not changed for longest go to the trash for an hour, with a message and Undo, but none that is pinned or in use.',
    // A workspace that could set it could have the runs of all others removed.
    scope: 'machine',
  },
  keepTextMB: {
    type: 'integer',
    default: 16,
    minimum: 0,
    maximum: 1_000_000,
    description:
      "Texts of up to so many megabytes are copied into the run's folder, so that the run can go on when the file has changed. 0: never.",
  },
  metricsMB: {
    type: 'integer',
    default: 50,
    minimum: 10,
    maximum: 1_000_000,
    description:
      'Megabytes of numbers that a run keeps whole, a row an iteration. Beyond, older iterations are put together: their mean, least and greatest values stay, over the more iterations the older they are, and of the step norms some evenly over the run. A run of any length then takes less than twice as much, besides its checkpoints and its text.',
    // A workspace that could set it could fill the disk.
    scope: 'machine',
  },
} as const satisfies Record<string, Setting>;

export type RunsSettingName = keyof typeof RUNS_SETTINGS;
export const RUNS_SETTING_NAMES = Object.keys(RUNS_SETTINGS) as RunsSettingName[];

export const DEFAULT_METRICS_BYTES = RUNS_SETTINGS.metricsMB.default * 2 ** 20;

export interface RunsSettings {
  readonly location: SettingValue<typeof RUNS_SETTINGS.location>;
  /** Between two checkpoints. */
  readonly checkpointSeconds: number;
  /** Of all runs that are kept in one place. */
  readonly maxBytes: number;
  /** Up to this size the text is copied into the run's folder; 0: never. */
  readonly keepTextBytes: number;
  /** Of the numbers of a run, up to which every iteration is kept whole. */
  readonly metricsBytes: number;
}

/**
 * From values of unknown origin; undefined stands for the default.
 * @throws {InputError} naming the setting, the value and what is allowed.
 */
export function parseRunsSettings(values: Readonly<Partial<Record<RunsSettingName, unknown>>>): RunsSettings {
  const parsed = <N extends RunsSettingName>(name: N): SettingValue<(typeof RUNS_SETTINGS)[N]> => {
    const setting = RUNS_SETTINGS[name];
    return checkedValue(
      l10n.t('The setting {name}', { name: `rnnInspector.runs.${name}` }),
      setting,
      values[name] ?? setting.default,
    );
  };
  return {
    location: parsed('location'),
    checkpointSeconds: parsed('checkpointSeconds'),
    maxBytes: parsed('maxSizeMB') * 2 ** 20,
    keepTextBytes: parsed('keepTextMB') * 2 ** 20,
    metricsBytes: parsed('metricsMB') * 2 ** 20,
  };
}
