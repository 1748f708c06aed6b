import { gateShares, OPEN, orderGates, SHUT, type GateShares } from '../../charts/gateActivity.ts';
import type { UnitOrder } from '../../charts/memorySaturation.ts';
import { pictureName, type PictureData } from '../../charts/pictureData.ts';
import { formatShare, groupDigits } from '../../../common/format.ts';
import type { Activation } from '../../../network/description.ts';
import { functionWordsOf, type FunctionWords } from '../../../network/wayWords.ts';
import type { Memory, Units } from '../../../protocol/study.ts';
import type { MirroredRun } from '../../state/mirror.ts';
import { ColorBar } from '../colorBar.ts';
import type { PanelContext } from '../view.ts';
import { UnitMap, unitTable } from './unitMap.ts';
import { aboutWindow } from './window.ts';

/** The numbers at the ends of the colours. */
const RANGES: Readonly<Record<Activation, { readonly low: number; readonly high: number }>> = {
  sigmoid: { low: 0, high: 1 },
  tanh: { low: -1, high: 1 },
  relu: { low: 0, high: 1 },
};

/** What a gate, or another function of a cell with gates, gave: of every hidden unit (a row) at every time step (a column). */
export class GateView extends UnitMap {
  readonly #quantity: string;
  readonly #words: FunctionWords;

  /** @param quantity that the function gives. */
  constructor(context: PanelContext, quantity: string, controls: readonly HTMLElement[]) {
    const words = functionWordsOf(context.network, quantity);
    const called = calledOf(context, quantity);
    const isGate = words.of === 'sigmoid';
    const { low, high } = RANGES[words.of];
    const bar = new ColorBar(
      `${words.gave}, from ${low} to ${high}.${isGate ? ` The notches are ${SHUT} and ${OPEN}: below it counts as shut, above as open.` : ''}`,
    );
    super(context, {
      id: 'gate-activity',
      quantity,
      title: isGate ? `Gate activity: when the ${called} is open` : `Activity: what the ${called} gives`,
      note: `${words.gave}(t) by hidden unit and time step`,
      question: isGate
        ? `Which units does the ${called} open, and over which characters?`
        : `What does the ${called} give?`,
      help:
        (isGate
          ? `Every cell is ${words.gave}(t) of one hidden unit at one time step. Bright: the gate is open (above ${OPEN}) and lets what it multiplies pass whole. Dark: it is shut (below ${SHUT}) and takes it away.\n` +
            'A row that is bright all along is a unit that always lets pass; one that is dark all along never does. A column is a character at which many units decide alike.\n' +
            'Of a gate that keeps a state, bright rows are the units that remember long, and a dark cell in one is where it forgets. ' +
            `The bounds are those of Karpathy, Johnson and Fei-Fei (2015). A gate that is fully open or shut learns little itself: its slope is near 0 there, as the picture of the slopes shows.`
          : `Every cell is ${words.gave}(t) of one hidden unit at one time step, from ${low} (dark) to ${high} (bright).\n` +
            'A row is a unit over the text; a column, one character over all units.') +
        '\nThe choosers above the picture change the function here and in the pictures of its slope.',
      controls,
      bar,
      orderTestId: 'gate-order',
      sorted: {
        label: isGate ? 'most open first' : 'largest first',
        title: 'Units whose mean over time is the largest at the top',
      },
    });
    this.#quantity = quantity;
    this.#words = words;
    bar.update(String(low).replace('-', '−'), String(high), isGate ? [SHUT, OPEN] : [0.5]);
  }

  protected override position(value: number): number {
    const { low, high } = RANGES[this.#words.of];
    return Math.min(1, Math.max(0, (value - low) / (high - low)));
  }

  protected override sort(units: Units, order: UnitOrder): Int32Array {
    return orderGates(units, order);
  }

  get #isGate(): boolean {
    return this.#words.of === 'sigmoid';
  }

  /** `34 % open, 2 % shut`; of another function its mean. */
  #said(units: Units, of: { t?: number; unit?: number } = {}): string {
    return this.#isGate ? sharesText(gateShares(units, of)) : `mean ${meanOf(units, of).toFixed(3).replace('-', '−')}`;
  }

  protected override overall(units: Units): string {
    return `of all cells ${this.#said(units)}`;
  }

  protected override atStep(units: Units, t: number): string {
    return `of the units ${this.#said(units, { t })}`;
  }

  protected override ofUnit(units: Units, unit: number): string {
    return `of the steps ${this.#said(units, { unit })}`;
  }

  protected override ofCell({ values, unitSaturation }: Units, unit: number, t: number): string {
    const value = values[t * unitSaturation.length + unit];
    const state = !this.#isGate ? '' : value > OPEN ? ', open' : value < SHUT ? ', shut' : '';
    return `${this.#words.gave} = ${value.toFixed(3).replace('-', '−')}${state}`;
  }

  protected override describe({ iteration, inputs }: Memory, units: Units): string {
    return `${this.#words.gave} of ${units.unitSaturation.length} hidden units at ${inputs.length} time steps, iteration ${groupDigits(iteration)}: ${this.overall(units)}.`;
  }

  protected override data(memory: Memory, units: Units, run: MirroredRun): PictureData {
    const { open, shut } = gateShares(units);
    return {
      name: pictureName(run, 'activity-of', this.#quantity, memory.iteration, 'stream', memory.stream),
      about: aboutWindow(run, memory, {
        quantity: `${this.#words.gave}(t)`,
        ...(this.#isGate && { open_above: OPEN, open_share: open, shut_below: SHUT, shut_share: shut }),
      }),
      ...unitTable(
        units,
        this.#quantity,
        this.#isGate
          ? [
              ['open_share', (unit) => gateShares(units, { unit }).open],
              ['shut_share', (unit) => gateShares(units, { unit }).shut],
            ]
          : [],
      ),
    };
  }
}

function sharesText({ open, shut }: GateShares): string {
  return `${formatShare(open)} open (above ${OPEN}), ${formatShare(shut)} shut (below ${SHUT})`;
}

function meanOf({ values, unitSaturation }: Units, { t, unit }: { t?: number; unit?: number }): number {
  const H = unitSaturation.length;
  const meant = values.filter(
    (_, at) => (unit === undefined || at % H === unit) && (t === undefined || Math.floor(at / H) === t),
  );
  return meant.reduce((sum, value) => sum + value, 0) / meant.length;
}

/** `forget gate f⁽²⁾`. */
function calledOf({ network }: PanelContext, quantity: string): string {
  const words = network.quantities.find(({ name }) => name === quantity)?.words ?? 'function';
  return `${words} ${functionWordsOf(network, quantity).gave}`;
}
