import { readRef, type Ref } from '../../../network/description.ts';
import type { Network } from '../../../network/network.ts';
import { idOf } from '../../network/notation.ts';
import { layerOf } from '../../network/quantities.ts';
import type { UnitColumnName } from './shownVectors.ts';

/** What the columns of the table of a cell are called, for ids, files and what leads to them. Errors go by `errorName`. */

/** What an equation reads: `a`, `aPrevious`, `left-of-z`. */
export function readKey(ref: Ref): string {
  return `${readRef(ref).isLeft ? 'left-of-' : ''}${idOf(ref)}`;
}

/** The slope of the function that gave a quantity. */
export function slopeKey(gave: string): string {
  return `slope-${gave}`;
}

/** What comes to a state from the time step after. */
export function futureKey(state: string): string {
  return `d${state}-future`;
}

export function futureColumn(network: Network, state: string): UnitColumnName {
  return { layer: layerOf(network, state), key: futureKey(state) };
}

/** What goes to a state of the time step before. */
export function messageColumn(network: Network, state: string): UnitColumnName {
  return { layer: layerOf(network, state), key: `message-${state}` };
}
