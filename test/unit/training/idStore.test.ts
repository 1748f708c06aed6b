import assert from 'node:assert/strict';
import fs, { existsSync, readdirSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, suite, test } from 'node:test';
import fc from 'fast-check';
import { InputError } from '../../../src/common/inputError.ts';
import { BLOCK, type IdSource } from '../../../src/text/ids.ts';
import { READ_AHEAD_BYTES } from '../../../src/training/idCache.ts';
import { IdStore } from '../../../src/training/idStore.ts';
import { read } from '../text/tokens.ts';
import { noProc, openFiles } from './openFiles.ts';

let parent: string;
let folder: string;
let folders = 0;
before(async () => (parent = await mkdtemp(join(tmpdir(), 'ids-'))));
after(() => rm(parent, { recursive: true }));
beforeEach(() => (folder = join(parent, String(folders++))));

/** What the ids of the tests are: every one tells its position a little, and the narrow ones come first. */
const NARROW = 2 * BLOCK - 1000;
const LENGTH = 3 * BLOCK + 12_345;
const idAt = (at: number) => (at < NARROW ? (at * 31) % 251 : (at * 31) % 997);
/** The order of the symbols is turned round at the end. */
const finalIds = Uint16Array.from({ length: 997 }, (_, id) => 996 - id);

function fill(store: IdStore): IdSource {
  for (let at = 0; at < LENGTH;) {
    const length = Math.min(50_000, (at < NARROW ? NARROW : LENGTH) - at);
    store.append(
      Uint16Array.from({ length }, (_, offset) => idAt(at + offset)),
      at >= NARROW,
    );
    at += length;
  }
  return store.finish(finalIds);
}

suite('ids on disk', () => {
  test('are those that were stored, wherever they are read, by one reader or by several in turn', () => {
    const store = new IdStore('f', { folder, fromBytes: BLOCK });
    const ids = fill(store);
    assert.equal(ids.length, LENGTH);
    const check = (start: number, actual: Int32Array) => {
      const at = actual.findIndex((id, offset) => id !== 996 - idAt(start + offset));
      assert.equal(at, -1, `id ${start + at}`);
    };
    const position = fc.oneof(
      fc.nat(LENGTH - 1),
      // About the ends of blocks, where the width of the ids changes, and of the text.
      fc.constantFrom(0, BLOCK, 2 * BLOCK, 3 * BLOCK, LENGTH).chain((edge) => {
        return fc.integer({ min: Math.max(0, edge - 50), max: Math.min(LENGTH - 1, edge + 50) });
      }),
    );
    fc.assert(
      fc.property(
        fc.array(position, { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 1, max: 3000 }),
        (starts, T) => {
          const readers = ids.readers(starts.length);
          for (let step = 0; step < 4; step++) {
            starts.forEach((start, index) => {
              const from = Math.min(start + step * T, LENGTH - 1);
              const length = Math.min(T + 1, LENGTH - from);
              check(from, read(readers[index], from, length));
            });
          }
          check(starts[0], read(ids, starts[0], Math.min(T, LENGTH - starts[0])));
        },
      ),
      { seed: 8, numRuns: 60 },
    );
    store.dispose();
  });

  test('take no memory but what readers hold, which is bounded for any number of them', () => {
    const store = new IdStore('f', { folder, fromBytes: BLOCK });
    const ids = fill(store);
    assert.equal(ids.memoryBytes, 2 * READ_AHEAD_BYTES);
    const before_ = process.memoryUsage().arrayBuffers;
    const readers = ids.readers(1024);
    readers.forEach((reader, index) => read(reader, index * 1000, 2));
    assert.ok(process.memoryUsage().arrayBuffers - before_ < 1.1 * READ_AHEAD_BYTES);
    store.dispose();
  });

  test('are put down only when they are more than the limit, and only where there is a folder', () => {
    const inMemory = 2 * BLOCK + 2 * (LENGTH - 2 * BLOCK) - BLOCK + BLOCK;
    for (const options of [undefined, { folder, fromBytes: 2 * LENGTH }]) {
      const ids = fill(new IdStore('f', options));
      assert.ok(ids.memoryBytes <= 2 * LENGTH && ids.memoryBytes >= inMemory - BLOCK, String(ids.memoryBytes));
      assert.equal(existsSync(folder), false);
      assert.equal(read(ids, LENGTH - 1, 1)[0], 996 - idAt(LENGTH - 1));
    }
  });

  test('leave no file behind: it has no name while it is used, and is gone with the store', { skip: noProc }, () => {
    const store = new IdStore('f', { folder, fromBytes: BLOCK });
    const ids = fill(store);
    assert.deepEqual(readdirSync(folder), []);
    assert.equal(openFiles(parent).length, 1);
    store.dispose();
    assert.deepEqual(openFiles(parent), []);
    assert.throws(() => read(ids, 0, 1), /closed/);
    store.dispose();
  });

  test('remove what dead processes left, never what belongs to living ones or other machines', async () => {
    const host = hostname().replaceAll(/[^\w.]/g, '_');
    const id = '01234567-89ab-cdef-0123-456789abcdef';
    // No process has a number as high.
    const dead = `ids-${host}-${2 ** 30}-${id}.cache`;
    const kept = [`ids-${host}-${process.pid}-${id}.cache`, `ids-elsewhere-${2 ** 30}-${id}.cache`, 'notes.txt'];
    await mkdir(folder);
    for (const name of [dead, ...kept]) await writeFile(join(folder, name), 'x');
    const store = new IdStore('f', { folder, fromBytes: BLOCK });
    fill(store);
    store.dispose();
    assert.deepEqual(readdirSync(folder).sort(), kept.sort());
  });
});

suite('ids that cannot be put down', () => {
  function refusal(work: () => unknown): string {
    try {
      work();
    } catch (error) {
      assert.ok(error instanceof InputError, String(error));
      return error.message;
    }
    return assert.fail('it was not refused');
  }

  test('because of their folder are refused with the folder and the reason', async () => {
    const file = join(parent, 'a file');
    await writeFile(file, '');
    const store = new IdStore('long.txt', { folder: join(file, 'cache'), fromBytes: BLOCK });
    const message = refusal(() => fill(store));
    assert.match(
      message,
      /^"long\.txt" is so long .* the folder ".*a file.cache" .*: a part of its path is not a folder\./,
    );
  });

  test('because the disk is full are refused with the way out, and nothing is left', { skip: noProc }, (context) => {
    const store = new IdStore('long.txt', { folder, fromBytes: BLOCK });
    const { writeSync } = fs;
    let calls = 0;
    const failing = (...values: Parameters<typeof writeSync>) => {
      if (++calls === 3) throw Object.assign(new Error('ENOSPC: no space'), { code: 'ENOSPC' });
      // A disk that is nearly full takes a part.
      const [file, bytes, offset, length, position] = values as unknown as [number, Uint8Array, number, number, number];
      return writeSync(file, bytes, offset, Math.min(length, 700_001), position);
    };
    context.mock.method(fs, 'writeSync', failing as typeof writeSync);
    syncBuiltinESMExports();
    const message = refusal(() => fill(store));
    context.mock.restoreAll();
    syncBuiltinESMExports();
    assert.match(message, /no space is left on the device\. Make room there/);
    assert.deepEqual([readdirSync(folder), openFiles(parent)], [[], []]);
  });
});
