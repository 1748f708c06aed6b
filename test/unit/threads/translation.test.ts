import assert from 'node:assert/strict';
import { once } from 'node:events';
import { afterEach, suite, test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { translateThreads } from '../../../src/threads/translation.ts';

const src = new URL('../../../src/', import.meta.url);
/** Says a text that is a constant of its own, as tables of words are. */
const PROGRAM = `
  import ${JSON.stringify(new URL('threads/translated.ts', src).href)};
  const { l10n } = await import(${JSON.stringify(new URL('common/l10n.ts', src).href)});
  const { parentPort } = await import('node:worker_threads');
  parentPort.postMessage([l10n.t('Resume'), l10n.language]);`;

async function saidByThread(): Promise<unknown> {
  const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(PROGRAM)}`));
  const [said] = (await once(worker, 'message')) as unknown[];
  await worker.terminate();
  return said;
}

suite('a thread', () => {
  afterEach(() => translateThreads(undefined));

  test('speaks the language of the program that started it', async () => {
    translateThreads({ language: 'de', texts: { Resume: 'Fortsetzen' } });
    assert.deepEqual(await saidByThread(), ['Fortsetzen', 'de']);
  });

  test('speaks English where that has no translation', async () => {
    assert.deepEqual(await saidByThread(), ['Resume', 'en']);
  });
});
