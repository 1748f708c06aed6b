import { CASES, caseNamed, type SettingValues } from '../cases.ts';
import { using, type Context, type Section } from '../context.ts';
import { Ours } from '../ours.ts';
import { mebibytes } from '../table.ts';
import { resized, type BenchText } from '../text.ts';

const FILE_MEGABYTES = { full: [10, 100, 2000], quick: [10, 50] };

/** The most memory that a process took above what it had before it read the text. */
export const memory: Section = {
  name: 'memory',
  description: 'peak memory above the start, by case and by size of the file',
  async run(context) {
    const rows: (readonly [label: string, startBytes: number, aboveBytes: number])[] = [];
    const add = async (label: string, settings: SettingValues, text: BenchText): Promise<void> => {
      const { startBytes, peakBytes } = await measure(context, label, settings, text);
      rows.push([label, startBytes, peakBytes - startBytes]);
    };
    for (const { name, settings } of CASES) await add(name, settings, context.text);
    for (const megabytes of context.quick ? FILE_MEGABYTES.quick : FILE_MEGABYTES.full) {
      await add(`M, ${megabytes} MB`, caseNamed('M').settings, resized(context.text, megabytes * 1e6, context.folder));
    }
    return {
      tables: [
        {
          title: 'Peak memory of the process',
          columns: ['', 'at the start', 'above it'],
          rows: rows.map(([label, start, above]) => [label, mebibytes(start), mebibytes(above)]),
        },
      ],
      notes: [],
      data: rows,
    };
  },
};

async function measure(context: Context, label: string, settings: SettingValues, text: BenchText) {
  context.log(`memory: ${label}`);
  const ours = await Ours.start(label, settings, text);
  return using([ours], async () => {
    await ours.run(context.look.pieceSeconds);
    return ours.memory();
  });
}
