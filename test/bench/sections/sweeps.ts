import { caseNamed, operationsPerCharacter, type SettingValues } from '../cases.ts';
import { using, type Context, type Section } from '../context.ts';
import { rateOf } from '../contestant.ts';
import { Ours } from '../ours.ts';
import { count, times, type Table } from '../table.ts';
import { resized, type BenchText } from '../text.ts';

interface Sweep {
  readonly setting: string;
  readonly letter: string;
  readonly values: readonly number[];
  readonly quickValues: readonly number[];
}

/** Around M, one size at a time. */
const SWEEPS: readonly Sweep[] = [
  { setting: 'hiddenSize', letter: 'H', values: [32, 64, 128, 256, 512, 1024], quickValues: [64, 256] },
  { setting: 'sequenceLength', letter: 'T', values: [16, 64, 256], quickValues: [16, 256] },
  { setting: 'batchSize', letter: 'B', values: [1, 4, 16, 64, 128], quickValues: [1, 128] },
];
const FILE_MEGABYTES = { full: [1, 10, 100], quick: [1, 10] };

interface Point {
  readonly label: string;
  readonly charactersPerSecond: number;
  readonly gigaflops: number;
  readonly firstIterationMs: number;
}

/** How the cost of a character grows with H, T, B and the size of the file. */
export const sweeps: Section = {
  name: 'sweeps',
  description: 'how the cost grows with H, T, B and the size of the file; ours only',
  async run(context) {
    const base = caseNamed('M').settings;
    const tables: Table[] = [];
    const data: Record<string, Point[]> = {};
    for (const { setting, letter, values, quickValues } of SWEEPS) {
      const points: Point[] = [];
      for (const value of context.quick ? quickValues : values) {
        points.push(await measure(context, `${letter}=${value}`, { ...base, [setting]: value }, context.text));
      }
      tables.push(tableOf(`M with other ${letter}`, points));
      data[letter] = points;
    }
    data.file = await fileSweep(context, base);
    tables.push(tableOf('M on files of other sizes', data.file));
    return { tables, notes: [], data };
  },
};

async function fileSweep(context: Context, base: SettingValues): Promise<Point[]> {
  const points: Point[] = [];
  for (const megabytes of context.quick ? FILE_MEGABYTES.quick : FILE_MEGABYTES.full) {
    const text = resized(context.text, megabytes * 1e6, context.folder);
    points.push(await measure(context, `${megabytes} MB`, base, text));
  }
  return points;
}

async function measure(context: Context, label: string, settings: SettingValues, text: BenchText): Promise<Point> {
  context.log(`sweeps: ${label}`);
  const ours = await Ours.start(label, settings, text);
  return using([ours], async () => {
    await ours.run(context.tierUpSeconds);
    const charactersPerSecond = rateOf(await ours.run(context.look.pieceSeconds));
    const operations = operationsPerCharacter(settings, ours.started.vocabularySize);
    const { firstIterationMs } = ours.started;
    return { label, charactersPerSecond, gigaflops: (charactersPerSecond * operations) / 1e9, firstIterationMs };
  });
}

function tableOf(title: string, points: readonly Point[]): Table {
  const [first] = points;
  return {
    title,
    columns: ['', 'characters/s', 'ns/character', 'cost, of the first', 'GFLOP/s', 'first iteration, ms'],
    rows: points.map(({ label, charactersPerSecond, gigaflops, firstIterationMs }) => [
      label,
      count(charactersPerSecond),
      count(1e9 / charactersPerSecond),
      times(first.charactersPerSecond / charactersPerSecond),
      gigaflops.toFixed(1),
      count(firstIterationMs),
    ]),
  };
}
