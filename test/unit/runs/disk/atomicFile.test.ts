import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { isTemporaryName, removeLeftovers, writeAtomically } from '../../../../src/runs/disk/atomicFile.ts';
import { diskFiles, type RunFiles } from '../../../../src/runs/disk/files.ts';
import { failingFiles, operationsOf } from '../failingFiles.ts';

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rnn-atomic-'));
});
after(() => rm(folder, { recursive: true }));

const OLD = Buffer.from('the old content');
const NEW = [Buffer.from('the new '), Buffer.from(''), Buffer.from('content')];

test('pieces become one file, which replaces an old one and leaves nothing beside it', async () => {
  const place = await mkdtemp(join(folder, 'place-'));
  const path = join(place, 'file');
  await writeAtomically(path, OLD);
  assert.deepEqual(await readFile(path), OLD);
  await writeAtomically(path, NEW);
  assert.deepEqual(await readFile(path), Buffer.concat(NEW));
  assert.deepEqual(await readdir(place), ['file']);
});

test('whichever operation fails, the file is the old one or the new one, and nothing is left beside it', async () => {
  const place = await mkdtemp(join(folder, 'place-'));
  const path = join(place, 'file');
  const write = (files: RunFiles): Promise<void> => writeAtomically(path, NEW, files);
  const operations = await operationsOf(write);
  const exchange = operations.indexOf('rename');
  assert.ok(exchange > 0, operations.join(' '));
  for (const code of ['ENOSPC', 'EIO']) {
    for (let failing = 0; failing < operations.length; failing++) {
      await writeFile(path, OLD);
      await assert.rejects(write(failingFiles(failing, code)), { code });
      const content = failing <= exchange ? OLD : Buffer.concat(NEW);
      assert.deepEqual(await readFile(path), content, `${operations[failing]} failed`);
      assert.deepEqual(await readdir(place), ['file'], `${operations[failing]} failed`);
    }
  }
});

test('the bytes are on the device before the name changes, and the name before it returns', async () => {
  const path = join(await mkdtemp(join(folder, 'place-')), 'file');
  const operations = await operationsOf((files) => writeAtomically(path, NEW, files));
  const expected = ['open', 'write', 'write', 'sync', 'close', 'rename'];
  if (process.platform !== 'win32') expected.push('open', 'sync', 'close');
  assert.deepEqual(operations, expected);
});

test('a device that takes only some bytes at a time gets them all', async () => {
  const path = join(await mkdtemp(join(folder, 'place-')), 'file');
  const slow: RunFiles = {
    ...diskFiles,
    open: async (name, flags) => {
      const handle = await diskFiles.open(name, flags);
      const write: typeof handle.write = (bytes, offset, length, position) =>
        handle.write(bytes, offset, Math.min(3, length), position);
      return {
        read: (bytes, offset, length, position) => handle.read(bytes, offset, length, position),
        write,
        truncate: (length) => handle.truncate(length),
        sync: () => handle.sync(),
        stat: () => handle.stat(),
        close: () => handle.close(),
      };
    },
  };
  await writeAtomically(path, NEW, slow);
  assert.deepEqual(await readFile(path), Buffer.concat(NEW));
});

test('what a killed process left is known by its name and removed, and nothing else is', async () => {
  const place = await mkdtemp(join(folder, 'place-'));
  const temporary = new Set<string>();
  const watching: RunFiles = {
    ...diskFiles,
    open: async (path, flags) => {
      for (const name of await readdir(place)) temporary.add(name);
      return diskFiles.open(path, flags);
    },
    // The process dies between writing and renaming.
    rename: async () => Promise.reject(new Error('killed')),
    rm: () => Promise.resolve(),
  };
  await assert.rejects(writeAtomically(join(place, 'file'), NEW, watching));
  const [leftover] = await readdir(place);
  assert.ok(isTemporaryName(leftover), leftover);
  for (const name of ['file', 'file.tmp', 'tmp', '0123456789abcdef.tmp.txt']) await writeFile(join(place, name), '');
  await removeLeftovers(place);
  assert.deepEqual((await readdir(place)).sort(), ['0123456789abcdef.tmp.txt', 'file', 'file.tmp', 'tmp']);
});
