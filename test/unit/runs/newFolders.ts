import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before } from 'node:test';

/** Another name for a run's folder at every call, in a place that is gone when the tests of the file are over. */
export function newFolders(): () => string {
  let root: string;
  let folders = 0;
  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'rnn-run-folders-'));
  });
  after(() => rm(root, { recursive: true }));
  return () => join(root, `run-${folders++}`);
}
