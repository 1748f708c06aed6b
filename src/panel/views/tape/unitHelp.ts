import { written } from '../../../network/names.ts';
import type { Network } from '../../../network/network.ts';
import { SLOPES } from '../../../network/slopes.ts';
import { wayBackOf } from '../../../network/wayBack.ts';
import { listed } from '../../../network/quantities.ts';
import { DIGITS } from './unitTable.ts';

/** How the table of a cell is read. No DOM. */
export function unitHelp(network: Network): string {
  return (
    `A row is a hidden unit; from left to right each column follows from those before it. ${wayText(network)} ` +
    `The step of side B above a column opens it.\n` +
    `Numbers have ${DIGITS} significant digits; what a function gave has as many as its slope needs, so that the slope can be computed anew to ${DIGITS} digits even where a unit is saturated. Files and copies have all digits.\n` +
    'A column’s name sorts by |value|, chosen again by value. A unit that is chosen (click, Enter or Space) is followed: it is marked, with its number, in every strip and matrix of this time step. ' +
    'Up and down arrow walk the units, left and right scroll the columns.'
  );
}

/** What is multiplied with what, of a cell with a single way back; else which gates there are to look at alone. */
function wayText(network: Network): string {
  const way = wayBackOf(network);
  if (way !== undefined) {
    const [state, pre] = [written(way.state), written(way.preActivation)];
    return `own + future = ∂${state}, and ∂${state} times ${SLOPES[way.activation].of(state)} is ∂${pre}.`;
  }
  const states = network.states.filter((name) =>
    network.quantities.some((one) => one.name === name && one.layer === 1),
  );
  return (
    `What comes in its own time step and from the future adds up to the error of ${listed(states)}; ` +
    'from there it is multiplied by what stands beside it, gate by gate.'
  );
}
