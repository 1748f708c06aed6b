import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { CheckpointFolder } from '../../../../src/runs/disk/checkpoints.ts';
import { diskFiles, type RunFiles } from '../../../../src/runs/disk/files.ts';
import { makeRunFolder } from '../../../../src/runs/recording/runFolder.ts';
import { checkpointFixture } from '../format/checkpointFixtures.ts';
import { runFixture } from '../format/recordFixtures.ts';

const parent = await mkdtemp(join(tmpdir(), 'rnn-folder-'));
after(() => rm(parent, { recursive: true }));

/** The disk, with every folder noted that is opened, which is done to flush it. */
function watched(): { files: RunFiles; flushed: string[] } {
  const flushed: string[] = [];
  const files: RunFiles = {
    ...diskFiles,
    open: async (path, flags) => {
      const isFolder = await diskFiles.stat(path).then(
        (status) => status.isDirectory(),
        () => false,
      );
      if (isFolder) flushed.push(path);
      return diskFiles.open(path, flags);
    },
  };
  return { files, flushed };
}

test(
  'a new folder is a name in the one above it, which is flushed too',
  { skip: process.platform === 'win32' },
  async () => {
    const { files, flushed } = watched();
    const folder = join(parent, 'a-run');
    const { metrics, samples } = await makeRunFolder(folder, runFixture(), files);
    await metrics.close();
    await samples.close();
    assert.ok(flushed.includes(parent), flushed.join());
    flushed.length = 0;
    await new CheckpointFolder(folder, files).write(checkpointFixture(), 'end');
    assert.ok(flushed.includes(folder), flushed.join());
    assert.ok(flushed.includes(join(folder, 'checkpoints')), flushed.join());
  },
);
