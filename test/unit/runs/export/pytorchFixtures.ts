import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before } from 'node:test';
import * as v from 'valibot';
import { StoredRun } from '../../../../src/protocol/storedRun.ts';
import { AFTER, CASES, exportCase, type Exported, INSPECT_EVERY } from './pytorchCases.ts';
import { readLog } from './pytorchLog.ts';
import { type Job } from './python.ts';

/** The cases, exported into a folder for the tests of the file that makes this. */
export class ExportedCases {
  root = '';
  readonly #exported = new Map<string, Exported>();

  constructor() {
    before(async () => {
      this.root = await mkdtemp(join(tmpdir(), 'pytorch-export-'));
      for (const case_ of CASES) this.#exported.set(case_.name, await exportCase(case_, this.root));
    });
    after(() => rm(this.root, { recursive: true, force: true }));
  }

  of(name: string): Exported {
    const found = this.#exported.get(name);
    assert.ok(found);
    return found;
  }

  script(name: string): string {
    return join(this.of(name).folder, 'train.py');
  }

  /** Where `train.py` puts what it trains. */
  trained(name: string): string {
    return join(this.of(name).folder, 'trained');
  }

  /** A case goes on as far as the run itself does. */
  goingOn(name: string): Job {
    const args = ['--iterations', String(AFTER), '--inspect-every', String(INSPECT_EVERY)];
    return { script: this.script(name), args };
  }
}

/** The largest difference, relative where the expected number is larger than `floor`. */
export function difference(actual: ArrayLike<number>, expected: ArrayLike<number>, floor = 1e-6): number {
  assert.equal(actual.length, expected.length);
  return Math.max(
    ...Array.from(expected, (value, at) => Math.abs(actual[at] - value) / Math.max(Math.abs(value), floor)),
  );
}

export async function storedRun(folder: string): Promise<StoredRun> {
  return v.parse(StoredRun, JSON.parse(await readFile(join(folder, 'run.json'), 'utf8')));
}

export async function losses(folder: string): Promise<number[]> {
  const { rows, columns } = await readLog(folder);
  const loss = columns.rows.indexOf('lossNats');
  return [...rows].sort(([a], [b]) => a - b).map(([, row]) => row[loss]);
}
