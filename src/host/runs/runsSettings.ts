import { InputError } from '../../common/inputError.ts';

/** The settings `rnnInspector.runs.*`, held equal to the manifest by a test. */

interface NumberSetting {
  readonly default: number;
  readonly minimum: number;
  readonly maximum: number;
}

export const RUN_LOCATIONS = ['extension', 'workspace'] as const;
export type RunLocation = (typeof RUN_LOCATIONS)[number];
export const DEFAULT_LOCATION: RunLocation = 'extension';

export const RUNS_NUMBERS = {
  checkpointSeconds: { default: 30, minimum: 1, maximum: 3600 },
  maxSizeMB: { default: 2048, minimum: 1, maximum: 1_000_000 },
  keepTextMB: { default: 16, minimum: 0, maximum: 1_000_000 },
} as const satisfies Record<string, NumberSetting>;

export const RUNS_SETTING_NAMES = ['location', 'checkpointSeconds', 'maxSizeMB', 'keepTextMB'] as const;
export type RunsSettingName = (typeof RUNS_SETTING_NAMES)[number];

export interface RunsSettings {
  readonly location: RunLocation;
  /** Between two checkpoints. */
  readonly checkpointSeconds: number;
  /** Of all runs that are kept in one place. */
  readonly maxBytes: number;
  /** Up to this size the text is copied into the run's folder; 0: never. */
  readonly keepTextBytes: number;
}

/**
 * From values of unknown origin; undefined stands for the default.
 * @throws {InputError} naming the setting, the value and what is allowed.
 */
export function parseRunsSettings(values: Readonly<Partial<Record<RunsSettingName, unknown>>>): RunsSettings {
  const number = (name: keyof typeof RUNS_NUMBERS): number => {
    const { default: byDefault, minimum, maximum } = RUNS_NUMBERS[name];
    const value = values[name] ?? byDefault;
    if (typeof value === 'number' && Number.isInteger(value) && value >= minimum && value <= maximum) return value;
    throw refusal(name, value, `a whole number from ${minimum} to ${maximum}`);
  };
  const location = values.location ?? DEFAULT_LOCATION;
  if (!isLocation(location)) throw refusal('location', location, `one of ${RUN_LOCATIONS.join(', ')}`);
  return {
    location,
    checkpointSeconds: number('checkpointSeconds'),
    maxBytes: number('maxSizeMB') * 2 ** 20,
    keepTextBytes: number('keepTextMB') * 2 ** 20,
  };
}

function isLocation(value: unknown): value is RunLocation {
  return RUN_LOCATIONS.some((location) => location === value);
}

function refusal(name: RunsSettingName, value: unknown, allowed: string): InputError {
  const shown = JSON.stringify(value) ?? String(value);
  return new InputError(`The setting rnnInspector.runs.${name} is ${shown}; it must be ${allowed}.`);
}
