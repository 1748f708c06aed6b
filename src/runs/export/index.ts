import { csvFiles } from './csv.ts';
import type { ExportedRun, ExportFile } from './exportedRun.ts';
import { jsonlFile } from './jsonl.ts';
import { reportFile, type ReportOptions } from './report/index.ts';
import { tensorboardFile } from './tensorboard/index.ts';
import { writeExport, writeExportFolder } from './writeExport.ts';

/** What a run can be exported to: the one table from which the headless form and VS Code make their choices. */

interface Format {
  /** For people. */
  readonly label: string;
  readonly description: string;
  /** Of the file, with its dot; null where a folder is written. */
  readonly extension: string | null;
}

export const EXPORT_FORMATS = {
  html: {
    label: 'Report',
    description: 'One HTML page with curves, heat maps, sampled text and findings; needs no network',
    extension: '.html',
  },
  csv: {
    label: 'CSV',
    description:
      'A folder with metrics.csv, a row an iteration (older ones in metrics-levels.csv), and step-norms.csv, a row a number',
    extension: null,
  },
  jsonl: {
    label: 'JSON lines',
    description: 'Every recorded event as one JSON object a line, as the headless form writes with --events',
    extension: '.jsonl',
  },
  tensorboard: {
    label: 'TensorBoard',
    description: 'A folder with an event file: scalars, and the step norms as pictures',
    extension: null,
  },
  pytorch: {
    label: 'PyTorch',
    description: 'A folder with the weights and a script that checks them and goes on training, on a cluster too',
    extension: null,
  },
} as const satisfies Readonly<Record<string, Format>>;

export type ExportFormat = keyof typeof EXPORT_FORMATS;
export const EXPORT_FORMAT_IDS = Object.keys(EXPORT_FORMATS) as ExportFormat[];
/** Those that are made of what a run recorded; `pytorch` is made of a checkpoint, by `exportPytorch`. */
export type RecordedFormat = Exclude<ExportFormat, 'pytorch'>;

export function isExportFormat(name: string): name is ExportFormat {
  return Object.hasOwn(EXPORT_FORMATS, name);
}

/**
 * Writes a run at `path`: the file, or the folder that is made where it is not there.
 * @throws {InputError} naming the file that cannot be written, and why.
 */
export async function exportRun(
  format: RecordedFormat,
  run: ExportedRun,
  path: string,
  options: ReportOptions,
): Promise<void> {
  const files = filesOf(format, run, options);
  return EXPORT_FORMATS[format].extension === null
    ? writeExportFolder(path, files)
    : writeExport(path, files[0].chunks);
}

function filesOf(format: RecordedFormat, run: ExportedRun, options: ReportOptions): ExportFile[] {
  switch (format) {
    case 'html':
      return [reportFile(run, options)];
    case 'csv':
      return csvFiles(run);
    case 'jsonl':
      return [jsonlFile(run)];
    case 'tensorboard':
      return [tensorboardFile(run)];
    default:
      return format satisfies never;
  }
}
