import { caseNamed } from '../cases.ts';
import { using, type Context, type Findings, type Section } from '../context.ts';
import { Ours, tryOurs } from '../ours.ts';
import { interleave, sideBySide } from '../pairs.ts';
import { ratioOfPairs, spread } from '../statistics.ts';
import { countSpread, percent, ratioSpread } from '../table.ts';

/** What two threads together are to give, of two processes of one thread each. */
const TARGET = 0.9;

/** Two threads that train one network, against two processes side by side, which share the cores and nothing else. */
export const threads: Section = {
  name: 'threads',
  description: 'two threads together against two one-thread processes side by side',
  async run(context) {
    const findings: Findings[] = [];
    for (const name of context.quick ? ['M'] : ['M', 'L']) findings.push(await measure(context, name));
    return {
      tables: findings.flatMap(({ tables }) => tables),
      notes: findings.flatMap(({ notes }) => notes),
      data: findings.map(({ data }) => data),
    };
  },
};

async function measure(context: Context, name: string): Promise<Findings> {
  context.log(`threads: ${name}`);
  const { settings } = caseNamed(name);
  const together = await tryOurs('two threads together', { ...settings, threads: 2 }, context.text);
  if (typeof together === 'string')
    return { tables: [], notes: [`${name}: not measured: ${together}`], data: together };
  const all = [together];
  return using(all, async () => {
    for (const which of ['first', 'second'])
      all.push(await Ours.start(which, { ...settings, threads: 1 }, context.text));
    const [, first, second] = all;
    const contestants = [together, sideBySide('two processes of one thread', [first, second]), first];
    const [ofTeam, ofBoth, ofOne] = await interleave(contestants, context.pairs);
    const ratio = ratioOfPairs(ofTeam, ofBoth);
    const verdict = ratio.median >= TARGET ? 'reached' : 'missed';
    return {
      tables: [
        {
          title: `${name}: two threads`,
          columns: ['', 'characters/s', 'two threads, times as fast'],
          rows: [
            ['two threads together', countSpread(spread(ofTeam)), ''],
            ['two processes of one thread', countSpread(spread(ofBoth)), ratioSpread(ratio)],
            ['one thread alone', countSpread(spread(ofOne)), ratioSpread(ratioOfPairs(ofTeam, ofOne))],
          ],
        },
      ],
      notes: [
        `${name}: two threads give ${percent(ratio.median)} of two processes; the target, ${percent(TARGET)}, is ${verdict}.`,
      ],
      data: { name, together: ofTeam, sideBySide: ofBoth, alone: ofOne },
    };
  });
}
