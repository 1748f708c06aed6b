import { CELL_NAMES } from '../../../src/network/cells.ts';
import { caseNamed, type BenchCase } from '../cases.ts';
import { using, type Context, type Findings, type Section } from '../context.ts';
import { INSPECTION_VARIANTS, type InspectionVariant } from '../inspectionVariants.ts';
import { tryOurs, type Ours } from '../ours.ts';
import { interleave, type Pacing } from '../pairs.ts';
import { ratioOfPairs, spread } from '../statistics.ts';
import { countSpread, percent } from '../table.ts';

type Measured = Pick<BenchCase, 'name' | 'settings'>;

/** The three sizes, and every cell at the middle one. */
const MEASURED: readonly Measured[] = [
  ...['S', 'M', 'L'].map(caseNamed),
  ...CELL_NAMES.filter((cell) => cell !== 'tanh').map((cell) => ({
    name: `M ${cell}`,
    settings: { ...caseNamed('M').settings, cell },
  })),
];
const QUICK = MEASURED.filter(({ name }) => ['M', 'M lstm'].includes(name));

/** What inspection costs: runs with and without it, in turn. */
export const overhead: Section = {
  name: 'overhead',
  description: 'what inspection costs: none, at display rate, every iteration',
  async run(context) {
    const findings: Findings[] = [];
    for (const one of context.quick ? QUICK : MEASURED) findings.push(await measure(context, one));
    return {
      tables: findings.flatMap(({ tables }) => tables),
      notes: [...new Set(findings.flatMap(({ notes }) => notes))],
      data: findings.map(({ data }) => data),
    };
  },
};

/** A few hundredths show in many short pieces sooner than in a few long ones. */
function manyShort({ warmUpSeconds, pieceSeconds, rounds }: Pacing): Pacing {
  return { warmUpSeconds, pieceSeconds: (2 * pieceSeconds) / 3, rounds: 2 * rounds };
}

async function measure(context: Context, { name, settings }: Measured): Promise<Findings> {
  context.log(`overhead: ${name}`);
  const contestants: Ours[] = [];
  const variants: InspectionVariant[] = [];
  const notes: string[] = [];
  return using(contestants, async () => {
    for (const variant of INSPECTION_VARIANTS) {
      const ours = await tryOurs(variant.name, settings, context.text, variant.mode);
      if (typeof ours === 'string') notes.push(`"${variant.name}" is not measured: ${ours}`);
      else {
        contestants.push(ours);
        variants.push(variant);
      }
    }
    if (variants.length < INSPECTION_VARIANTS.length) return { tables: [], notes, data: undefined };
    const rates = await interleave(contestants, manyShort(context.pairs));
    return { ...compare(name, variants, rates), data: { name, variants, rates } };

    function compare(title: string, compared: readonly InspectionVariant[], measured: readonly number[][]) {
      const costs = measured.map((rate) => 1 - ratioOfPairs(rate, measured[0]).median);
      const rows = compared.map((variant, index) => [
        variant.name,
        countSpread(spread(measured[index])),
        index === 0 ? '' : percent(costs[index]),
      ]);
      const verdicts = compared.flatMap(({ name: variant, mostCost }, index) =>
        mostCost === undefined
          ? []
          : [
              `${title}: ${variant} costs ${percent(costs[index])}; the target, at most ${percent(mostCost)}, is ` +
                `${costs[index] <= mostCost ? 'reached' : 'missed'}.`,
            ],
      );
      return {
        tables: [{ title: `${title}: inspection`, columns: ['', 'characters/s', 'cost'], rows }],
        notes: [...notes, ...verdicts],
      };
    }
  });
}
