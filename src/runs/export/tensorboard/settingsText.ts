import { DEFAULT_SETTINGS, SETTING_NAMES } from '../../../protocol/settings.ts';
import type { ExportedRun } from '../exportedRun.ts';

/** What the run is, in Markdown: where its numbers come from, how the pictures are read, and the settings as a table. */
export function settingsText(
  { run, network, progress, wholeFrom }: ExportedRun,
  every: number,
  legend: string,
): string {
  const facts = [
    ['run', run.name ?? run.runId],
    ...(run.text === undefined ? [] : [['text', run.text.fileName]]),
    ['state', run.state],
    ['iterations', String(progress.iterations)],
    ['epochs', progress.epoch.toPrecision(4)],
    ...(run.facts === undefined ? [] : [['parameters', String(run.facts.parameterCount)]]),
    ...(run.facts === undefined ? [] : [['vocabulary', String(run.facts.vocabulary.length)]]),
  ];
  const settings = SETTING_NAMES.map((name) => {
    const value = run.settings[name];
    return [name, String(value), value === DEFAULT_SETTINGS[name] ? '' : `default: ${DEFAULT_SETTINGS[name]}`];
  });
  return [
    table(['', ''], facts),
    `**Scalars** are of ${every === 1 ? 'every iteration' : `one iteration in ${every}, from 0 on`}.${wholeFrom === 0 ? '' : ` Iterations before ${wholeFrom} are not kept one by one: each point there is the mean of several, at their middle.`}`,
    `**Pictures** \`step_norms\`: rows from the top ${network.stepQuantities.join(', ')}; columns t = 0 … T − 1; norms before clipping, ` +
      `on a logarithmic scale ${legend}.`,
    table(['setting', 'value', ''], settings),
  ].join('\n\n');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`;
  return [line(head), `|${' --- |'.repeat(head.length)}`, ...rows.map(line)].join('\n');
}

/** What comes from files must neither end a cell nor be taken for markup. */
function cell(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ' ').replaceAll(/[\\`*_{}[\]<>()#+!|~-]/g, '\\$&');
}
