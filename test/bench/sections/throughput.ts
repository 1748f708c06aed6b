import { describeCase, type BenchCase } from '../cases.ts';
import {
  describeOurs,
  fastest,
  fastestOfEach,
  lookAtOurs,
  lookAtPeers,
  WORTH_A_THREAD,
  type Look,
  type OurChoice,
} from '../choose.ts';
import { using, type Context, type Findings, type Section } from '../context.ts';
import { Ours } from '../ours.ts';
import { interleave } from '../pairs.ts';
import { ratioOfPairs, spread, type Spread } from '../statistics.ts';
import { count, countSpread, ratioSpread, times, type Table } from '../table.ts';
import type { PeerChoice } from '../peers.ts';

/** Characters a second in every case: a look at every way to train them, then the best ways in turn with each other. */
export const throughput: Section = {
  name: 'throughput',
  description: 'characters a second at S, M and L, and of gated cells, against NumPy and PyTorch',
  async run(context) {
    const findings: Findings[] = [];
    for (const benchCase of context.cases) findings.push(await measureCase(context, benchCase));
    return {
      tables: findings.flatMap(({ tables }) => tables),
      // What cannot be measured is the same in most cases.
      notes: [...new Set([...context.peers.missing, ...findings.flatMap(({ notes }) => notes)])],
      data: findings.map(({ data }) => data),
    };
  },
};

interface Paired {
  readonly name: string;
  readonly rates: readonly number[];
  readonly isPeer: boolean;
}

async function measureCase(context: Context, benchCase: BenchCase): Promise<Findings> {
  const ours = await lookAtOurs(context, benchCase);
  const peers = await lookAtPeers(context, benchCase, ['numpy', 'torch']);
  const best = fastest(ours, WORTH_A_THREAD);
  if (best === undefined) throw new Error(`no kernel trains ${benchCase.name}`);
  const paired = await measurePairs(context, benchCase, best, fastestOfEach(peers));
  const table = pairsTable(benchCase, paired);
  return {
    tables: [looksTable(benchCase, [...ours, ...peers]), table.table],
    notes: [...reasons([...ours, ...peers]), ...table.notes],
    data: { case: benchCase, looks: [...ours, ...peers], pairs: paired },
  };
}

/** Ours at its best and as it is by default, and every peer at its best, in turn. */
async function measurePairs(
  context: Context,
  { name, settings }: BenchCase,
  best: Look<OurChoice>,
  peers: readonly Look<PeerChoice>[],
): Promise<Paired[]> {
  context.log(`${name}: in turn`);
  const ours = [await Ours.start(describeOurs(best.choice), { ...settings, ...best.choice }, context.text)];
  return using(ours, async () => {
    const byDefault = await Ours.start('ours, by default', settings, context.text);
    ours.push(byDefault);
    const { kernels, threads } = byDefault.started;
    const contestants = [
      ours[0],
      // Where the default is the best, it need not run against itself.
      ...(kernels === best.choice.kernels && threads === best.choice.threads ? [] : [byDefault]),
    ];
    const prepared = [];
    for (const { choice } of peers) prepared.push(await context.peers.prepare(choice, settings, context.text));
    const rates = await interleave([...contestants, ...prepared], context.pairs);
    return [...contestants, ...prepared].map((contestant, index) => ({
      name: contestant === byDefault ? `${contestant.name} (${kernels}, ${threads})` : contestant.name,
      rates: rates[index],
      isPeer: index >= contestants.length,
    }));
  });
}

/** Why there are ways without a figure. */
function reasons(looks: readonly Look<unknown>[]): string[] {
  return looks.flatMap(({ name, outcome }) =>
    typeof outcome === 'string' ? [`${name}: not measured: ${outcome}`] : [],
  );
}

function looksTable(benchCase: BenchCase, looks: readonly Look<unknown>[]): Table {
  return {
    title: `${describeCase(benchCase)}: a look at each`,
    columns: ['', 'characters/s'],
    rows: looks.map(({ name, outcome }) => [name, typeof outcome === 'number' ? count(outcome) : '–']),
  };
}

function pairsTable(benchCase: BenchCase, paired: readonly Paired[]): { table: Table; notes: string[] } {
  const ours = paired[0];
  const ratios = new Map<Paired, Spread>();
  for (const peer of paired.filter(({ isPeer }) => isPeer)) ratios.set(peer, ratioOfPairs(ours.rates, peer.rates));
  const rows = paired.map((one) => {
    const ratio = ratios.get(one);
    return [one.name, countSpread(spread(one.rates)), ratio === undefined ? '' : ratioSpread(ratio)];
  });
  const table = {
    title: `${describeCase(benchCase)}: in turn, ${ours.rates.length} pieces each, median (least–greatest)`,
    columns: ['', 'characters/s', `${ours.name}, times as fast`],
    rows,
  };
  const least = Math.min(...[...ratios.values()].map(({ median }) => median));
  if (!Number.isFinite(least)) return { table, notes: [`${benchCase.name}: no peer to compare with.`] };
  const { target } = benchCase;
  if (target === undefined) return { table, notes: [`${benchCase.name}: ${times(least)} × the best peer.`] };
  const verdict = least >= target ? 'reached' : 'missed';
  const note = `${benchCase.name}: ${times(least)} × the best peer; the target, ${target} ×, is ${verdict}.`;
  return { table, notes: [note] };
}
