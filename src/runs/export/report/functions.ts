import { formatShare, groupDigits } from '../../../common/format.ts';
import { functionsOf } from '../../../network/functions.ts';
import { functionOfState, heldUnitsWords } from '../../../network/heldUnits.ts';
import { hasWords, written } from '../../../network/names.ts';
import { SLOPES } from '../../../network/slopes.ts';
import type { ExportedRun } from '../exportedRun.ts';
import { markup, type Markup } from './markup.ts';
import { table } from './table.ts';

/** What each function and gate of a network that has several gave at the last measurement; nothing of one that has a single one. */
export function functionsTable({ network, history }: ExportedRun): Markup {
  const newest = history.of('vitals').findLast(({ functions }) => functions !== undefined);
  const all = functionsOf(network);
  if (newest?.functions === undefined || all.length === 1) return markup``;
  const { functions } = newest;
  const measured = all.filter(({ gives }) => Object.hasOwn(functions, gives));
  const rows = measured.map(({ gives, activation, isGate, isOfState }) => {
    const { saturated, open, dead } = functions[gives];
    const quantity = network.quantities.find(({ name }) => name === gives);
    const words = quantity !== undefined && hasWords(quantity) ? quantity.words : '';
    const ends = isGate && open !== undefined ? [formatShare(open), formatShare(saturated - open)] : ['', ''];
    return [
      written(gives),
      ...(network.layers === 1 ? [] : [quantity?.layer ?? '']),
      words,
      SLOPES[activation].words,
      ...(isGate ? ['', ''] : [formatShare(saturated), isOfState ? '' : formatShare(dead)]),
      ...ends,
    ];
  });
  const layer = network.layers === 1 ? [] : ['layer'];
  const head = ['function', ...layer, 'what it is', 'by', 'saturated', 'dead units', 'open', 'shut'];
  const held = measured.flatMap(({ gives }) => {
    const of = functionOfState(network, { gives });
    if (of === undefined || functions[gives].dead === 0) return [];
    return [`${written(gives)}: ${formatShare(functions[gives].dead)} of the units ${heldUnitsWords(network, of)}.`];
  });
  return markup`${table(
    `Functions and gates at iteration ${groupDigits(newest.iteration)}, in shares of the window`,
    head,
    rows,
  )}${held.map((text) => markup`<p>${text}</p>`)}`;
}
