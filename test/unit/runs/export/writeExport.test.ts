import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, test, type TestContext } from 'node:test';
import { InputError } from '../../../../src/common/inputError.ts';
import { EXPORT_FORMAT_IDS, EXPORT_FORMATS, exportRun, needs } from '../../../../src/runs/export/index.ts';
import { writeExport } from '../../../../src/runs/export/writeExport.ts';
import { exported, inspection, rows } from './fixtures.ts';

async function folderFor(context: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'export-'));
  context.after(() => rm(folder, { recursive: true }));
  return folder;
}

async function* chunks(...parts: (string | Uint8Array | Error)[]): AsyncGenerator<string | Uint8Array> {
  for (const part of parts) {
    await Promise.resolve();
    if (part instanceof Error) throw part;
    yield part;
  }
}

suite('a file that is written from chunks', () => {
  test('holds them all, text and bytes, and nothing lies beside it', async (context) => {
    const folder = await folderFor(context);
    const path = join(folder, 'a.txt');
    await writeFile(path, 'old');
    await writeExport(path, chunks('é', Uint8Array.of(1, 2), '', '\u{1f600}'));
    assert.equal(await readFile(path, 'utf8'), 'é\u0001\u0002\u{1f600}');
    assert.deepEqual(await readdir(folder), ['a.txt']);
  });

  test('is as it was before where its making fails, and nothing lies beside it', async (context) => {
    const folder = await folderFor(context);
    const path = join(folder, 'a.txt');
    await writeFile(path, 'old');
    await assert.rejects(writeExport(path, chunks('new', new Error('no more'))), /^Error: no more$/);
    assert.equal(await readFile(path, 'utf8'), 'old');
    assert.deepEqual(await readdir(folder), ['a.txt']);
  });

  test('comes into a folder behind a link, as a person chose it', async (context) => {
    const folder = await folderFor(context);
    await mkdir(join(folder, 'real'));
    await symlink(join(folder, 'real'), join(folder, 'link'), 'junction');
    await writeExport(join(folder, 'link', 'a.txt'), chunks('x'));
    assert.deepEqual(await readdir(join(folder, 'real')), ['a.txt']);
  });

  test('that cannot be written is refused with its name and the reason', async (context) => {
    const folder = await folderFor(context);
    const missing = join(folder, 'missing', 'a.txt');
    await assert.rejects(writeExport(missing, chunks('x')), (error: Error) => {
      assert.ok(error instanceof InputError);
      assert.equal(
        error.message,
        `"${missing}" cannot be written: there is no such file or folder. Choose another place.`,
      );
      return true;
    });
    const taken = join(folder, 'taken');
    await mkdir(join(taken, 'inside'), { recursive: true });
    await assert.rejects(writeExport(taken, chunks('x')), InputError);
    assert.deepEqual(await readdir(folder), ['taken']);
  });
});

suite('the formats', () => {
  test('write a file or a folder, as the table says', async (context) => {
    const folder = await folderFor(context);
    const run = exported([rows(0, 2), { type: 'inspection', value: inspection(1) }]);
    const given = { folder, tape: { absent: 'none' }, madeAt: '2026-05-06T07:08:09.000Z' };
    const written: Record<string, string[] | string> = {};
    for (const format of EXPORT_FORMAT_IDS) {
      if (needs(format, 'checkpoint')) continue;
      const path = join(folder, `of-${format}`);
      assert.deepEqual(await exportRun(format, run, given, path), []);
      const isFolder = EXPORT_FORMATS[format].file === null;
      written[format] = isFolder ? await readdir(path) : (await readFile(path, 'utf8')).slice(0, 15);
    }
    assert.deepEqual(written, {
      html: '<!doctype html>',
      csv: ['metrics.csv', 'step-norms.csv'],
      jsonl: '{"type":"start"',
      tensorboard: ['events.out.tfevents.1777863721.rnn-gradient-inspector.a-run'],
    });
  });

  test('refuse to be made without what they need, before anything is written', async (context) => {
    const folder = await folderFor(context);
    const path = join(folder, 'export');
    const given = { folder, madeAt: '2026-05-06T07:08:09.000Z' };
    const needy = EXPORT_FORMAT_IDS.filter((id) => EXPORT_FORMATS[id].needs.length > 0);
    assert.ok(needy.includes('html') && needy.includes('pytorch'));
    for (const format of needy) {
      await assert.rejects(exportRun(format, exported([rows(0, 2)]), given, path), /is made of a (tape|checkpoint)/);
    }
    assert.deepEqual(await readdir(folder), []);
  });
});
