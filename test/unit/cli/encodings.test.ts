import assert from 'node:assert/strict';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { readRunFile } from '../../../src/runs/format/runFile.ts';
import { copyHeadless, headless, headlessBytes } from './headless.ts';

let folder: string;
before(async () => {
  folder = await copyHeadless();
});
after(() => rm(folder, { recursive: true }));

const SMALL = ['hiddenSize=8', 'sequenceLength=10', 'batchSize=4'].flatMap((setting) => ['--set', setting]);

async function file(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

async function succeeds(...argv: string[]): Promise<string> {
  const { code, stdout, stderr } = await headless(folder, ...argv);
  assert.equal(code, 0, stderr);
  return stdout;
}

suite('a text that is not UTF-8', () => {
  const words = 'Die Köche kühlen süße Äpfel. ';
  const latin1 = Buffer.from(words.repeat(100), 'latin1');

  test('is read in the encoding that is named, and so again where the run goes on', async () => {
    const text = await file('latin1.txt', latin1);
    const run = join(folder, 'latin1');
    await succeeds('train', text, '--encoding', 'Latin1', ...SMALL, '--iterations', '5', '--out', run);
    const { text: stored, vocabulary } = await readRunFile(run);
    assert.equal(stored?.encoding, 'windows-1252');
    assert.deepEqual(
      vocabulary?.codes,
      [...new Set(words)].map((character) => character.charCodeAt(0)).sort((a, b) => a - b),
    );
    await succeeds('resume', run, '--iterations', '9');
    await succeeds('fork', run, '--out', join(folder, 'latin1-fork'), '--iterations', '12');
    assert.equal((await readRunFile(join(folder, 'latin1-fork'))).text?.encoding, 'windows-1252');
  });

  test('may be named as VS Code does', async () => {
    const text = await file('sjis.txt', Buffer.concat(new Array<Buffer>(100).fill(Buffer.from('82a082a20a', 'hex'))));
    const { code, stderr } = await headless(
      folder,
      'train',
      text,
      '--encoding',
      'shiftjis',
      ...SMALL,
      '--iterations',
      '3',
    );
    assert.equal(code, 0, stderr);
    assert.match(stderr, /270 characters to train on.* vocabulary 3,/);
  });

  test('is refused with the place of the byte that is none of the encoding', async () => {
    const text = await file('broken.txt', Buffer.concat([Buffer.alloc(500, 'ab\n'), Buffer.of(0x81, 0x20)]));
    const { code, stderr } = await headless(folder, 'train', text, '--encoding', 'shift_jis', ...SMALL);
    assert.equal(code, 1);
    assert.match(
      stderr,
      /not valid shift_jis, .*: the byte \\x81 at offset 500 begins no character\. .*save it as UTF-8\.$/m,
    );
    const unnamed = await headless(folder, 'train', text, ...SMALL);
    assert.match(
      unnamed.stderr,
      /not valid UTF-8: the byte \\x81 at offset 500 .*--encoding NAME\. Try --set tokens=bytes\.$/m,
    );
  });

  test('in an encoding that is not known is refused with some that are', async () => {
    const text = await file('latin1.txt', latin1);
    const { code, stderr } = await headless(folder, 'train', text, '--encoding', 'cp9999');
    assert.equal(code, 2);
    assert.match(stderr, /^error: --encoding is "cp9999", which is not known\. .*windows-1252.*shift_jis/);
  });
});

suite('any bytes', () => {
  /** Every byte there is, NUL and what no UTF-8 has among them. */
  const bytes = Buffer.from(Uint8Array.from({ length: 4096 }, (_, at) => (at * 37) & 0xff));

  test('are trained on with tokens=bytes, and written by sample into a pipe as they are', async () => {
    const binary = await file('any.bin', bytes);
    const run = join(folder, 'any');
    const train = ['train', binary, '--set', 'tokens=bytes', ...SMALL, '--iterations', '5', '--out', run];
    const { code, stdout, stderr } = await headless(folder, ...train);
    assert.equal(code, 0, stderr);
    assert.match(stderr, /3,686 bytes to train on/);
    assert.match(stdout, /bytes\/s\.[^]* nats per byte/);
    const stored = await readRunFile(run);
    assert.equal(stored.vocabulary?.codes.length, 256);
    assert.equal(stored.facts?.trainingCharacters, 4096 - 410);
    const sampled = await headlessBytes(
      folder,
      'sample',
      run,
      '--prompt',
      'é',
      '--length',
      '2000',
      '--temperature',
      '5',
    );
    assert.deepEqual(sampled.subarray(0, 2), Buffer.from('é'));
    assert.equal(sampled.length, 2002);
    assert.ok(new Set(sampled.subarray(2)).size > 200);
    // The bytes are those that were drawn: written as text, three quarters of them would have become several.
    assert.notDeepEqual(Buffer.from(sampled.toString('utf8'), 'utf8'), sampled);
    assert.deepEqual(await readFile(join(run, 'text')), bytes);
    await succeeds('resume', run, '--iterations', '9');
  });

  test('are what a file that is no text is offered to be trained on', async () => {
    const { code, stderr } = await headless(folder, 'train', await file('any.bin', bytes), ...SMALL);
    assert.equal(code, 1);
    assert.match(stderr, /has a NUL character at offset 0\. .* Try --set tokens=bytes\.$/m);
  });
});
