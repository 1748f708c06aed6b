import type { Tab } from '../../../src/protocol/panel.ts';
import { caseNamed } from '../cases.ts';
import type { Contestant } from '../contestant.ts';
import { using, type Section } from '../context.ts';
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
const MOST_MS = 300;
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
    const ours = await Ours.start('looking', caseNamed('M').settings, context.text);
    return using([ours], async () => {
      context.log('looking: what the tabs cost');
      const contestants = VARIANTS.map(({ name, tab }): Contestant => seenBy(ours, name, tab));
      const rates = await interleave(contestants, context.quick ? PACING.quick : PACING.full);
      context.log('looking: how long a window takes');
      const looked = await ours.looks(LOOKS);
      const costs = rates.map((rate) => 1 - ratioOfPairs(rate, rates[0]).median);
      const memoryCost = costs[VARIANTS.findIndex(({ tab }) => tab === 'memory')];
      const waits = looked.map((one) => one.captureMs + one.tapeMs + one.memoryMs);
      const wait = spread(waits.slice(1)).median;
      return {
        tables: [
          {
            title: 'M: characters/s with a tab of the panel open',
            columns: ['tab', 'characters/s', 'cost'],
            rows: VARIANTS.map(({ name }, index) => [
              name,
              countSpread(spread(rates[index])),
              index === 0 ? '' : percent(costs[index]),
            ]),
          },
          {
            title: 'M: one window of a running network, ms',
            columns: ['', 'first', 'median of the others'],
            rows: (['captureMs', 'tapeMs', 'memoryMs', 'spectrumMs'] as const).map((part) => [
              part.slice(0, -2),
              looked[0][part].toFixed(0),
              spread(looked.slice(1).map((one) => one[part])).median.toFixed(0),
            ]),
          },
        ],
        notes: [
          `The Memory tab costs ${percent(memoryCost)}; the target, at most ${percent(MOST_COST)}, is ${memoryCost <= MOST_COST ? 'reached' : 'missed'}.`,
          `Tape and influence come after ${wait.toFixed(0)} ms (the first after ${waits[0].toFixed(0)} ms); the target, within ${MOST_MS} ms, is ${wait <= MOST_MS ? 'reached' : 'missed'}.`,
        ],
        data: { rates, looked },
      };
    });
  },
};

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
