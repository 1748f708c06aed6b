import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { PNG } from 'pngjs';
import type { ValidRecord } from '../../../../src/runs/export/validRecords.ts';
import { tensorboardFile } from '../../../../src/runs/export/tensorboard/index.ts';
import { bytesOf, CREATED_AT, exported, inspection, rows, T, validation } from './fixtures.ts';
import { crc32c, eventsOf, field, messageIn, recordsOf, scalarsOf, type ReadEvent } from './recordFileReader.ts';

const CREATED_SECONDS = Date.parse(CREATED_AT) / 1000;

async function eventsFor(...source: Parameters<typeof exported>): Promise<ReadEvent[]> {
  return eventsOf(await bytesOf(tensorboardFile(exported(...source))));
}

test('the checksum of the reader is CRC-32C', () => {
  // The check value of the catalogue of parametrised CRC algorithms, and one of RFC 3720, B.4.
  assert.equal(crc32c(Buffer.from('123456789')), 0xe3069283);
  assert.equal(crc32c(new Uint8Array(32)), 0x8a9136aa);
});

suite('an event file', () => {
  test('has a name that TensorBoard looks for and begins with its version', async () => {
    const file = tensorboardFile(exported([rows(0, 1)]));
    assert.equal(file.name, `events.out.tfevents.${CREATED_SECONDS}.rnn-gradient-inspector.a-run`);
    const [first] = eventsOf(await bytesOf(file));
    assert.deepEqual([first.version, first.wallTime], ['brain.Event:2', CREATED_SECONDS]);
  });

  test('has the metrics of every iteration as scalars, with step and wall time', async () => {
    const events = await eventsFor([rows(0, 3, 3000), rows(3, 2, 9000)]);
    assert.deepEqual(
      scalarsOf(events, 'loss/train'),
      [0, 1, 2, 3, 4].map((iteration) => [iteration, iteration]),
    );
    assert.deepEqual(scalarsOf(events, 'loss/train_bits')[2], [2, Math.fround(2 / Math.LN2)]);
    // The columns of a row in the order of METRIC_NAMES, a sixteenth apart.
    const tags = [
      'grad_norm/total',
      'clip_factor',
      'learning_rate',
      'grad_norm/W_xh',
      'grad_norm/W_ah',
      'grad_norm/b_h',
    ];
    for (const [i, tag] of [...tags, 'grad_norm/W_ao', 'grad_norm/b_o'].entries()) {
      assert.deepEqual(scalarsOf(events, tag)[4], [4, 4 + (i + 1) / 16], tag);
    }
    const times = events.slice(2).map(({ wallTime }) => wallTime - CREATED_SECONDS);
    assert.deepEqual(times, [1, 2, 3, 6, 9]);
  });

  test('has what is measured now and then, and leaves out what is not known', async () => {
    const point = {
      iteration: 6,
      horizonOnePercent: null,
      horizonOneOverE: 3,
      decayRate: -0.5,
      tanhFactor: 0.75,
      lyapunov: null,
      spectralRadius: 1.5,
      sigmaMax: 2,
    };
    const events = await eventsFor([
      rows(0, 7),
      validation(7, 0.5),
      { type: 'vitals', value: { iteration: 6, updateToWeight: 0.125, saturation: 0.25 } },
      { type: 'memoryPoint', value: point },
    ]);
    assert.deepEqual(scalarsOf(events, 'loss/validation'), [[7, 0.5]]);
    assert.deepEqual(scalarsOf(events, 'loss/validation_bits'), [[7, Math.fround(0.5 / Math.LN2)]]);
    assert.deepEqual(scalarsOf(events, 'vitals/update_to_weight'), [[6, 0.125]]);
    assert.deepEqual(scalarsOf(events, 'memory/horizon_1_over_e'), [[6, 3]]);
    assert.deepEqual(scalarsOf(events, 'memory/spectral_radius'), [[6, 1.5]]);
    assert.deepEqual(scalarsOf(events, 'memory/horizon_1_percent'), []);
    assert.deepEqual(scalarsOf(events, 'memory/lyapunov'), []);
  });

  test('says of the first value of every tag what the tag is, for which plugin, and of which class its data are', async () => {
    const measured = { iteration: 1, updateToWeight: 0.125, saturation: 0.25 };
    const point = { iteration: 1, horizonOnePercent: 4, horizonOneOverE: 3, decayRate: -0.5, tanhFactor: 0.75 };
    const events = await eventsFor([
      rows(0, 3),
      validation(3, 0.5),
      { type: 'vitals', value: measured },
      { type: 'memoryPoint', value: { ...point, lyapunov: -1, spectralRadius: 1.5, sigmaMax: 2 } },
      { type: 'inspection', value: inspection(1) },
      { type: 'inspection', value: inspection(2) },
    ]);
    const values = events.flatMap((event) => event.values);
    const first = new Map<string, Buffer>();
    for (const { tag, message } of values) {
      const isFirst = !first.has(tag);
      if (isFirst) first.set(tag, message);
      assert.equal(field(message, 9) !== undefined, isFirst, tag);
    }
    assert.equal(first.size, 23);
    // Names and numbers of tensorboard/plugins/*/metadata.py and summary.proto's DataClass.
    const expected = { scalars: [1, ''], text: [2, ''], images: [3, '1001'] } as const;
    for (const [tag, message] of first) {
      const metadata = messageIn(message, 9);
      const plugin = messageIn(metadata, 1);
      const name = messageIn(plugin, 1).toString() as keyof typeof expected;
      assert.equal(name, tag === 'run' ? 'text' : tag === 'step_norms' ? 'images' : 'scalars');
      const content = field(plugin, 2) === undefined ? '' : messageIn(plugin, 2).toString('hex');
      assert.deepEqual([field(metadata, 4), content], expected[name], tag);
      assert.ok(messageIn(metadata, 3).length > 10, tag);
    }
  });

  test('describes a tag once', async () => {
    const events = await eventsFor([rows(0, 3)]);
    const described = events.flatMap(({ step, values }) =>
      values.filter(({ tag, message }) => tag === 'grad_norm/W_ah' && field(message, 9) !== undefined).map(() => step),
    );
    assert.deepEqual(described, [0]);
  });

  test('shows the step norms of an inspected iteration as a picture, rows from the top, t from the left', async () => {
    const events = await eventsFor([rows(0, 2), { type: 'inspection', value: inspection(1) }]);
    const [picture] = events.flatMap(({ values }) => values.filter(({ tag }) => tag === 'step_norms'));
    const image = messageIn(picture.message, 4);
    const png = PNG.sync.read(messageIn(image, 4));
    assert.deepEqual([field(image, 1), field(image, 2)], [png.height, png.width]);
    const colorAt = (row: number, t: number): number => {
      const [x, y] = [Math.floor(((t + 0.5) * png.width) / T), Math.floor(((row + 0.5) * png.height) / 7)];
      return png.data.readUInt32BE(4 * (y * png.width + x));
    };
    const green = (color: number): number => (color >>> 16) & 0xff;
    // In viridis green grows all along: each row is a tenth of the one above, and the norms of a row grow with t.
    const rowsDown = [0, 1, 2, 3, 4, 5, 6].map((row) => green(colorAt(row, 0)));
    assert.ok(
      rowsDown.every((value, row) => row === 0 || value < rowsDown[row - 1] - 10),
      String(rowsDown),
    );
    for (let row = 0; row < 7; row++) assert.ok(green(colorAt(row, 0)) < green(colorAt(row, T - 1)));
  });

  test('has at most 200 pictures, evenly over the run, the last one among them', async () => {
    const inspected = Array.from({ length: 900 }, (_, i): ValidRecord => {
      return { type: 'inspection', value: inspection(i) };
    });
    const events = await eventsFor([rows(0, 900), ...inspected]);
    const steps = events.filter(({ values }) => values.some(({ tag }) => tag === 'step_norms')).map(({ step }) => step);
    assert.equal(steps.length, 200);
    assert.equal(steps.at(-1), 899);
    assert.ok(steps.every((step, i) => i === 0 || (step - steps[i - 1] >= 4 && step - steps[i - 1] <= 5)));
  });

  test('writes the settings as a text in which nothing of a file’s name is markup', async () => {
    const text = { uri: 'file:///x', fileName: 'a|b*<b>\n.txt', bytes: 1, sha256: '00'.repeat(32), isKept: false };
    const events = await eventsFor([rows(0, 1)], { text });
    const [value] = events.flatMap(({ values }) => values.filter(({ tag }) => tag === 'run'));
    const tensor = messageIn(value.message, 8);
    const markdown = messageIn(tensor, 8).toString();
    // A tensor of one string (DT_STRING), for the plugin of texts.
    assert.equal(field(tensor, 1), 7);
    assert.equal(field(messageIn(messageIn(tensor, 2), 2), 1), 1);
    assert.equal(messageIn(messageIn(messageIn(value.message, 9), 1), 1).toString(), 'text');
    assert.ok(markdown.includes('| text | a\\|b\\*\\<b\\> .txt |'), markdown);
    assert.ok(
      markdown.includes(
        '| setting | value |  |\n| --- | --- | --- |\n| cell | tanh |  |\n| layers | 1 |  |\n| hiddenSize | 8 | default: 128 |',
      ),
      markdown,
    );
    assert.ok(markdown.includes('of every iteration.'));
  });

  test('of a long run has one iteration in so many, and says in how many', async () => {
    const run = exported([rows(0, 7), rows(7, 4)]);
    const events = eventsOf(await bytesOf(tensorboardFile(run, 5)));
    const steps = scalarsOf(events, 'clip_factor').map(([step]) => step);
    assert.deepEqual(steps, [0, 3, 6, 9]);
    const [value] = events.flatMap(({ values }) => values.filter(({ tag }) => tag === 'run'));
    assert.match(messageIn(messageIn(value.message, 8), 8).toString(), /of one iteration in 3, from 0 on/);
  });

  test('keeps numbers that are not finite', async () => {
    const record = rows(0, 1);
    record.rows[0] = NaN;
    assert.deepEqual(scalarsOf(await eventsFor([record]), 'loss/train'), [[0, NaN]]);
  });
});

test('a damaged byte is found by the checksums', async () => {
  const bytes = await bytesOf(tensorboardFile(exported([rows(0, 1)])));
  for (const at of [0, 13, bytes.length - 6]) {
    const damaged = Buffer.from(bytes);
    damaged[at] ^= 1;
    assert.throws(() => recordsOf(damaged));
  }
});
