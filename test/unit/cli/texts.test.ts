import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { sampleText } from '../../../src/text/sampleText.ts';
import { copyHeadless, Headless, headless } from './headless.ts';

let folder: string;
before(async () => {
  folder = await copyHeadless();
});
after(() => rm(folder, { recursive: true }));

const noPipes = process.platform === 'win32' ? 'no named pipes' : false;
const SMALL = ['--set', 'hiddenSize=8', '--set', 'sequenceLength=10', '--set', 'batchSize=4'];

suite('the text of a headless run', () => {
  test('ends at Ctrl-C while it reads, and leaves nothing behind', async (context) => {
    const cache = join(folder, 'cache');
    const long = join(folder, 'long.txt');
    await writeFile(long, Buffer.alloc(2 ** 29, 'some text\n'));
    const run = new Headless(folder, ['train', long, ...SMALL], { TMPDIR: cache });
    context.after(() => run.process.kill('SIGKILL'));
    const ended = run.outcome();
    let isOver = false;
    void ended.then(() => (isOver = true));
    // It is made for what goes beyond 128 MB: a quarter of the text is read.
    while (!existsSync(cache) && !isOver) await setTimeout(5);
    run.process.kill('SIGINT');
    assert.deepEqual(await ended, { code: 130, stdout: '', stderr: '' });
    assert.deepEqual(await readdir(cache), []);
    await rm(long);
  });

  test('takes paths from where npm was called', async () => {
    const elsewhere = join(folder, 'elsewhere');
    await mkdir(elsewhere);
    await writeFile(join(elsewhere, 'near.txt'), sampleText().slice(0, 4000));
    const called = { INIT_CWD: elsewhere, npm_lifecycle_event: 'headless' };
    const run = new Headless(folder, ['train', 'near.txt', ...SMALL, '--iterations', '3'], called);
    const { code, stderr } = await run.outcome();
    assert.equal(code, 0, stderr);
  });

  test('trains on UTF-16 by its byte order mark', async () => {
    const utf16 = join(folder, 'utf16.txt');
    await writeFile(utf16, `\uFEFF${sampleText().slice(0, 4000)}`, 'utf16le');
    const { code, stderr } = await headless(folder, 'train', utf16, ...SMALL, '--iterations', '3');
    assert.equal(code, 0, stderr);
    assert.match(stderr, /3,600 characters to train on, 400 to validate/);
  });

  test('refuses pipes and devices in words, and waits for none', { skip: noPipes }, async () => {
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const given = [
      ['train', pipe, ...SMALL],
      ['train', '/dev/zero', ...SMALL],
      ['backprop', pipe],
      ['replay', '/dev/zero'],
    ];
    for (const words of given) {
      const { code, stderr } = await headless(folder, ...words);
      assert.equal(code, 1, `${words.join(' ')}: ${stderr}`);
      assert.match(stderr, /it is a pipe, a device or a socket, not a file\.$/m, words.join(' '));
    }
  });

  test('has a name that moves no terminal', async () => {
    const name = 'a\u001b[2J\u202eb.txt';
    const { code, stderr } = await headless(folder, 'train', name, ...SMALL);
    assert.equal(code, 1);
    assert.equal(stderr, 'error: Cannot read "a\\u{1b}[2J\\u{202e}b.txt": there is no such file or folder.\n');
    await writeFile(join(folder, name), sampleText().slice(0, 4000));
    const trained = await headless(folder, 'train', name, ...SMALL, '--iterations', '3');
    assert.equal(trained.code, 0, trained.stderr);
    // oxlint-disable-next-line no-control-regex -- their absence is what is tested
    assert.doesNotMatch(trained.stderr + trained.stdout, /[\u001b\u202e]/);
  });
});
