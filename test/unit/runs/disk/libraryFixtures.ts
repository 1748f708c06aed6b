import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach } from 'node:test';
import { DEFAULT_SETTINGS } from '../../../../src/protocol/settings.ts';
import type { StoredRun } from '../../../../src/protocol/storedRun.ts';
import { RunLibrary } from '../../../../src/runs/disk/library.ts';
import { acquire, isHeld, thisOwner } from '../../../../src/runs/disk/lock.ts';
import { runFixture } from '../format/recordFixtures.ts';

export const DAY = new Date('2026-01-01T00:00:00.000Z').getTime() / 1000;

export function stored(runId: string, change: Partial<StoredRun> = {}): StoredRun {
  return runFixture({
    runId,
    settings: DEFAULT_SETTINGS,
    versions: { 'rnn-gradient-inspector': '0.1.0' },
    createdAt: '2026-01-01T00:00:00.000Z',
    changedAt: '2026-01-01T00:00:00.000Z',
    state: 'finished',
    iterations: 10,
    elapsedMs: 5,
    ...change,
  });
}

export async function idsOf(library: RunLibrary): Promise<string[]> {
  return (await library.list()).map(({ runId }) => runId);
}

/** A folder of runs: another one for every test of the file that makes this. */
export class RunsFolder {
  root = '';

  constructor() {
    let parent: string;
    let folders = 0;
    before(async () => {
      parent = await mkdtemp(join(tmpdir(), 'rnn-library-'));
    });
    beforeEach(() => {
      this.root = join(parent, `library-${folders++}`);
    });
    after(() => rm(parent, { recursive: true }));
  }

  /** A run's folder of exactly so many bytes, last changed on that day of January. */
  async put(
    runId: string,
    { change = {}, bytes = 4000, day = 1 }: { change?: Partial<StoredRun>; bytes?: number; day?: number } = {},
  ): Promise<string> {
    const folder = join(this.root, runId);
    await mkdir(join(folder, 'checkpoints'), { recursive: true });
    const runFile = JSON.stringify(stored(runId, change));
    const [checkpoint, best] = ['000000000010.safetensors', '000000000008-best.safetensors'];
    const sizes: Record<string, number> = {
      metrics: bytes - runFile.length - 300,
      [join('checkpoints', checkpoint)]: 200,
    };
    sizes[join('checkpoints', best)] = 100;
    await writeFile(join(folder, 'run.json'), runFile);
    for (const [name, size] of Object.entries(sizes)) await writeFile(join(folder, name), new Uint8Array(size));
    for (const name of [...Object.keys(sizes), 'run.json', 'checkpoints', '.']) {
      await utimes(join(folder, name), DAY + day * 86_400, DAY + day * 86_400);
    }
    return folder;
  }

  /** Lets something be done while another program owns a run. */
  async owned<R>(runId: string, work: () => Promise<R>): Promise<R> {
    const lock = await acquire(join(this.root, runId), { ...thisOwner('headless form'), host: 'tower' });
    assert.ok(!isHeld(lock));
    try {
      return await work();
    } finally {
      await lock.release();
    }
  }
}
