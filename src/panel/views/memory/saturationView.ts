import { SLOPE_AT } from '../../../network/slopeAt.ts';
import { deadUnitsText, orderUnits, type UnitOrder } from '../../charts/memorySaturation.ts';
import { pictureName, type PictureData } from '../../charts/pictureData.ts';
import { element, setText } from '../../dom.ts';
import { formatNorm, formatShare, groupDigits } from '../../../common/format.ts';
import { SATURATED_SLOPE } from '../../../network/saturation.ts';
import { SATURATION } from '../../../network/slopes.ts';
import { functionWordsOf, type FunctionWords } from '../../../network/wayWords.ts';
import type { Memory, Units } from '../../../protocol/study.ts';
import type { MirroredRun } from '../../state/mirror.ts';
import { ColorBar } from '../colorBar.ts';
import type { PanelContext } from '../view.ts';
import { saturationTexts } from './saturationTexts.ts';
import { UnitMap, unitTable } from './unitMap.ts';
import { aboutWindow } from './window.ts';

/** The colours reach over so many decades under 1, at which everything passes. */
const DECADES = 3;

/** The slope of a function, of every hidden unit (a row) at every time step (a column). */
export class SaturationView extends UnitMap {
  readonly #quantity: string;
  readonly #words: FunctionWords;
  readonly #dead = element('p', { class: 'memory-text', 'data-testid': 'dead-units' });

  /** @param quantity that the function gives. */
  constructor(context: PanelContext, quantity: string, controls: readonly HTMLElement[]) {
    const words = functionWordsOf(context.network, quantity);
    const texts = saturationTexts(context.network, quantity, words);
    const bar = new ColorBar(texts.bar);
    super(context, {
      id: 'saturation',
      quantity,
      title: texts.title,
      note: `${words.slope} by hidden unit and time step`,
      question: `Where does ${words.activation} let no error pass?`,
      help: texts.help,
      controls,
      bar,
      orderTestId: 'unit-order',
      sorted: {
        label: `most ${texts.often} first`,
        title: `Units that are ${words.stopped} for the longest time at the top`,
      },
    });
    this.#quantity = quantity;
    this.#words = words;
    this.figure.footer.append(this.#dead);
    if (SATURATION[words.of].passesNothing) bar.update('on', words.stopped, []);
    else bar.update('1', '≤ 0.001', [1 / 3, 2 / 3, positionOf(SATURATED_SLOPE)]);
  }

  protected override position(value: number): number {
    return positionOf(this.#slopeAt(value));
  }

  #slopeAt(value: number): number {
    return SLOPE_AT[this.#words.of](value);
  }

  protected override sort(units: Units, order: UnitOrder): Int32Array {
    return orderUnits(units, order, this.#words.of);
  }

  protected override tell(_memory: Memory, units: Units): void {
    const { batchSize = 1 } = this.context.state.run?.description.settings ?? {};
    setText(this.#dead, deadUnitsText(units, batchSize, this.#words));
    this.#dead.dataset.value = String(units.deadUnits.length);
  }

  protected override overall({ saturation }: Units): string {
    const mean = saturation.reduce((sum, share) => sum + share, 0) / saturation.length;
    return `${formatShare(mean)} of all cells ${this.#words.stopped}`;
  }

  protected override atStep({ saturation }: Units, t: number): string {
    return `${formatShare(saturation[t])} of the units ${this.#words.stopped}`;
  }

  protected override ofUnit({ unitSaturation }: Units, unit: number): string {
    return `${this.#words.stopped} at ${formatShare(unitSaturation[unit])} of the steps`;
  }

  protected override ofCell({ values, unitSaturation }: Units, unit: number, t: number): string {
    const value = values[t * unitSaturation.length + unit];
    const { gave, slope } = this.#words;
    return `${gave} = ${value.toFixed(3).replace('-', '−')}, ${slope} = ${formatNorm(this.#slopeAt(value))}`;
  }

  protected override describe({ iteration, inputs }: Memory, units: Units): string {
    return `The factor ${this.#words.slope} of ${units.unitSaturation.length} hidden units at ${inputs.length} time steps, iteration ${groupDigits(iteration)}: ${this.overall(units)}.`;
  }

  protected override data(memory: Memory, units: Units, run: MirroredRun): PictureData {
    const isState = run.network.states[0] === this.#quantity;
    return {
      name: pictureName(
        run,
        ...(isState ? ['activations'] : ['values-of', this.#quantity]),
        memory.iteration,
        'stream',
        memory.stream,
      ),
      about: aboutWindow(run, memory, {
        quantity: `${this.#words.gave}(t)`,
        dead_units: Array.from(units.deadUnits).join(' '),
      }),
      ...unitTable(units, this.#quantity, [[`${this.#words.stopped}_share`, (unit) => units.unitSaturation[unit]]]),
    };
  }
}

/** Where a slope lies on the colours: 0 for one that lets everything pass, 1 for 10^−DECADES and less. */
function positionOf(factor: number): number {
  if (Number.isNaN(factor)) return NaN;
  return factor > 0 ? Math.min(1, Math.max(0, -Math.log10(factor) / DECADES)) : 1;
}
