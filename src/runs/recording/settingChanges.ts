import { InputError } from '../../common/inputError.ts';
import { keeperOf, parseSettings, SETTING_NAMES, type RunSettings, type SettingName } from '../../protocol/settings.ts';
import { MAX_SETTING_CHANGES, type SettingChange, type StoredRun } from '../../protocol/storedRun.ts';

/** Which settings a fork may have others of than its parent, and which a run that goes on may change. */
export const CHANGEABLE_IN_FORK: readonly SettingName[] = SETTING_NAMES.filter((name) => keeperOf(name) !== 'fork');
export const CHANGEABLE_IN_RUN: readonly SettingName[] = SETTING_NAMES.filter((name) => keeperOf(name) === undefined);

/** A run whose settings change where it is gone on with, at iteration `iteration`; what they were is noted. */
export function withSettings(run: StoredRun, settings: RunSettings, iteration: number): StoredRun {
  const names = SETTING_NAMES.filter((name) => run.settings[name] !== settings[name]);
  if (names.length === 0) return run;
  const valuesIn = (of: RunSettings) => Object.fromEntries(names.map((name) => [name, of[name]]));
  const change = { iteration, before: valuesIn(run.settings), after: valuesIn(settings) };
  return { ...run, settings, settingChanges: [...(run.settingChanges ?? []), change].slice(-MAX_SETTING_CHANGES) };
}

/**
 * A run with the settings with which it came to iteration `iteration`; what was changed from there on is undone. A change that cannot
 * be read, as of another version, stays.
 */
export function asSetBefore(run: StoredRun, iteration: number): StoredRun {
  const changes = run.settingChanges ?? [];
  let { settings } = run;
  for (const change of changes.toReversed()) {
    if (change.iteration >= iteration) settings = withBefore(settings, change) ?? settings;
  }
  return { ...run, settings, settingChanges: changes.filter((change) => change.iteration < iteration) };
}

function withBefore(settings: RunSettings, { before }: SettingChange): RunSettings | undefined {
  try {
    return parseSettings({ ...settings, ...before });
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}

/** The settings that a run has had, the present ones first. */
export function settingsOverTime({ settings, settingChanges = [] }: StoredRun): RunSettings[] {
  const all = [settings];
  for (const change of settingChanges.toReversed()) {
    const before = withBefore(all[all.length - 1], change);
    if (before !== undefined) all.push(before);
  }
  return all;
}

/** What differs, such as `learningRate 0.002 → 0.001`; nothing where nothing does. */
export function describeChanges(before: RunSettings, after: RunSettings): string[] {
  return SETTING_NAMES.filter((name) => before[name] !== after[name]).map(
    (name) => `${name} ${before[name]} → ${after[name]}`,
  );
}
