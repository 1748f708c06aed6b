import assert from 'node:assert/strict';
import { copyFile, mkdir, mkdtemp, readdir, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { after, before, test } from 'node:test';
import { InputError } from '../../../../src/common/inputError.ts';
import { CheckpointFolder, type CheckpointInfo } from '../../../../src/runs/disk/checkpoints.ts';
import type { RunFiles } from '../../../../src/runs/disk/files.ts';
import { checkpointFixture } from '../format/checkpointFixtures.ts';
import { failingFiles, operationsOf } from '../failingFiles.ts';

let root: string;
before(async () => {
  root = await mkdtemp(join(tmpdir(), 'rnn-checkpoints-'));
});
after(() => rm(root, { recursive: true }));

async function newRun(): Promise<{ run: string; folder: CheckpointFolder; names: () => Promise<string[]> }> {
  const run = await mkdtemp(join(root, 'run-'));
  return {
    run,
    folder: new CheckpointFolder(run),
    names: async () => (await readdir(join(run, 'checkpoints'))).sort(),
  };
}

const at = (iteration: number) => checkpointFixture({ iteration, optimizer: 'sgd', seed: iteration });
const plain = (iteration: number) => `${String(iteration).padStart(12, '0')}.safetensors`;
const best = (iteration: number) => `${String(iteration).padStart(12, '0')}-best.safetensors`;

test('a run without checkpoints has none', async () => {
  const { folder } = await newRun();
  assert.deepEqual(await folder.list(), []);
  assert.equal(await folder.newestReadable(), undefined);
});

test('a checkpoint that was written is listed and read back with what else was given', async () => {
  const { run, folder } = await newRun();
  const vocabulary = { tokens: 'bytes' as const, codes: [1, 2, 3] };
  const info = await folder.write(at(500), 'interval', { vocabulary });
  assert.deepEqual(await folder.list(), [info]);
  assert.equal(info.path, join(run, 'checkpoints', plain(500)));
  assert.deepEqual(await folder.read(info), { checkpoint: at(500), vocabulary });
  assert.deepEqual(await folder.newestReadable(), { info, checkpoint: at(500), vocabulary, problems: [] });
});

test('the newest two and the best one are kept', async () => {
  const { folder, names } = await newRun();
  for (const iteration of [100, 200, 300]) await folder.write(at(iteration), 'interval');
  assert.deepEqual(await names(), [plain(200), plain(300)]);
  await folder.write(at(250), 'best');
  await folder.write(at(400), 'pause');
  assert.deepEqual(await names(), [best(250), plain(300), plain(400)]);
  await folder.write(at(400), 'best');
  await folder.write(at(400), 'end');
  assert.deepEqual(await names(), [plain(300), best(400), plain(400)]);
  const listed = (await folder.list()).map(({ path, isBest }) => [basename(path), isBest]);
  assert.deepEqual(listed, [
    [plain(400), false],
    [best(400), true],
    [plain(300), false],
  ]);
});

test('checkpoints that are asked for at once are written one after the other', async () => {
  const { folder, names } = await newRun();
  await Promise.all([1, 2, 3, 4, 5].map((iteration) => folder.write(at(iteration), 'interval')));
  assert.deepEqual(await names(), [plain(4), plain(5)]);
});

test('a run that goes on from an earlier checkpoint does not come back to the later ones', async () => {
  const { folder, names } = await newRun();
  await folder.write(at(250), 'best');
  for (const iteration of [300, 400]) await folder.write(at(iteration), 'interval');
  await folder.removeAfter(250);
  assert.deepEqual(await names(), [best(250)]);
  await folder.removeAfter(100);
  assert.deepEqual(await names(), [best(250)], 'the last one stays');
});

test('what was just written is never removed, even where later iterations are there', async () => {
  const { folder, names } = await newRun();
  for (const iteration of [300, 400, 150, 160]) await folder.write(at(iteration), 'interval');
  await folder.write(at(390), 'best');
  await folder.write(at(140), 'best');
  assert.deepEqual(await names(), [best(140), plain(160), plain(400)]);
});

test('damaged checkpoints are skipped and named, and the newest that can be read is taken', async () => {
  const { folder } = await newRun();
  const infos: CheckpointInfo[] = [];
  for (const iteration of [100, 200]) infos.push(await folder.write(at(iteration), 'interval'));
  infos.push(await folder.write(at(150), 'best'));
  await truncate(infos[1].path, infos[1].bytes - 1);
  const newest = await folder.newestReadable();
  assert.deepEqual(newest?.checkpoint, at(150));
  assert.equal(newest?.problems.length, 1);
  assert.match(newest?.problems[0] ?? '', /^000000000200\.safetensors has /);
  for (const { path } of infos) await writeFile(path, '');
  await assert.rejects(folder.newestReadable(), (error) => {
    assert.ok(error instanceof InputError);
    for (const { path } of infos) assert.ok(error.message.includes(basename(path)), error.message);
    return true;
  });
});

test('a file with the name of another iteration is not taken for it', async () => {
  const { run, folder } = await newRun();
  const { path } = await folder.write(at(100), 'interval');
  const other = join(run, 'checkpoints', plain(900));
  await copyFile(path, other);
  const [first] = await folder.list();
  await assert.rejects(
    folder.read(first),
    /InputError: 000000000900\.safetensors holds the network after 100 iterations/,
  );
  assert.deepEqual((await folder.newestReadable())?.checkpoint, at(100));
});

test('other names, folders and broken links are ignored, and leftovers of killed processes removed', async () => {
  const { run, folder, names } = await newRun();
  const place = join(run, 'checkpoints');
  await mkdir(join(place, plain(800)), { recursive: true });
  const strangers = ['notes.txt', '1.safetensors', `x${plain(7)}`, `${plain(7)}.bak`];
  for (const name of strangers) await writeFile(join(place, name), 'x');
  await symlink(join(place, 'nowhere'), join(place, plain(801)));
  await writeFile(join(place, `${plain(300)}.0123456789abcdef.tmp`), 'half of it');
  assert.deepEqual(await folder.list(), []);
  const info = await folder.write(at(300), 'interval');
  assert.deepEqual(await folder.list(), [info]);
  assert.deepEqual(await names(), [...strangers, plain(300), plain(800), plain(801)].sort());
});

test('whatever fails, the earlier checkpoints are intact or the new one is in place, and the next write succeeds', async () => {
  const operations = await operationsOf(async (files) => {
    const { run } = await twoCheckpoints();
    await new CheckpointFolder(run, files).write(at(300), 'interval');
  });
  assert.ok(operations.includes('rename') && operations.includes('sync') && operations.includes('rm'));
  for (let failing = 0; failing < operations.length; failing++) {
    for (const code of ['ENOSPC', 'EACCES', 'EROFS', 'EIO']) await failAt(failing, code, operations);
  }
});

async function failAt(failing: number, code: string, operations: readonly string[]): Promise<void> {
  const { run, names } = await twoCheckpoints();
  const trouble = `${operations[failing]} (${failing}) with ${code}`;
  const files: RunFiles = failingFiles(failing, code);
  const written = await new CheckpointFolder(run, files).write(at(300), 'interval').then(
    () => true,
    (error: unknown) => {
      assert.equal((error as NodeJS.ErrnoException).code, code, trouble);
      return false;
    },
  );
  const isInPlace = failing > operations.indexOf('rename');
  assert.ok(isInPlace || !written || failing < operations.indexOf('open'), trouble);
  const folder = new CheckpointFolder(run);
  const newest = await folder.newestReadable();
  assert.equal(newest?.info.iteration, written || isInPlace ? 300 : 200, trouble);
  assert.deepEqual(newest?.problems, [], trouble);
  for (const info of await folder.list()) await folder.read(info);
  await folder.write(at(400), 'interval');
  const kept = (await names()).filter((name) => !name.includes('best'));
  assert.deepEqual(kept, [plain(newest?.info.iteration ?? 0), plain(400)], trouble);
}

async function twoCheckpoints(): ReturnType<typeof newRun> {
  const made = await newRun();
  for (const iteration of [100, 200]) await made.folder.write(at(iteration), 'interval');
  await made.folder.write(at(150), 'best');
  return made;
}

test('a network that is not finite is not written over one that is', async () => {
  const { folder, names } = await newRun();
  await folder.write(at(100), 'interval');
  const broken = at(200);
  broken.parameters.W_ah[0] = Infinity;
  await assert.rejects(folder.write(broken, 'end'), /InputError: The checkpoint after 200 iterations holds Infinity/);
  assert.deepEqual(await names(), [plain(100)]);
});
