import { SETTING_NAMES, type RunSettings, type SettingName } from './settings.ts';

/** Which settings tell runs apart. Pure functions, for all that names several runs. */

interface WithSettings {
  readonly settings: RunSettings;
}

/** The settings in which some of the runs differ, in the order of the table of settings. */
export function differingSettings(runs: readonly WithSettings[]): SettingName[] {
  return SETTING_NAMES.filter((name) => runs.some(({ settings }) => settings[name] !== runs[0].settings[name]));
}

/**
 * Settings that tell runs apart, each chosen because it sets apart most of those that the ones before left alike.
 * @param most so many, besides those that say what network it is.
 */
export function tellingSettings(runs: readonly WithSettings[], most: number): SettingName[] {
  // How a run began says nothing of what it trains.
  const differing = differingSettings(runs).filter((name) => name !== 'startPaused');
  const kinds = (names: readonly SettingName[]): number =>
    new Set(runs.map(({ settings }) => names.map((name) => settings[name]).join('\n'))).size;
  // A learning rate says little without its optimizer, and nothing says as much of a network as its cell and its layers.
  const chosen: SettingName[] = differing.filter((name) => ['cell', 'layers', 'optimizer'].includes(name));
  while (chosen.length < most && kinds(chosen) < kinds(differing)) {
    const left = differing.filter((name) => !chosen.includes(name));
    const gain = left.map((name) => kinds([...chosen, name]));
    chosen.push(left[gain.indexOf(Math.max(...gain))]);
  }
  return differing.filter((name) => chosen.includes(name));
}
