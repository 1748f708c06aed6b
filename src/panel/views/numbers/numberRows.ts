import { quotedSymbol } from '../../../common/format.ts';
import { hasWords } from '../../../network/names.ts';
import { errorName, type Axis, type Network, type Quantity } from '../../../network/network.ts';
import type { Numbers } from '../../../protocol/study.ts';
import { errorAt, timed } from '../../network/notation.ts';

/** Which numbers of a window stand in which rows of the figure. No DOM. */

/** The rows of one quantity at every time step, the first of which is that of what comes in. */
export interface StepRows {
  /** By which it goes in tables that are saved. */
  readonly name: string;
  readonly markup: string;
  readonly title: string;
  /** What its rows stand for; of a single number none. */
  readonly axis: Axis | undefined;
  /** The number of a row at time step t, −1 for what comes in; undefined where there is none. */
  readonly at: (row: number, t: number) => number | undefined;
}

/** Side A: every quantity of a time step in the order of the forward pass, and the loss. */
export function rowsOfSideA(network: Network, sizes: Readonly<Record<Axis, number>>): (numbers: Numbers) => StepRows[] {
  return (numbers) => [
    ...network.quantities.map((quantity): StepRows => ({
      name: quantity.name,
      markup: timed(quantity.name),
      title: titleOf(quantity),
      axis: quantity.axis,
      at: (row, t) =>
        t < 0
          ? numbers.carriedIn[quantity.name]?.[row]
          : numbers.quantities[quantity.name][t * sizes[quantity.axis] + row],
    })),
    {
      name: 'L',
      markup: 'L(t)',
      title: 'loss, nats',
      axis: undefined,
      at: (_, t) => (t < 0 ? undefined : numbers.lossNats[t]),
    },
  ];
}

/** Side B: every error from the logits on, in the order of the backward pass, then what goes to the time step before. */
export function rowsOfSideB(network: Network, sizes: Readonly<Record<Axis, number>>): (numbers: Numbers) => StepRows[] {
  const [, { gives: probabilities }] = network.output;
  const errors = network.quantities.toReversed().filter(({ name }) => name !== probabilities);
  return (numbers) => [
    ...errors.map(({ name, axis, ...quantity }): StepRows => ({
      name: errorName(name),
      markup: errorAt(name),
      title: `error at the ${titleOf({ name, axis, ...quantity })}`,
      axis,
      at: (row, t) => (t < 0 ? undefined : numbers.errors[name][t * sizes[axis] + row]),
    })),
    ...network.states.map((state): StepRows => ({
      name: `message_${state}`,
      markup: `→ ${timed(`${state}⁻`)}`,
      title: 'what goes to the state of the time step before',
      axis: 'H',
      at: (row, t) => (t < 0 ? undefined : numbers.messages[state][t * sizes.H + row]),
    })),
  ];
}

/** What each row along an axis stands for: a unit by its number, a class by its symbol. */
export function rowLabels(
  axis: Axis | undefined,
  { H }: Readonly<Record<Axis, number>>,
  symbols: readonly string[],
): string[] {
  if (axis === undefined) return [''];
  return axis === 'V' ? symbols.map(quotedSymbol) : Array.from({ length: H }, (_, unit) => String(unit));
}

function titleOf(quantity: Quantity): string {
  return hasWords(quantity) ? quantity.words : quantity.name;
}
