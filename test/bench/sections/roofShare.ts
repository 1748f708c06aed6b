import { caseNamed, KERNELS, networkOfCase, operationsPerCharacter } from '../cases.ts';
import { using, type Context, type Section } from '../context.ts';
import { rateOf } from '../contestant.ts';
import { tryOurs } from '../ours.ts';
import { measureRoofs, type Roof } from '../roof.ts';
import { median } from '../statistics.ts';
import { percent } from '../table.ts';

/** Those with a product kernel of their own. */
const VECTOR_KERNELS = KERNELS.filter((kernels) => kernels !== 'scalar');
const THREADS = [1, 2];
/** What is to be reached of the roof: of gated cells less, since more of what they do is no product. */
const TARGET = 0.75;
const TARGET_OF_GATED = 0.7;
/** The case that is not made of large products. */
const TOO_SMALL = 'S';

/** What the trainer reaches of the floating-point rate of its product kernel alone, on the same number of threads. */
export const roofShare: Section = {
  name: 'roof',
  description: 'the product kernel alone, and the share of it that training reaches',
  async run(context) {
    const rows: string[][] = [];
    const notes: string[] = [];
    const data: object[] = [];
    for (const { name, settings } of context.cases) {
      if (name === TOO_SMALL) continue;
      // The roof is measured beside each case, so that both see the machine as it is just then.
      for (const roof of await measureRoofs(VECTOR_KERNELS, THREADS, context.look.pieceSeconds)) {
        const reached = await gigaflops(context, name, roof);
        const label = `${name}, ${roof.kernels}, ${roof.threads} thread${roof.threads === 1 ? '' : 's'}`;
        if (typeof reached === 'string') {
          notes.push(`${label}: not measured: ${reached}`);
          continue;
        }
        const share = reached / roof.gigaflops;
        const target = networkOfCase(settings).cell === 'tanh' ? TARGET : TARGET_OF_GATED;
        rows.push([label, roof.gigaflops.toFixed(1), reached.toFixed(1), percent(share)]);
        data.push({ name, roof, reached });
        const verdict = share >= target ? 'reached' : 'missed';
        notes.push(`${label}: ${percent(share)} of the roof; the target, ${percent(target)}, is ${verdict}.`);
      }
    }
    if (data.length === 0)
      return { tables: [], notes: [...notes, 'No product kernel can be measured by itself.'], data };
    const columns = ['', 'roof, GFLOP/s', 'training, GFLOP/s', 'share'];
    return { tables: [{ title: 'The roof', columns, rows }], notes, data };
  },
};

/** Counted over the products of training only, so that everything else it does lowers the share. */
async function gigaflops(context: Context, name: string, { kernels, threads }: Roof): Promise<number | string> {
  context.log(`roof: ${name}, ${kernels}, ${threads}`);
  const { settings } = caseNamed(name);
  const ours = await tryOurs(name, { ...settings, kernels, threads }, context.text);
  if (typeof ours === 'string') return ours;
  return using([ours], async () => {
    await ours.run(context.tierUpSeconds);
    const rates: number[] = [];
    for (let piece = 0; piece < context.pairs.rounds; piece++)
      rates.push(rateOf(await ours.run(context.look.pieceSeconds)));
    return (median(rates) * operationsPerCharacter(settings, ours.started.vocabularySize)) / 1e9;
  });
}
