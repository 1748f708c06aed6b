import assert from 'node:assert/strict';
import { appendFileSync, readdirSync, truncateSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { InputError } from '../../../src/common/inputError.ts';
import { RandomStream } from '../../../src/common/random.ts';
import type { StartRequest, TextFile } from '../../../src/protocol/worker.ts';
import { BLOCK } from '../../../src/text/ids.ts';
import { sampleText, sampleTextEntropyNats } from '../../../src/text/sampleText.ts';
import { readRequestText } from '../../../src/training/requestText.ts';
import { TrainingRun } from '../../../src/training/run.ts';
import { serve } from '../../../src/training/serve.ts';
import { allOf, tokenize } from '../text/tokens.ts';
import { finish } from '../../../src/common/work.ts';
import { control, FakeClock, FakePorts, MACHINE, rowsOf, smallRun, startRequest } from './helpers.ts';
import { noProc, openFiles } from './openFiles.ts';
import { states } from './served.ts';

let folder: string;
before(async () => (folder = await mkdtemp(join(tmpdir(), 'reading-'))));
after(() => rm(folder, { recursive: true }));

async function file(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

/** A request to train on a file. */
function onFile(path: string, encoding?: string, settings: Parameters<typeof startRequest>[0] = {}): StartRequest {
  const { type, runId, name, settings: all } = startRequest(settings);
  const textFile: TextFile = encoding === undefined ? { path } : { path, encoding };
  return { type, runId, name, settings: all, cacheFolder: folder, file: textFile };
}

function refusal(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    assert.ok(error instanceof InputError, String(error));
    return error.message;
  }
  return assert.fail('it was not refused');
}

suite('a run on a file', () => {
  test('is the run on its text, bit for bit, and knows the sample text', async () => {
    const path = await file('sample.txt', sampleText());
    const run = TrainingRun.create(onFile(path), MACHINE);
    const onText = smallRun({}, { text: sampleText() });
    assert.deepEqual(run.facts, onText.facts);
    assert.equal(run.facts.knownEntropyNats, sampleTextEntropyNats);
    assert.deepEqual(rowsOf(run, 20), rowsOf(onText, 20));
  });

  test('with its ids on disk is the run with them in memory, bit for bit, training and validation', async () => {
    // Few symbols and units, since it is the reading that is tested.
    const random = RandomStream.seeded(9, 'text');
    const text = Array.from({ length: 1_300_000 }, () => 'ab\n'[random.integer(3)]).join('');
    assert.ok(text.length > BLOCK);
    // Streams start again after 3 iterations.
    const settings = { sequenceLength: 400, batchSize: 900, hiddenSize: 1 };
    const request = onFile(await file('long.txt', text), undefined, settings);
    const cached = TrainingRun.create(request, MACHINE, { maxIdBytes: 0 });
    const inMemory = TrainingRun.create(request, MACHINE);
    assert.notEqual(cached.facts.memoryBytes, inMemory.facts.memoryBytes);
    assert.equal(cached.facts.iterationsPerEpoch, 3);
    assert.deepEqual(rowsOf(cached, 7), rowsOf(inMemory, 7));
    assert.deepEqual(finish(cached.validate()), finish(inMemory.validate()));
    cached.close();
  });

  test('reads the encodings of TextDecoder, in pieces, unless a byte order mark says otherwise', async () => {
    const japanese = 'これは日本語の文章です。\n';
    const shiftJis = Buffer.from('82b182ea82cd93fa967b8cea82cc95b68fcd82c582b781420a', 'hex');
    const repeated = Buffer.concat(new Array<Buffer>(50_000).fill(shiftJis));
    assert.ok(repeated.length > 2 ** 20, 'a character lies across two pieces');
    const cases: [string, Uint8Array, string][] = [
      ['shift_jis', repeated, japanese.repeat(50_000)],
      ['windows-1252', Buffer.from('Köln und Zürich', 'latin1'), 'Köln und Zürich'],
      ['windows-1252', Buffer.from('\uFEFFKöln und Zürich', 'utf8'), 'Köln und Zürich'],
      ['windows-1252', Buffer.from('\uFEFFKöln und Zürich', 'utf16le'), 'Köln und Zürich'],
      ['utf-16le', Buffer.from('Köln und Zürich', 'utf16le'), 'Köln und Zürich'],
      ['utf-8', Buffer.from('Köln und Zürich', 'utf8'), 'Köln und Zürich'],
    ];
    for (const [encoding, bytes, text] of cases) {
      const { vocabulary, ids } = readRequestText(onFile(await file('encoded.txt', bytes), encoding));
      const expected = tokenize(text, 'characters', 'f');
      assert.deepEqual(vocabulary.symbols, expected.vocabulary.symbols, encoding);
      assert.deepEqual(allOf(ids), expected.ids, encoding);
    }
  });

  test('is refused where it is not there, not in its encoding, or in one that is not known', async () => {
    assert.match(
      refusal(() => readRequestText(onFile(join(folder, 'nothing.txt')))),
      /^"sample\.txt" cannot be read: there is no such file or folder\./,
    );
    assert.match(
      refusal(() => readRequestText(onFile(folder))),
      /cannot be read: it is a folder\./,
    );
    const path = await file('latin1.txt', Buffer.from('Köln', 'latin1'));
    assert.match(
      refusal(() => readRequestText(onFile(path))),
      /not valid UTF-8: the byte \\xF6 at offset 1 /,
    );
    assert.match(
      refusal(() => readRequestText(onFile(path, 'euc-jp'))),
      /is not valid euc-jp, .*: the byte \\xF6 at offset 1 begins no character/,
    );
    assert.match(
      refusal(() => readRequestText(onFile(path, 'cp437'))),
      /"cp437", which is not known\. Save it as UTF-8/,
    );
  });

  test('says where the first byte is that is none of its encoding, wherever the pieces end', async () => {
    const letters = Buffer.from('82a082a2', 'hex');
    const faulty = async (bytes: Buffer, encoding: string) => {
      const path = await file('faulty.txt', bytes);
      const message = refusal(() => readRequestText(onFile(path, encoding)));
      return /the byte (\S+) at offset (\d+) /.exec(message)?.slice(1);
    };
    for (const before of [0, 3, 1000, 262_143, 262_144, 700_001]) {
      const text = Buffer.concat(new Array<Buffer>(before).fill(letters));
      const broken = Buffer.concat([text, Buffer.of(0x82, 0x20, 0x41), letters]);
      assert.deepEqual(await faulty(broken, 'shift_jis'), ['\\x82', String(4 * before)]);
      // A text that ends within a character.
      assert.deepEqual(await faulty(Buffer.concat([text, Buffer.of(0x82)]), 'shift_jis'), [
        '\\x82',
        String(4 * before),
      ]);
    }
    const jis = Buffer.from('\u001b$B$"\u001b(Babc\u00ffdef', 'latin1');
    assert.deepEqual(await faulty(jis, 'iso-2022-jp'), ['\\xFF', '11']);
  });

  test('is refused where the file grows, shrinks or is written anew while it is read', async () => {
    const content = 'abcdefgh'.repeat(400_000);
    const whileRead = async (change: (path: string) => void): Promise<string> => {
      const path = await file('changing.txt', content);
      let pieces = 0;
      return refusal(() =>
        readRequestText(onFile(path), {
          onPiece: () => {
            if (++pieces === 2) change(path);
          },
        }),
      );
    };
    assert.match(
      await whileRead((path) => appendFileSync(path, 'more')),
      /"sample\.txt" changed while it was read: it had 3200000 bytes at first and 3200004 or more then\./,
    );
    assert.match(await whileRead((path) => truncateSync(path, 100)), /3200000 bytes at first and \d+ then\./);
  });
});

suite('a run that reads its file', () => {
  const text = 'abcdefgh'.repeat(600_000);

  test('tells how far it is at display rate, and never before the first interval is over', async () => {
    const path = await file('progress.txt', text);
    const ports = new FakePorts();
    ports.post({ ...onFile(path), maxIterations: 1 });
    // Five pieces; the clock is read after each, and the interval begins with the first.
    serve(ports, new FakeClock(30), MACHINE);
    const progress = ports.of('reading').map((event) => event.progress);
    assert.deepEqual(progress, [{ bytesRead: 4 * 2 ** 20, bytesTotal: text.length }]);
    assert.equal(ports.events[0].type, 'reading');
    assert.equal(ports.of('ended')[0].reason, 'finished');
  });

  test('ends at once when it is stopped, with nothing trained and nothing left', { skip: noProc }, async () => {
    const path = await file('stopped.txt', text);
    const ports = new FakePorts();
    ports.post({ ...onFile(path) });
    ports.onEvent = () => ports.post(control('stop', 'another-run'), control('stop'));
    serve(ports, new FakeClock(70), MACHINE);
    assert.deepEqual(
      ports.events.map((event) => event.type),
      ['reading', 'ended'],
    );
    const [ended] = ports.of('ended');
    assert.deepEqual([ended.reason, ended.iterations], ['stopped', 0]);
    assert.deepEqual(openFiles(folder), []);
  });

  test('gives its cache file up when the reading is ended', { skip: noProc }, async () => {
    const path = await file('cached.txt', text);
    let open: string[] = [];
    const ended = new Error('ended');
    const onPiece = ({ bytesRead }: { bytesRead: number }) => {
      open = openFiles(folder);
      if (bytesRead > 3 * BLOCK) throw ended;
    };
    assert.throws(() => readRequestText(onFile(path), { onPiece, maxIdBytes: BLOCK }), ended);
    assert.equal(open.length, 2, 'the text and the cache');
    assert.deepEqual(openFiles(folder), []);
    assert.deepEqual(
      readdirSync(folder).filter((name) => name.endsWith('.cache')),
      [],
    );
  });

  test(
    'gives its cache file up when it is refused after reading, and when the run is over',
    { skip: noProc },
    async () => {
      const path = await file('refused.txt', text);
      const request = onFile(path, undefined, { hiddenSize: 4096 });
      assert.match(
        refusal(() => TrainingRun.create(request, { ...MACHINE, memoryBytes: 2 ** 20 }, { maxIdBytes: BLOCK })),
        /of memory/,
      );
      assert.deepEqual(openFiles(folder), []);
      const run = TrainingRun.create(onFile(path), MACHINE, { maxIdBytes: BLOCK });
      assert.equal(openFiles(folder).length, 1);
      run.close();
      assert.deepEqual(openFiles(folder), []);
    },
  );

  test('hears what was asked meanwhile once it trains', async () => {
    const path = await file('paused.txt', text);
    const ports = new FakePorts();
    ports.post({ ...onFile(path), maxIterations: 5 }, control('pause'));
    ports.asleep.push(() => ports.post(control('resume')));
    serve(ports, new FakeClock(1), MACHINE);
    assert.deepEqual(states(ports), ['running', 'paused', 'running']);
    assert.equal(ports.of('ended')[0].iterations, 5);
  });
});
