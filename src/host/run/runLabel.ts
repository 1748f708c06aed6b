import { l10n } from '../../common/l10n.ts';
import {
  DEFAULT_SETTINGS,
  SETTING_NAMES,
  settingInLists,
  type RunSettings,
  type SettingName,
  unusualNetwork,
} from '../../protocol/settings.ts';
import { tellingSettings } from '../../protocol/tellingSettings.ts';
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

/** What of a run tells it from others on the same file. */
export interface LabelledRun {
  /** Given by a person. */
  readonly name?: string | undefined;
  readonly settings: RunSettings;
  /** When it began, milliseconds since 1970. */
  readonly createdMs: number;
}

/** So many settings at most, where fewer tell runs apart: a label leaves room for what stands behind it. */
const MOST_TELLING = 2;

/**
 * What tells each run from the others on its file: its name where a person gave it one, else the fewest settings that do; where they are
 * alike in these, when it began. Empty for an only run that has no name.
 * @param nowMs of runs that did not begin on this day, the day is said too.
 */
export function distinctions(runs: readonly LabelledRun[], nowMs: number): string[] {
  const unnamed = runs.filter(({ name }) => name === undefined);
  const telling = tellingSettings(unnamed.length > 1 ? unnamed : runs, MOST_TELLING);
  const labels = runs.map(
    ({ name, settings }) => name ?? telling.map((one) => settingAlone(one, settings)).join(' · '),
  );
  const alike = new Map<string, LabelledRun[]>();
  for (const [at, run] of runs.entries()) alike.set(labels[at], [...(alike.get(labels[at]) ?? []), run]);
  return runs.map((run, at) => {
    const same = alike.get(labels[at]) ?? [];
    if (same.length < 2) return labels[at];
    return [labels[at], beginText(run, same, nowMs)].filter((part) => part !== '').join(' · ');
  });
}

/** The label of each run in a list of those on one file; an only one goes by its network. */
export function runLabels(runs: readonly RunSummary[], nowMs: number): string[] {
  const readable = runs.flatMap(({ run }) => (run === undefined ? [] : [run]));
  const told = distinctions(
    readable.map(({ name, settings, createdAt }) => ({ name, settings, createdMs: Date.parse(createdAt) })),
    nowMs,
  );
  const labels = new Map(readable.map((run, at) => [run, told[at] === '' ? networkLabel(run.settings) : told[at]]));
  return runs.map(({ run, runId }) => (run && labels.get(run)) ?? runId);
}

/** "tanh · H=64" */
function networkLabel(settings: RunSettings): string {
  const { cell, layers } = settings;
  const said: SettingName[] = layers === 1 ? ['hiddenSize'] : ['layers', 'hiddenSize'];
  return [cell, ...said.map((name) => settingInLists(name, settings[name]))].join(' · ');
}

/** Beside others of its kind a cell says itself. */
function settingAlone(name: SettingName, settings: RunSettings): string {
  return name === 'cell' ? settings.cell : settingInLists(name, settings[name]);
}

/** When a run began, in the person's time zone, as exactly as it takes to tell it from those that are otherwise alike. */
function beginText(run: LabelledRun, alike: readonly LabelledRun[], nowMs: number): string {
  const minute = ({ createdMs }: LabelledRun): number => Math.floor(createdMs / 60_000);
  const isShared = alike.some((other) => other !== run && minute(other) === minute(run));
  const begun = new Date(run.createdMs);
  const time = begun.toLocaleTimeString(l10n.language, {
    hour: '2-digit',
    minute: '2-digit',
    hour12: false,
    ...(isShared && { second: '2-digit' }),
  });
  if (begun.toDateString() === new Date(nowMs).toDateString()) return time;
  return `${begun.toLocaleDateString(l10n.language, { day: 'numeric', month: 'short' })}, ${time}`;
}

/** The name of a file among others, with its folder where another one has the same name: "b/text.txt". */
export function fileLabel(path: string, others: readonly string[]): string {
  const [name, folder] = path.split('/').toReversed();
  const isShared = others.some((other) => other !== path && other.endsWith(`/${name}`));
  return isShared && folder !== undefined && folder !== '' ? `${folder}/${name}` : name;
}
