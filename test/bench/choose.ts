import { availableParallelism } from 'node:os';
import { KERNELS, type BenchCase } from './cases.ts';
import { using, type Context } from './context.ts';
import { rateOf, type Contestant } from './contestant.ts';
import { tryOurs } from './ours.ts';
import { describeChoice, type Framework, type PeerChoice } from './peers.ts';

/** A short look at one way to train a case, which decides who takes part in the pairs. */
export interface Look<C> {
  readonly name: string;
  readonly choice: C;
  /** Characters a second, or why there is no such figure. */
  readonly outcome: number | string;
}

/** The kernels for machines without anything better. */
const LAST_RESORT = 'scalar';
/** Pieces that an iteration lasts, after which a second one would say nothing new. */
const LONG = 5;

/** What a second thread must bring in a look, which is a rough measure, before ours is taken with it. */
export const WORTH_A_THREAD = 1.03;

/** Which kernels on how many threads. */
export interface OurChoice {
  readonly kernels: string;
  readonly threads: number;
}

/** Every kernel on one thread and on two. */
export function ourChoices(): OurChoice[] {
  const counts = availableParallelism() > 1 ? [1, 2] : [1];
  return KERNELS.flatMap((kernels) => counts.map((threads) => ({ kernels, threads })));
}

export function describeOurs({ kernels, threads }: OurChoice): string {
  return `ours, ${kernels}, ${threads} thread${threads === 1 ? '' : 's'}`;
}

/** Looks at each of our choices in turn, each in a fresh process. In a hurry, the last resort is left out where there is better. */
export async function lookAtOurs(context: Context, benchCase: BenchCase): Promise<Look<OurChoice>[]> {
  const looks: Look<OurChoice>[] = [];
  for (const choice of ourChoices()) {
    const name = describeOurs(choice);
    context.log(`${benchCase.name}: ${name}`);
    if (context.quick && choice.kernels === LAST_RESORT && fastest(looks) !== undefined) continue;
    const ours = await tryOurs(name, { ...benchCase.settings, ...choice }, context.text);
    const outcome =
      typeof ours === 'string' ? ours : await using([ours], () => lookAt(context, ours, context.tierUpSeconds));
    looks.push({ name, choice, outcome });
  }
  return looks;
}

/** Looks at every way to use the libraries. One that fails is reported with its reason. */
export async function lookAtPeers(
  context: Context,
  benchCase: BenchCase,
  frameworks: readonly Framework[],
): Promise<Look<PeerChoice>[]> {
  const looks: Look<PeerChoice>[] = [];
  for (const choice of context.peers.choices(frameworks, benchCase.settings)) {
    // Of two kinds of threads on the same cores, those of the matrix library have been the ones worth having.
    if (context.quick && choice.threads.operations > 1) continue;
    const name = describeChoice(choice);
    context.log(`${benchCase.name}: ${name}`);
    looks.push({ name, choice, outcome: await lookAtPeer(context, benchCase, choice) });
  }
  return looks;
}

async function lookAtPeer(context: Context, benchCase: BenchCase, choice: PeerChoice): Promise<number | string> {
  try {
    const peer = await context.peers.prepare(choice, benchCase.settings, context.text);
    return await lookAt(context, peer, context.look.warmUpSeconds);
  } catch (error) {
    return (error as Error).message;
  }
}

async function lookAt({ look }: Context, contestant: Contestant, warmUpSeconds: number): Promise<number> {
  const warmUp = await contestant.run(warmUpSeconds);
  // An iteration that takes this long is a figure by itself.
  if (warmUp.seconds > LONG * look.pieceSeconds) return rateOf(warmUp);
  const rates: number[] = [];
  for (let round = 0; round < look.rounds; round++) rates.push(rateOf(await contestant.run(look.pieceSeconds)));
  return Math.max(...rates);
}

/** The fastest of those that have a figure; a later one must be so many times as fast as those before it. */
export function fastest<C>(looks: readonly Look<C>[], margin = 1): Look<C> | undefined {
  const rate = ({ outcome }: Look<C>): number => (typeof outcome === 'number' ? outcome : -1);
  const best = looks.reduce<Look<C> | undefined>(
    (a, b) => (a === undefined || rate(b) > (rate(a) < 0 ? 0 : margin * rate(a)) ? b : a),
    undefined,
  );
  return best === undefined || typeof best.outcome === 'string' ? undefined : best;
}

/** The fastest of each way to write the network: the libraries' variants with the threads that suit them. */
export function fastestOfEach(looks: readonly Look<PeerChoice>[]): Look<PeerChoice>[] {
  // PyTorch's ways share a process, and the better one stands for both.
  const ways = Map.groupBy(looks, ({ choice }) => (choice.framework === 'numpy' ? choice.variant : choice.framework));
  return [...ways.values()].map((way) => fastest(way)).filter((look) => look !== undefined);
}
