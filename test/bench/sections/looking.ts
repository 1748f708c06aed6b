import type { Tab } from '../../../src/protocol/panel.ts';
import { caseNamed } from '../cases.ts';
import type { Contestant } from '../contestant.ts';
import { using, type Context, type Findings, type Section } from '../context.ts';
import { Ours } from '../ours.ts';
import { interleave } from '../pairs.ts';
import { ratioOfPairs, spread } from '../statistics.ts';
import { countSpread, percent } from '../table.ts';

/** Long enough for several windows: the more one costs, the more seldom it is looked at. */
const PACING = {
  full: { warmUpSeconds: 6, pieceSeconds: 15, rounds: 4 },
  quick: { warmUpSeconds: 4, pieceSeconds: 10, rounds: 2 },
};
const LOOKS = 9;
const MOST_COST = 0.05;
/** What is looked at, and how long a person is to wait for tape and influence at most. */
const LOOKED_AT = [
  { name: 'M', mostMs: 300 },
  { name: 'M lstm', mostMs: 800 },
] as const;
const VARIANTS: readonly { readonly name: string; readonly tab: Tab | null }[] = [
  { name: 'no panel', tab: null },
  { name: 'Overview', tab: 'overview' },
  { name: 'Time steps', tab: 'steps' },
  { name: 'Memory', tab: 'memory' },
];

/** What it costs to look into the network while it trains, and how long a person waits for it. */
export const looking: Section = {
  name: 'looking',
  description: 'what the tabs of the panel cost a running network, and how long a window takes',
  async run(context) {
    const findings: Findings[] = [];
    for (const { name, mostMs } of LOOKED_AT) findings.push(await look(context, name, mostMs));
    return {
      tables: findings.flatMap(({ tables }) => tables),
      notes: findings.flatMap(({ notes }) => notes),
      data: findings.map(({ data }) => data),
    };
  },
};

async function look(context: Context, name: string, mostMs: number): Promise<Findings> {
  const ours = await Ours.start('looking', caseNamed(name).settings, context.text);
  return using([ours], async () => {
    context.log(`looking: ${name}: what the tabs cost`);
    const contestants = VARIANTS.map((variant): Contestant => seenBy(ours, variant.name, variant.tab));
    const rates = await interleave(contestants, context.quick ? PACING.quick : PACING.full);
    context.log(`looking: ${name}: how long a window takes`);
    const looked = await ours.looks(LOOKS);
    const costs = rates.map((rate) => 1 - ratioOfPairs(rate, rates[0]).median);
    const memoryCost = costs[VARIANTS.findIndex(({ tab }) => tab === 'memory')];
    const waits = looked.map((one) => one.captureMs + one.tapeMs + one.memoryMs);
    const wait = spread(waits.slice(1)).median;
    return {
      tables: [
        {
          title: `${name}: characters/s with a tab of the panel open`,
          columns: ['tab', 'characters/s', 'cost'],
          rows: VARIANTS.map((variant, index) => [
            variant.name,
            countSpread(spread(rates[index])),
            index === 0 ? '' : percent(costs[index]),
          ]),
        },
        {
          title: `${name}: one window of a running network, ms`,
          columns: ['', 'first', 'median of the others'],
          rows: (['captureMs', 'tapeMs', 'memoryMs', 'spectrumMs'] as const).map((part) => [
            part.slice(0, -2),
            looked[0][part].toFixed(0),
            spread(looked.slice(1).map((one) => one[part])).median.toFixed(0),
          ]),
        },
      ],
      notes: [
        `${name}: the Memory tab costs ${percent(memoryCost)}; the target, at most ${percent(MOST_COST)}, is ` +
          `${memoryCost <= MOST_COST ? 'reached' : 'missed'}.`,
        `${name}: tape and influence come after ${wait.toFixed(0)} ms (the first after ${waits[0].toFixed(0)} ms); the target, ` +
          `within ${mostMs} ms, is ${wait <= mostMs ? 'reached' : 'missed'}.`,
      ],
      data: { name, rates, looked },
    };
  });
}

/** The one run, while a panel shows a tab of it. */
function seenBy(ours: Ours, name: string, tab: Tab | null): Contestant {
  return {
    name,
    run: async (seconds) => {
      await ours.watch(tab);
      try {
        return await ours.run(seconds);
      } finally {
        await ours.watch(null);
      }
    },
    close: () => Promise.resolve(),
  };
}
