import { setTimeout as wait } from 'node:timers/promises';
import { rateOf, type Contestant } from './contestant.ts';

/** How long pieces and warm-up are, in seconds, and how many pieces each contestant runs. */
export interface Pacing {
  readonly warmUpSeconds: number;
  readonly pieceSeconds: number;
  readonly rounds: number;
}

/** After a piece, the threads of some libraries look for work for a while before they sleep. */
const SETTLING_MS = 60;

/**
 * Lets contestants run in turn, so that what slows the machine down for a while meets all of them. Every second round goes
 * the other way round, so that none always follows the same one.
 * @returns characters a second, for every contestant one of each round.
 */
export async function interleave(contestants: readonly Contestant[], pacing: Pacing): Promise<number[][]> {
  for (const contestant of contestants) await runAlone(contestant, pacing.warmUpSeconds);
  const rates = contestants.map((): number[] => []);
  for (let round = 0; round < pacing.rounds; round++) {
    for (const turn of turns(contestants.length, round)) {
      rates[turn].push(await runAlone(contestants[turn], pacing.pieceSeconds));
    }
  }
  return rates;
}

/** Who runs when in a round. */
export function turns(contestants: number, round: number): number[] {
  const forward = Array.from({ length: contestants }, (_, turn) => turn);
  return round % 2 === 0 ? forward : forward.reverse();
}

async function runAlone(contestant: Contestant, seconds: number): Promise<number> {
  const rate = rateOf(await contestant.run(seconds));
  await wait(SETTLING_MS);
  return rate;
}

/** Contestants that run at the same time, as one: the sum of what they train. */
export function sideBySide(name: string, contestants: readonly Contestant[]): Contestant {
  return {
    name,
    run: async (seconds) => {
      const pieces = await Promise.all(contestants.map((contestant) => contestant.run(seconds)));
      const rate = pieces.map(rateOf).reduce((sum, one) => sum + one, 0);
      const longest = Math.max(...pieces.map((piece) => piece.seconds));
      return { characters: rate * longest, seconds: longest };
    },
    close: async () => {
      await Promise.all(contestants.map((contestant) => contestant.close()));
    },
  };
}
