import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmod, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { sampleText } from '../../../src/text/sampleText.ts';
import { copyHeadless, headless } from './headless.ts';

/** A small file system that only the processes started with it see, so that nothing of it is left. */
const IN_NAMESPACE = ['-r', '-m', 'sh', '-c'];
const MOUNTABLE = spawnSync('unshare', [...IN_NAMESPACE, 'mount -t tmpfs -o size=64k tmpfs /mnt']).status === 0;
const noMounts = MOUNTABLE ? false : 'this machine lets nobody mount a file system in a namespace (unshare -r -m)';
const isRoot = process.getuid?.() === 0 || process.platform === 'win32';

let folder: string;
let text: string;
let disk: string;
before(async () => {
  folder = await copyHeadless();
  text = join(folder, 'sample.txt');
  disk = join(folder, 'disk');
  await mkdir(disk);
  await writeFile(text, sampleText().slice(0, 4000));
});
after(() => rm(folder, { recursive: true }));

const SMALL = '--set hiddenSize=8 --set sequenceLength=10 --set batchSize=4 --set maxEpochs=1e6';

/** Runs a script in which `cli` is the headless form and `$DISK` the file system. */
function onDisk(options: string, script: string): { stdout: string; stderr: string } {
  const mounted = `mount -t tmpfs -o ${options} tmpfs "$DISK" && cli() { "$NODE" "$CLI" "$@"; } && ${script}`;
  const { stdout, stderr } = spawnSync('unshare', [...IN_NAMESPACE, mounted], {
    encoding: 'utf8',
    env: { ...process.env, NODE: process.execPath, CLI: join(folder, 'dist', 'cli.cjs'), DISK: disk, TEXT: text },
  });
  return { stdout, stderr };
}

function lines(text: string, beginning: string): string[] {
  return text.split('\n').filter((line) => line.startsWith(beginning));
}

suite('a disk that takes no run', () => {
  test(
    'that fills up is told of once, training goes on, and the last whole checkpoint stays',
    { skip: noMounts },
    () => {
      // It goes on from a checkpoint, which is there then before the disk is full, however fast the machine is.
      const begin = `cli train "$TEXT" ${SMALL} --iterations 100 --out "$DISK/run"`;
      const goOn = `cli resume "$DISK/run" --iterations 8000 --checkpoint-every 0.02`;
      const { stdout, stderr } = onDisk(
        'size=320k',
        `${begin} && ${goOn}; echo "train $?"; cli sample "$DISK/run" --length 5; echo "sample $?"`,
      );
      assert.match(stdout, /^Finished after 8,000 iterations/m);
      const warnings = lines(stderr, 'warning: ');
      assert.equal(warnings.length, 1, stderr);
      assert.match(warnings[0], /the disk is full\. Free some space \(ENOSPC\)\. Training goes on/);
      const [error, ...others] = lines(stderr, 'error: ');
      assert.deepEqual(others, []);
      const [, left] =
        /^error: The end of the run could not be written to ".*run": its newest checkpoint is that of iteration ([\d,]+)\. Make room for it there, then go on from that one with: resume .*run\.$/.exec(
          error,
        ) ?? assert.fail(error);
      assert.match(stdout, /^train 1$/m);
      assert.match(stdout, /^sample 0$/m);
      assert.ok(stderr.includes(`Written with the checkpoint of iteration ${left.replaceAll(',', '')},`), stderr);
    },
  );

  test('that is read-only is refused before anything is trained', { skip: noMounts }, () => {
    const { stdout, stderr } = onDisk('ro', `cli train "$TEXT" ${SMALL} --out "$DISK/run"; echo "train $?"`);
    assert.equal(stdout, 'train 1\n');
    assert.equal(
      stderr,
      `error: Cannot keep the run in "${disk}/run": the file system is read-only. Choose another folder.\n`,
    );
  });

  test('that has no room for a single file is refused, and nothing is left', { skip: noMounts }, () => {
    const fill = `head -c 100000 /dev/zero > "$DISK/filler" 2>/dev/null`;
    const train = `cli train "$TEXT" ${SMALL} --out "$DISK/run"; echo "train $?"; ls "$DISK"`;
    const { stdout, stderr } = onDisk('size=8k', `{ ${fill}; ${train}; }`);
    assert.equal(stdout, 'train 1\nfiller\n');
    assert.match(stderr, /^error: [^\n]*no space is left on the device[^\n]*\n$/);
  });

  test('that permits no folder is refused', { skip: isRoot && 'the superuser may write everywhere' }, async () => {
    const locked = join(folder, 'locked');
    await mkdir(locked);
    await chmod(locked, 0o555);
    const { code, stderr } = await headless(folder, 'train', text, '--out', join(locked, 'run'));
    assert.deepEqual(
      [code, stderr],
      [1, `error: Cannot keep the run in "${join(locked, 'run')}": access is denied. Choose another folder.\n`],
    );
  });
});
