import { l10n } from '../../common/l10n.ts';
import { groupDigits } from '../../common/written.ts';
import { runLabel, settingsLabel } from '../run/runLabel.ts';
import { unmarked } from '../../common/foreignText.ts';
import { type Imported, importWarning } from '../../protocol/imported.ts';
import { isOver } from '../../protocol/run.ts';
import { STATE_TEXTS } from '../../protocol/stateTexts.ts';
import { DEFAULT_SETTINGS, type RunSettings, SETTING_NAMES } from '../../protocol/settings.ts';
import { forkText, ownBest, type StoredRun } from '../../protocol/storedRun.ts';
import type { RunSummary } from '../../runs/disk/library.ts';
import { describeOwner } from '../../runs/disk/lock.ts';

/** What the view says of a run, in words. Every function is pure. */

/** How a run stands, seen from one window. */
export type Standing =
  | 'starting'
  | 'running'
  | 'paused'
  | 'finished'
  | 'stopped'
  | 'failed'
  /** It was under way, and whoever trained it is gone. */
  | 'interrupted'
  /** Another window or program trains it. */
  | 'elsewhere'
  /** Written by train.py, and not over as far as its file says. */
  | 'followed'
  | 'damaged';

export function standingOf({ run, owner }: RunSummary, isUnderWayHere: boolean): Standing {
  if (run === undefined) return 'damaged';
  if (isOver(run.state) || isUnderWayHere) return run.state;
  if (owner !== undefined) return 'elsewhere';
  // A window that closes leaves its runs paused; a crash leaves them as they were.
  if (run.state === 'paused') return 'paused';
  return run.source === 'train.py' ? 'followed' : 'interrupted';
}

const STANDING_TEXTS: Readonly<Record<Standing, string>> = {
  ...STATE_TEXTS,
  interrupted: l10n.t('interrupted'),
  elsewhere: l10n.t('elsewhere'),
  followed: 'train.py',
  damaged: l10n.t('damaged'),
};

function standingText(standing: Standing): string {
  return STANDING_TEXTS[standing];
}

/** How many symbols its text has. */
function symbolsOf({ vocabulary, facts }: StoredRun): number | undefined {
  return vocabulary?.codes.length ?? facts?.vocabulary.length;
}

/**
 * Whether the best that a run came to is no better than guessing all symbols alike: it learnt nothing, or diverged, whatever it ended
 * with.
 */
export function hasNotLearnt(run: StoredRun): boolean {
  const best = ownBest(run);
  const V = symbolsOf(run);
  return best !== undefined && V !== undefined && best.lossNats > Math.log(V);
}

/** "1.483 nats", or a dash before the first validation; a fork's is its own since it began. */
function bestLossText({ run }: RunSummary): string {
  const best = run && ownBest(run);
  return best === undefined ? '–' : `${best.lossNats.toFixed(3)} nats`;
}

/** When the run ended, or its state last changed; of a damaged one, its files. Milliseconds since 1970. */
function runTimeMs({ run, changedAtMs }: RunSummary): number {
  return run === undefined ? changedAtMs : Date.parse(run.endedAt ?? run.changedAt);
}

const UNITS: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 365.25 * 86_400],
  ['month', 30.44 * 86_400],
  ['week', 7 * 86_400],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
];
const RELATIVE = {
  narrow: new Intl.RelativeTimeFormat(l10n.language, { numeric: 'always', style: 'narrow' }),
  long: new Intl.RelativeTimeFormat(l10n.language, { numeric: 'always', style: 'long' }),
};

/** "3h ago", or "3 hours ago". */
export function relativeTime(timeMs: number, nowMs: number, style: 'narrow' | 'long'): string {
  const seconds = (nowMs - timeMs) / 1000;
  const unit = UNITS.find(([, length]) => seconds >= length);
  return unit === undefined ? l10n.t('just now') : RELATIVE[style].format(-Math.floor(seconds / unit[1]), unit[0]);
}

const SIZE_UNITS = ['kB', 'MB', 'GB', 'TB'];

/** In powers of 1024 with two or three digits: "640 kB", "1.4 GB". */
export function sizeText(bytes: number): string {
  if (bytes < 1000) return bytes === 1 ? l10n.t('1 byte') : l10n.t('{count} bytes', { count: bytes });
  let [size, unit] = [bytes / 1024, 0];
  while (size >= 999.5 && unit < SIZE_UNITS.length - 1) [size, unit] = [size / 1024, unit + 1];
  return `${size < 9.95 ? size.toFixed(1) : Math.round(size)} ${SIZE_UNITS[unit]}`;
}

/** What has to be said of a run besides what it tells itself. */
export interface RunRelations {
  /** What it goes by among the others on its file. */
  readonly label?: string;
  /** Where it lies, where that must be said. */
  readonly place?: string;
  /** Of a fork, the run that it comes from. */
  readonly origin?: RunSummary | undefined;
}

/**
 * What stands behind the label: "1.483 nats · pinned · paused · 3h ago · 12 MB". The loss comes first, since a narrow side bar cuts
 * off the end, then what a fork comes from; the icon tells the state as well. All settings come last: the label has only what tells runs apart.
 * Where its place must be said, that comes before all.
 */
export function runDescription(
  summary: RunSummary,
  standing: Standing,
  nowMs: number,
  { place, origin }: RunRelations = {},
): string {
  const { run } = summary;
  return [
    ...(place === undefined ? [] : [place]),
    ...(run === undefined ? [] : [bestLossText(summary)]),
    ...standingTexts(run, standing, origin),
    ...importedText(run),
    relativeTime(runTimeMs(summary), nowMs, 'narrow'),
    sizeText(summary.bytes),
    ...(run === undefined ? [] : [settingsLabel(run.settings)]),
  ].join(' · ');
}

/** That a network came from elsewhere, and whether something of it had to be assumed. */
function importedText(run: StoredRun | undefined): string[] {
  if (run?.imported === undefined) return [];
  const { length } = run.imported.assumptions;
  if (length === 0) return [l10n.t('imported')];
  return [
    length === 1
      ? l10n.t('imported with 1 assumption')
      : l10n.t('imported with {count} assumptions', { count: length }),
  ];
}

/** What a fork comes from, whether it is pinned, and how it stands. */
function standingTexts(run: RunSummary['run'], standing: Standing, origin: RunSummary | undefined): string[] {
  return [
    ...(run?.forkedFrom === undefined ? [] : [forkText(run.forkedFrom, origin && runLabel(origin))]),
    ...(run?.isPinned === true ? [l10n.t('pinned')] : []),
    standingText(standing),
  ];
}

/** The same for a screen reader, with what the signs stand for. */
export function runSpoken(
  summary: RunSummary,
  standing: Standing,
  nowMs: number,
  { label = runLabel(summary), place, origin }: RunRelations = {},
): string {
  const { run } = summary;
  return [
    label,
    ...(place === undefined ? [] : [place]),
    ...standingTexts(run, standing, origin),
    ...(run === undefined
      ? []
      : [
          ownBest(run) === undefined
            ? l10n.t('not validated yet')
            : l10n.t('best validation loss {loss}', { loss: bestLossText(summary) }),
          ...(hasNotLearnt(run) ? [l10n.t('no better than guessing')] : []),
        ]),
    ...importedText(run),
    relativeTime(runTimeMs(summary), nowMs, 'long'),
    sizeText(summary.bytes),
  ].join(', ');
}

/** All that is known of a run, as rows of name and value: how it stands, then its settings. */
export function runRows(summary: RunSummary, standing: Standing): [name: string, value: string][] {
  const { run, owner, problem } = summary;
  const state =
    standing === 'elsewhere' && run !== undefined
      ? l10n.t('{state} elsewhere', { state: STATE_TEXTS[run.state] })
      : standingText(standing);
  const rows: [string, string][] = [[l10n.t('State'), state]];
  if (problem !== undefined) rows.push([l10n.t('Problem'), problem]);
  if (owner !== undefined) rows.push([l10n.t('Trained by'), describeOwner(owner)]);
  if (run !== undefined) rows.push(...progressRows(run));
  rows.push([l10n.t('Checkpoints'), String(summary.checkpoints)], [l10n.t('Size'), sizeText(summary.bytes)]);
  rows.push([l10n.t('Folder'), summary.folder]);
  if (run !== undefined) rows.push(...settingRows(run.settings));
  return rows;
}

function progressRows(run: StoredRun): [string, string][] {
  const { text, failure, forkedFrom, endedAt, imported } = run;
  const best = ownBest(run);
  const at = (what: string, iteration: number): string =>
    l10n.t('{what} at iteration {iteration}', { what, iteration: groupDigits(iteration) });
  return [
    ...(text === undefined ? [] : [[l10n.t('File'), text.fileName] satisfies [string, string]]),
    ...(failure === undefined ? [] : [[l10n.t('Failure'), failure] satisfies [string, string]]),
    [
      forkedFrom === undefined ? l10n.t('Best validation loss') : l10n.t('Best validation loss since the fork'),
      best === undefined ? '–' : at(`${best.lossNats.toFixed(3)} nats`, best.iteration),
    ],
    ...(hasNotLearnt(run)
      ? [
          [
            l10n.t('Learnt'),
            l10n.t('nothing: no better than guessing, ln V = {loss}', {
              loss: Math.log(symbolsOf(run) ?? NaN).toFixed(3),
            }),
          ] satisfies [string, string],
        ]
      : []),
    [l10n.t('Iterations'), groupDigits(run.iterations)],
    [l10n.t('Time of training'), durationText(run.elapsedMs)],
    [l10n.t('Begun'), dateText(run.createdAt)],
    ...(endedAt === undefined ? [] : [[l10n.t('Ended'), dateText(endedAt)] satisfies [string, string]]),
    ...(forkedFrom === undefined
      ? []
      : [
          [
            l10n.t('Forked from'),
            at(
              `${forkedFrom.label === undefined ? '' : `${forkedFrom.label}, `}${forkedFrom.runId}`,
              forkedFrom.iteration,
            ),
          ] satisfies [string, string],
        ]),
    ...(imported === undefined ? [] : importedRows(imported, run.vocabulary?.codes.length)),
  ];
}

function importedRows(imported: Imported, V: number | undefined): [string, string][] {
  const warning = V === undefined ? undefined : importWarning(imported, V);
  return [
    [l10n.t('Imported from'), imported.fileName],
    ...imported.assumptions.map((assumption): [string, string] => [l10n.t('Assumed'), assumption]),
    ...(warning === undefined ? [] : [[l10n.t('Warning'), warning] satisfies [string, string]]),
  ];
}

function settingRows(settings: RunSettings): [string, string][] {
  return SETTING_NAMES.map((name) => {
    const [value, byDefault] = [settings[name], DEFAULT_SETTINGS[name]];
    return [name, value === byDefault ? String(value) : l10n.t('{value} (default {byDefault})', { value, byDefault })];
  });
}

function durationText(elapsedMs: number): string {
  const seconds = Math.floor(elapsedMs / 1000);
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const parts = [
    ...(hours > 0 ? [`${hours} h`] : []),
    ...(seconds >= 60 ? [`${minutes} min`] : []),
    `${seconds % 60} s`,
  ];
  return parts.join(' ');
}

/** In the person's own time zone. */
function dateText(iso: string): string {
  return new Date(iso).toLocaleString(l10n.language, { dateStyle: 'medium', timeStyle: 'medium' });
}

/** Rows as a table in Markdown, in which nothing of the values is markup. */
export function markdownTable(title: string, rows: readonly (readonly [string, string])[]): string {
  const escape = (text: string): string => unmarked(text.replace(/\s+/g, ' '));
  const lines = rows.map(([name, value]) => `| ${escape(name)} | ${escape(value)} |`);
  return [`**${escape(title.trim())}**`, '', '| | |', '| :-- | :-- |', ...lines].join('\n');
}
