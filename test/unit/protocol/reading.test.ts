import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import * as v from 'valibot';
import { formatBytes, readingShare } from '../../../src/protocol/reading.ts';
import { WorkerEvent, WorkerRequest } from '../../../src/protocol/worker.ts';

suite('how much of a file is read', () => {
  test('is a whole share that is 100 % only at the end, and the size where the share is not known', () => {
    assert.equal(readingShare({ bytesRead: 0, bytesTotal: 2_100_000_000 }), '0 % of 2.1 GB');
    assert.equal(readingShare({ bytesRead: 2_099_999_999, bytesTotal: 2_100_000_000 }), '99 % of 2.1 GB');
    assert.equal(readingShare({ bytesRead: 5, bytesTotal: 5 }), '100 % of 5 bytes');
  });

  test('has two digits at least, in the unit that gives the fewest', () => {
    const shown = [7, 999, 1000, 9949, 9950, 999_499, 999_500, 60e6, 2 * 2 ** 30, 5e15];
    assert.deepEqual(shown.map(formatBytes), [
      '7 bytes',
      '999 bytes',
      '1.0 kB',
      '9.9 kB',
      '10 kB',
      '999 kB',
      '1.0 MB',
      '60 MB',
      '2.1 GB',
      '5000 TB',
    ]);
  });
});

suite('a request to start', () => {
  const start = { type: 'start', runId: 'r', settings: {}, name: 'f' };

  test('holds a text or names a file, not neither', () => {
    const onText = v.parse(WorkerRequest, { ...start, text: 'abc' });
    assert.ok(onText.type === 'start' && 'text' in onText && !('file' in onText));
    const onFile = v.parse(WorkerRequest, { ...start, file: { path: '/f', encoding: 'utf-8' }, cacheFolder: '/c' });
    assert.ok(onFile.type === 'start' && 'file' in onFile && !('text' in onFile));
    assert.deepEqual([onFile.file, onFile.cacheFolder], [{ path: '/f', encoding: 'utf-8' }, '/c']);
    assert.throws(() => v.parse(WorkerRequest, start));
    assert.throws(() => v.parse(WorkerRequest, { ...start, file: {} }));
  });

  test('is answered by how far the reading is', () => {
    const event = { type: 'reading', runId: 'r', progress: { bytesRead: 1, bytesTotal: 2 } };
    assert.deepEqual(v.parse(WorkerEvent, event), event);
    assert.throws(() => v.parse(WorkerEvent, { ...event, progress: { bytesRead: 1 } }));
  });
});
