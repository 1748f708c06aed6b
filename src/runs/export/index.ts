import { l10n } from '../../common/l10n.ts';
import { csvFiles } from './csv.ts';
import type { ExportedRun, Given, Made, Need, Needed } from './exportedRun.ts';
import { jsonlFile } from './jsonl.ts';
import { pytorchExport } from './pytorch/index.ts';
import { reportFile } from './report/index.ts';
import { tensorboardFile } from './tensorboard/index.ts';
import { writeExport, writeExportFolder } from './writeExport.ts';

/** What a run can be exported to: the one table from which the headless form and VS Code make their choices. */

interface Format<N extends Need = Need> {
  /** For people. */
  readonly label: string;
  readonly description: string;
  /** The one file that is written, by its extension with the dot, and what shows it; null where a folder is written. */
  readonly file: { readonly extension: string; readonly opensIn: 'browser' | 'editor' } | null;
  /** What it is made of besides what the run recorded. */
  readonly needs: readonly N[];
  readonly make: (run: ExportedRun, given: Given<N>) => Made | Promise<Made>;
}

const FORMATS = {
  html: format({
    label: l10n.t('Report'),
    description: l10n.t('One HTML page with curves, heat maps, sampled text and findings; needs no network'),
    file: { extension: '.html', opensIn: 'browser' },
    needs: ['tape'],
    make: (run, given) => ({ files: [reportFile(run, given)] }),
  }),
  csv: format({
    label: 'CSV',
    description: l10n.t(
      'A folder with metrics.csv, a row an iteration (older ones in metrics-levels.csv), and step-norms.csv, a row a number',
    ),
    file: null,
    needs: [],
    make: (run) => ({ files: csvFiles(run) }),
  }),
  jsonl: format({
    label: l10n.t('JSON lines'),
    description: l10n.t('Every recorded event as one JSON object a line, as the headless form writes with --events'),
    file: { extension: '.jsonl', opensIn: 'editor' },
    needs: [],
    make: (run) => ({ files: [jsonlFile(run)] }),
  }),
  tensorboard: format({
    label: 'TensorBoard',
    description: l10n.t('A folder with an event file: scalars, and the step norms as pictures'),
    file: null,
    needs: [],
    make: (run) => ({ files: [tensorboardFile(run)] }),
  }),
  pytorch: format({
    label: 'PyTorch',
    description: l10n.t(
      'A folder with the weights and a script that checks them and goes on training, on a cluster too',
    ),
    file: null,
    needs: ['checkpoint'],
    make: pytorchExport,
  }),
} as const;

/** A row whose `make` is given what it says that it needs. */
function format<N extends Need = never>(row: Format<N>): Format {
  return row;
}

export type ExportFormat = keyof typeof FORMATS;
export const EXPORT_FORMATS: Readonly<Record<ExportFormat, Format>> = FORMATS;
export const EXPORT_FORMAT_IDS = Object.keys(EXPORT_FORMATS) as ExportFormat[];

export function needs(id: ExportFormat, need: Need): boolean {
  return EXPORT_FORMATS[id].needs.includes(need);
}

/**
 * Writes a run at `path`: the file, or the folder that is made where it is not there; files of the same names are replaced.
 * @param given what the format needs, at least.
 * @returns what a person must know, a sentence each.
 * @throws {InputError} naming the file that cannot be written, and why, or what of the run cannot be exported.
 */
export async function exportRun(
  id: ExportFormat,
  run: ExportedRun,
  given: Given & Partial<Needed>,
  path: string,
): Promise<readonly string[]> {
  const { label, file, needs: needed, make } = EXPORT_FORMATS[id];
  const missing = needed.find((need) => given[need] === undefined);
  if (missing !== undefined) throw new Error(`${label} is made of a ${missing}, and none was given.`);
  const { files, notes = [] } = await make(run, given as Given<Need>);
  if (file === null) await writeExportFolder(path, files);
  else await writeExport(path, files[0].chunks);
  return notes;
}
