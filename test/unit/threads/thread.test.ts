import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import * as v from 'valibot';
import { Thread } from '../../../src/threads/thread.ts';

let folder: string;
let programs = 0;
before(async () => (folder = await mkdtemp(join(tmpdir(), 'thread-'))));
after(() => rm(folder, { recursive: true }));

interface Heard {
  readonly messages: number[];
  readonly reason: string;
}

/** What is heard of a thread that runs the given program, in which `port` is its port, until it is gone. */
async function heardOf(program: string, requests: readonly string[] = []): Promise<Heard> {
  const path = join(folder, `${programs++}.mjs`);
  await writeFile(path, `import { parentPort as port } from 'node:worker_threads';\n${program}`);
  const messages: number[] = [];
  let gone = 0;
  return new Promise((resolve, reject) => {
    const failure = (thrown: unknown): string => `It threw ${String(thrown)}.`;
    const thread = new Thread<string, number>(
      { path, name: 'tested', schema: v.number(), failure },
      {
        message: (message) => messages.push(message),
        gone: (reason) => (gone++ === 0 ? resolve({ messages, reason }) : reject(new Error('gone twice'))),
      },
    );
    for (const request of requests) thread.post(request);
  });
}

suite('the handle of a thread', () => {
  test('hears all that was sent before an error, then of the error', async () => {
    const { messages, reason } = await heardOf(
      `for (let i = 0; i < 1000; i++) port.postMessage(i);
       port.once('message', (text) => { throw text; });`,
      ['a string'],
    );
    assert.deepEqual([messages.length, messages.at(-1), reason], [1000, 999, 'It threw a string.']);
  });

  test('takes an exit for a failure', async () => {
    assert.equal((await heardOf('process.exit(4);')).reason, 'The tested thread ended unexpectedly, with exit code 4.');
  });

  test('ends a thread that it does not understand, and hears nothing after that', async () => {
    const { messages, reason } = await heardOf(
      `for (const message of [1, 'two', 3]) port.postMessage(message); setInterval(() => {}, 1e6);`,
    );
    assert.match(reason, /^The tested thread sent a message that is not understood \(the message itself: /);
    assert.deepEqual(messages, [1]);
  });
});
