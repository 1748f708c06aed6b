import { basename, dirname } from 'node:path';
import { l10n } from '../../common/l10n.ts';
import type { RunLibrary, RunSummary } from '../../runs/disk/library.ts';
import { runLabels } from '../run/runLabel.ts';

/** The view's tree: files, and in each of them its runs. */

export interface RunNode {
  readonly type: 'run';
  readonly library: RunLibrary;
  readonly summary: RunSummary;
  /** What it goes by among the runs of its file. */
  readonly label: string;
  readonly file: FileNode;
  /** Of a fork, the run that it comes from, where that is still there. */
  readonly origin: RunSummary | undefined;
  /** Where it lies, in words, where another run has the same id. */
  readonly place?: string;
}

export interface FileNode {
  readonly type: 'file';
  /** The URI of the text, or what stands for runs without one. */
  readonly key: string;
  readonly label: string;
  /** Where the file lies, as far as its name does not say. */
  readonly place: string;
  readonly runs: readonly RunNode[];
}

export type Node = FileNode | RunNode;

const WITHOUT_TEXT = { key: '', label: l10n.t('No text') };
const DAMAGED = { key: 'damaged', label: l10n.t('Damaged') };

interface FoundRun {
  readonly library: RunLibrary;
  readonly summary: RunSummary;
}

type Found = readonly { readonly library: RunLibrary; readonly summaries: readonly RunSummary[] }[];

/**
 * The runs of all libraries by file, newest first: the file of the newest run comes first too, damaged runs come last. Runs of one id in
 * several places are told apart by these.
 */
export function nodesOf(found: Found, nowMs = Date.now()): FileNode[] {
  const all = found.flatMap(({ library, summaries }) => summaries.map((summary) => ({ library, summary })));
  all.sort((one, other) => begunMs(other.summary) - begunMs(one.summary));
  const byId = groupedBy(all, ({ summary }) => summary.runId);
  const byFile = groupedBy(all, ({ summary }) => describeFile(summary).key);
  const nodes = [...byFile.values()].map((onFile): FileNode => {
    const runs: RunNode[] = [];
    const file: FileNode = { type: 'file', ...describeFile(onFile[0].summary), runs };
    const labels = runLabels(
      onFile.map(({ summary }) => summary),
      nowMs,
    );
    for (const [at, { library, summary }] of onFile.entries()) {
      const isOnly = byId.get(summary.runId)?.length === 1;
      const place = isOnly ? {} : { place: placeText(library.root) };
      const origin = originOf({ library, summary }, byId);
      runs.push({ type: 'run', library, summary, label: labels[at], file, origin, ...place });
    }
    return file;
  });
  return [...nodes.filter(({ key }) => key !== DAMAGED.key), ...nodes.filter(({ key }) => key === DAMAGED.key)];
}

/** In the order in which each key is first met. */
function groupedBy<T>(all: readonly T[], keyOf: (one: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const one of all) {
    const group = groups.get(keyOf(one));
    if (group === undefined) groups.set(keyOf(one), [one]);
    else group.push(one);
  }
  return groups;
}

/** The run that a fork comes from: the one that lies beside it, else one of that id elsewhere. */
function originOf(
  { library, summary }: FoundRun,
  byId: ReadonlyMap<string, readonly FoundRun[]>,
): RunSummary | undefined {
  const from = summary.run?.forkedFrom?.runId;
  // What a damaged run is called, the fork knows better.
  const origins = (byId.get(from ?? '') ?? []).filter((one) => one.summary.run !== undefined);
  return (origins.find((one) => one.library === library) ?? origins.at(0))?.summary;
}

/** "in my-texts/.rnn-runs", or where the extension itself keeps runs. */
function placeText(root: string): string {
  const name = basename(root);
  return name.startsWith('.')
    ? l10n.t('in {folder}', { folder: `${basename(dirname(root))}/${name}` })
    : l10n.t('in the storage of the extension');
}

function begunMs({ run, changedAtMs }: RunSummary): number {
  return run === undefined ? changedAtMs : Date.parse(run.createdAt);
}

function describeFile({ run }: RunSummary): { key: string; label: string; place: string } {
  if (run === undefined) return { ...DAMAGED, place: '' };
  if (run.text === undefined) return { ...WITHOUT_TEXT, place: '' };
  const { uri, fileName } = run.text;
  return { key: uri, label: fileName, place: folderOf(uri) };
}

/** The folder of a file's URI; of any other, nothing that would say more than its name. */
function folderOf(uri: string): string {
  try {
    const { protocol, pathname } = new URL(uri);
    return protocol === 'file:' ? dirname(decodeURIComponent(pathname)) : '';
  } catch {
    return '';
  }
}
