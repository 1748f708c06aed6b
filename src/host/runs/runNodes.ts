import { dirname } from 'node:path';
import type { RunLibrary, RunSummary } from '../../runs/library.ts';

/** The view's tree: files, and in each of them its runs. */

export interface RunNode {
  readonly type: 'run';
  readonly library: RunLibrary;
  readonly summary: RunSummary;
  readonly file: FileNode;
  /** Of a fork, the run that it comes from, where that is still there. */
  readonly origin: RunSummary | undefined;
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

const WITHOUT_TEXT = { key: '', label: 'No text' };
const DAMAGED = { key: 'damaged', label: 'Damaged' };

type Found = readonly { readonly library: RunLibrary; readonly summaries: readonly RunSummary[] }[];

/**
 * The runs of all libraries by file, newest first: the file of the newest run comes first too, damaged runs come last. A run is known by
 * its id: of two with the same one, that of the first library is the run, and the other says what is in its way.
 */
export function nodesOf(found: Found): FileNode[] {
  const files = new Map<string, FileNode & { runs: RunNode[] }>();
  const all = found.flatMap(({ library, summaries }, at) => {
    const earlier = found.slice(0, at).flatMap((one) => one.summaries);
    return summaries.map((summary) => {
      const other = earlier.find(({ runId }) => runId === summary.runId);
      return { library, summary: other === undefined ? summary : besides(summary, other) };
    });
  });
  all.sort((one, other) => begunMs(other.summary) - begunMs(one.summary));
  for (const { library, summary } of all) {
    const description = describeFile(summary);
    const file = files.get(description.key) ?? { type: 'file', ...description, runs: [] };
    files.set(file.key, file);
    const from = summary.run?.forkedFrom?.runId;
    const origin = from === undefined ? undefined : all.find((one) => one.summary.runId === from)?.summary;
    file.runs.push({ type: 'run', library, summary, file, origin });
  }
  const nodes = [...files.values()];
  return [...nodes.filter(({ key }) => key !== DAMAGED.key), ...nodes.filter(({ key }) => key === DAMAGED.key)];
}

function besides(summary: RunSummary, { folder }: RunSummary): RunSummary {
  const problem = `There is a run ${summary.runId} already, in ${folder}. Give this one another name: its folder, and runId in its run.json.`;
  return { ...summary, run: undefined, problem, isInterrupted: false };
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
