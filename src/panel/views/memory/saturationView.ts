import { SLOPE_AT } from '../../../network/slopeAt.ts';
import { deadUnitsText, orderUnits, type UnitOrder } from '../../charts/memorySaturation.ts';
import { pictureName, type PictureData } from '../../charts/pictureData.ts';
import { element, setText } from '../../dom.ts';
import { formatNorm, formatShare, groupDigits } from '../../../common/format.ts';
import { functionOfState, heldUnitsWords } from '../../../network/heldUnits.ts';
import { SATURATED_SLOPE } from '../../../network/saturation.ts';
import type { Activation } from '../../../network/description.ts';
import { SATURATION, SLOPES } from '../../../network/slopes.ts';
import { functionWordsOf, type FunctionWords } from '../../../network/wayWords.ts';
import type { Memory, Units } from '../../../protocol/study.ts';
import type { MirroredRun } from '../../state/mirror.ts';
import { ColorBar } from '../colorBar.ts';
import type { PanelContext } from '../view.ts';
import { saturationTexts } from './saturationTexts.ts';
import { UnitMap, unitTable } from './unitMap.ts';
import { aboutWindow } from './window.ts';

/** The colours reach from the largest slope that a function can have, at which most passes, down to 10 to the power of −DECADES. */
const DECADES = 3;

/** The slope of a function, of every hidden unit (a row) at every time step (a column). */
export class SaturationView extends UnitMap {
  readonly #quantity: string;
  readonly #words: FunctionWords;
  readonly #held: string | undefined;
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
    const ofState = functionOfState(context.network, { gives: quantity });
    this.#held = ofState && heldUnitsWords(context.network, ofState);
    this.figure.footer.append(this.#dead);
    if (SATURATION[words.of].passesNothing) bar.update('on', words.stopped, []);
    else {
      const { largest } = SLOPES[words.of];
      const notches = [0.1, 0.01, SATURATED_SLOPE].map((slope) => slopePosition(slope, words.of));
      bar.update(largest === 0.25 ? '¼' : String(largest), '≤ 0.001', notches);
    }
  }

  protected override position(value: number): number {
    return slopePosition(this.#slopeAt(value), this.#words.of);
  }

  #slopeAt(value: number): number {
    return SLOPE_AT[this.#words.of](value);
  }

  protected override sort(units: Units, order: UnitOrder): Int32Array {
    return orderUnits(units, order, this.#words.of);
  }

  protected override tell(_memory: Memory, units: Units): void {
    const { batchSize = 1 } = this.context.state.run?.description.settings ?? {};
    setText(this.#dead, deadUnitsText(units, batchSize, this.#words, this.#held));
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

/** Where a slope lies on the colours: 0 for the largest that the function can have, 1 for 10^−DECADES and less. */
export function slopePosition(factor: number, of: Activation): number {
  if (Number.isNaN(factor)) return NaN;
  const most = Math.log10(SLOPES[of].largest);
  return factor > 0 ? Math.min(1, Math.max(0, (most - Math.log10(factor)) / (most + DECADES))) : 1;
}
