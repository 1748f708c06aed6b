import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { MAGIC } from '../../../../src/runs/format/recordFrames.ts';
import { RecordFile } from '../../../../src/runs/format/metricsFile.ts';
import { FaultyFiles } from './recordFaults.ts';
import { fileOf, framesOf, recordsOf } from './recordFixtures.ts';

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rnn-metrics-'));
});
after(() => rm(folder, { recursive: true }));

const records = recordsOf(1);
const whole = fileOf(records);

test('what was cut off while it was written is cut away, and the file goes on after the last whole record', async () => {
  const path = join(folder, 'torn');
  for (let length = 0; length <= whole.length; length += 7) {
    await writeFile(path, whole.subarray(0, length));
    let kept = 0;
    const file = await RecordFile.open(path, undefined, () => kept++);
    await file.append(framesOf(recordsOf(5)));
    await file.close();
    assert.deepEqual(new Uint8Array(await readFile(path)), fileOf([...records.slice(0, kept), ...recordsOf(5)]));
  }
});

test('a file that is something else, or of another version, is refused and left as it is', async () => {
  const path = join(folder, 'foreign');
  for (const text of ['RNNRUN2\nmore', 'a letter', 'x']) {
    await writeFile(path, text);
    await assert.rejects(RecordFile.open(path), /foreign of the run is not in the run format/);
    assert.equal(await readFile(path, 'utf8'), text);
  }
});

test('a write that fails at any of its operations leaves whole records only, and succeeds when it is tried again', async () => {
  const path = join(folder, 'failing');
  for (let failing = 0; ; failing++) {
    const files = new FaultyFiles();
    const file = await RecordFile.create(path, files);
    await file.append(framesOf(records));
    const start = files.count;
    // From this operation on all fail: the disk stays full, so that not even the repair succeeds.
    files.fault = (index) => (index >= start + failing ? 'ENOSPC' : undefined);
    const isWritten = await file.append(framesOf(recordsOf(5))).then(
      () => true,
      () => false,
    );
    const torn = new Uint8Array(await readFile(path));
    assert.deepEqual(torn.subarray(0, whole.length), whole, `operation ${failing}`);
    files.fault = () => undefined;
    if (!isWritten) await file.append(framesOf(recordsOf(9)));
    await file.close();
    assert.equal(files.openHandles, 0);
    const expected = fileOf([...records, ...recordsOf(isWritten ? 5 : 9)]);
    assert.deepEqual(new Uint8Array(await readFile(path)), expected, `operation ${failing}`);
    if (isWritten) {
      assert.ok(failing > 2);
      break;
    }
  }
});

test('a new file is empty, whatever was there', async () => {
  const path = join(folder, 'new');
  await writeFile(path, whole);
  const file = await RecordFile.create(path);
  assert.equal(file.end, MAGIC.length);
  await file.close();
  assert.deepEqual(new Uint8Array(await readFile(path)), MAGIC);
});
