import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DEFAULT_SETTINGS } from '../../../src/protocol/settings.ts';
import type { StoredRun } from '../../../src/protocol/storedRun.ts';
import type { RunSummary } from '../../../src/runs/disk/library.ts';

export function storedRun(change: Partial<StoredRun> = {}): StoredRun {
  return {
    format: 'rnn-gradient-inspector-run',
    version: 1,
    runId: 'one',
    isPinned: false,
    source: 'inspector',
    settings: DEFAULT_SETTINGS,
    text: {
      uri: 'file:///texts/alice.txt',
      fileName: 'alice.txt',
      bytes: 10,
      sha256: '0'.repeat(64),
      isKept: false,
    },
    versions: {},
    createdAt: '2026-01-01T00:00:00.000Z',
    changedAt: '2026-01-01T10:00:00.000Z',
    state: 'finished',
    iterations: 12_400,
    elapsedMs: 3_725_000,
    ...change,
  };
}

export function summaryOf(run: StoredRun | undefined, change: Partial<RunSummary> = {}): RunSummary {
  const runId = run?.runId ?? 'one';
  return {
    runId,
    folder: `/runs/${runId}`,
    run,
    problem: run === undefined ? 'run.json is damaged' : undefined,
    bytes: 12 * 2 ** 20,
    checkpoints: 3,
    changedAtMs: 0,
    owner: undefined,
    isInterrupted: false,
    ...change,
  };
}

/** Writes a run's folder with a checkpoint's name in it, so that it can be resumed as far as a list can tell. */
export async function putRun(root: string, run: StoredRun, bytes = 1000): Promise<void> {
  await mkdir(join(root, run.runId, 'checkpoints'), { recursive: true });
  await writeFile(join(root, run.runId, 'run.json'), JSON.stringify(run));
  await writeFile(join(root, run.runId, 'checkpoints', '000000000010.safetensors'), new Uint8Array(bytes));
}
