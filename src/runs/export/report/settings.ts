import { formatDuration, formatRate, groupDigits } from '../../../common/format.ts';
import { importWarning } from '../../../protocol/imported.ts';
import { formatBytes } from '../../../protocol/reading.ts';
import { describeKernels } from '../../../protocol/run.ts';
import { DEFAULT_SETTINGS, SETTING_NAMES, SETTINGS } from '../../../protocol/settings.ts';
import type { StoredRun } from '../../../protocol/storedRun.ts';
import type { ExportedRun } from '../exportedRun.ts';
import { foreign, markup, type Content, type Markup } from './markup.ts';
import { table } from './table.ts';

/** What was trained, on what, when, and how far it came. */
export function factsSection(exported: ExportedRun): Markup {
  const { run, progress, wholeFrom } = exported;
  const { text, facts, settings } = run;
  const pairs: [string, Content][] = [
    ['state', stateText(exported)],
    ...(text === undefined
      ? []
      : ([['text', [foreign(text.fileName), `, ${formatBytes(text.bytes)}`]]] as [string, Content][])),
    ...(facts === undefined
      ? []
      : ([
          [
            'characters',
            `${groupDigits(facts.trainingCharacters)} to train on, ${groupDigits(facts.validationCharacters)} to validate, ${groupDigits(facts.vocabulary.length)} different`,
          ],
          ['network', networkText(settings, facts.parameterCount)],
          ['computed by', describeKernels(facts)],
        ] as [string, Content][])),
    [
      'progress',
      `${groupDigits(progress.iterations)} iterations, ${progress.epoch.toPrecision(3)} epochs, ${groupDigits(progress.characters)} characters in ${formatDuration(progress.elapsedMs)}${
        progress.elapsedMs > 0 ? `, ${formatRate((progress.characters / progress.elapsedMs) * 1000)} characters/s` : ''
      }`,
    ],
    ...(wholeFrom === 0
      ? []
      : ([
          [
            'kept',
            `each of the newest ${groupDigits(progress.iterations - wholeFrom)} iterations; of older ones the mean, the least and the greatest over several`,
          ],
        ] as [string, Content][])),
    ...(exported.problems ?? []).map((problem): [string, Content] => ['missing', foreign(problem)]),
    ['settings', differing(exported)],
    ...(run.settingChanges === undefined ? [] : ([['changed', changes(run.settingChanges)]] as [string, Content][])),
    ...(run.forkedFrom === undefined ? [] : ([['forked from', origin(run.forkedFrom)]] as [string, Content][])),
    ...(run.imported === undefined ? [] : importedPairs(run.imported, facts?.vocabulary.length)),
  ];
  return markup`<dl class="facts">${pairs.map(([name, value]) => markup`<dt>${name}</dt><dd>${value}</dd>\n`)}</dl>`;
}

/** Of what is not one layer of the cell by default also which cell, and how many layers. */
function networkText({ cell, layers, hiddenSize }: StoredRun['settings'], parameterCount: number): string {
  const units = `H = ${hiddenSize} hidden units, ${groupDigits(parameterCount)} parameters`;
  if (cell === DEFAULT_SETTINGS.cell && layers === 1) return units;
  return layers === 1 ? `${cell}, ${units}` : `${cell}, ${layers} layers of ${units}`;
}

/** What the run that a fork comes from went by, and its id. */
function origin({ label, runId, iteration }: NonNullable<StoredRun['forkedFrom']>): Content {
  const at = `, iteration ${groupDigits(iteration)}`;
  return label === undefined ? [foreign(runId), at] : [foreign(label), ` (${runId})`, at];
}

/** Of weights that were trained elsewhere: the file, what was assumed of it, and what its first loss says. */
function importedPairs(imported: NonNullable<StoredRun['imported']>, V: number | undefined): [string, Content][] {
  const warning = V === undefined ? undefined : importWarning(imported, V);
  return [
    ['weights from', foreign(imported.fileName)],
    ...imported.assumptions.map((assumption): [string, Content] => ['assumed', foreign(assumption)]),
    ...(warning === undefined ? [] : ([['first loss', warning]] as [string, Content][])),
  ];
}

/** All settings, those that differ from the default first. */
export function settingsTable({ run }: ExportedRun): Markup {
  const isDefault = (name: (typeof SETTING_NAMES)[number]): boolean => run.settings[name] === DEFAULT_SETTINGS[name];
  const names = [...SETTING_NAMES.filter((name) => !isDefault(name)), ...SETTING_NAMES.filter(isDefault)];
  return table(
    'Settings, those that differ from the default first',
    ['setting', 'value', 'default', 'what it is'],
    names.map((name) => [
      name,
      isDefault(name) ? String(run.settings[name]) : markup`<strong>${run.settings[name]}</strong>`,
      String(DEFAULT_SETTINGS[name]),
      markup`<span class="prose">${SETTINGS[name].description}</span>`,
    ]),
  );
}

function differing({ run }: ExportedRun): Content {
  const names = SETTING_NAMES.filter((name) => run.settings[name] !== DEFAULT_SETTINGS[name]);
  if (names.length === 0) return 'all as by default';
  const list = names.map(
    (name, index) => markup`${index > 0 ? ', ' : ''}<span class="setting">${name} ${run.settings[name]}</span>`,
  );
  return [list, '; the others as by default'];
}

/** Settings that the run had before, and until when. */
function changes(all: NonNullable<StoredRun['settingChanges']>): Content {
  return all.map(({ iteration, before, after }, index) => [
    `${index > 0 ? '; ' : ''}at iteration ${groupDigits(iteration)} `,
    foreign(
      Object.keys(before)
        .map((name) => `${name} ${before[name]} → ${after[name]}`)
        .join(', '),
    ),
  ]);
}

function stateText({ run }: ExportedRun): Content {
  const when = run.endedAt ?? run.changedAt;
  const reason = run.failure ?? run.notFinite?.message;
  const since = run.endedAt === undefined ? `, as of ${timeText(when)}` : ` on ${timeText(when)}`;
  return [markup`<strong>${run.state}</strong>`, since, ...(reason === undefined ? [] : [': ', foreign(reason)])];
}

/** A moment in ISO 8601 to the minute, in UTC, the same wherever the report is made. */
export function timeText(iso: string): string {
  return `${new Date(iso).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
