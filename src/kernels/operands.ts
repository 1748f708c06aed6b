import { readRef } from '../network/description.ts';
import type { Network } from '../network/network.ts';
import type { Place } from './program/program.ts';

/** What the contributions of a network's parameters are made of, each once; what is of the time step before comes first. */
export class Operands {
  readonly list: readonly Place[];

  constructor({ parameters }: Network) {
    const places = parameters.flatMap(({ of, times }): Place[] => {
      const u: Place = { side: 'error', of, isBefore: false };
      if (times === undefined || times === 'x') return [u];
      const { name, isBefore } = readRef(times);
      return [u, { side: 'value', of: name, isBefore }];
    });
    const unique = places.filter((place, index) => places.findIndex((other) => isSame(other, place)) === index);
    this.list = [...unique.filter(({ isBefore }) => isBefore), ...unique.filter(({ isBefore }) => !isBefore)];
  }

  /** −1 for what is none. */
  indexOf(place: Place): number {
    return this.list.findIndex((other) => isSame(other, place));
  }

  /** The place of what is the same one time step later. */
  laterOf(place: Place): number {
    return place.isBefore ? this.indexOf({ ...place, isBefore: false }) : -1;
  }
}

function isSame(one: Place, other: Place): boolean {
  return one.side === other.side && one.of === other.of && one.isBefore === other.isBefore;
}
