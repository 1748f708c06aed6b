import { formatLoss, type LossUnit, unitName } from '../../common/format.ts';
import { classLabels, classProbability, lossClass } from '../../common/lossClasses.ts';
import type { Sample } from '../../protocol/run.ts';
import { element } from '../dom.ts';

/** The prompt and the characters of a sample, each shaded by its loss under the network; `data-index` counts the characters. */
export function sampledText(sample: Sample): HTMLElement[] {
  const characters = sample.characters.map((character, index) => {
    const shade = lossClass(lossOf(sample, index)) ?? 0;
    const lineEnd = character === '\n' ? ' line-end' : '';
    return element('span', { class: `shade-${shade}${lineEnd}`, 'data-index': String(index) }, character);
  });
  // An empty prompt begins like a new line; there is nothing to read in it.
  return sample.prompt.trim() === ''
    ? characters
    : [element('span', { class: 'sample-prompt', title: 'Prompt' }, sample.prompt), ...characters];
}

/** How surprised the network would be of a character that it wrote: −ln of its probability, at temperature 1. */
function lossOf({ probability }: Sample, index: number): number {
  return -Math.log(probability[index]);
}

/** What the shades of characters mean, the same ones as in the editor of the text. */
export class ShadeLegend {
  readonly element: HTMLElement;
  #unit: LossUnit | undefined;

  constructor(unit: LossUnit) {
    this.element = element('span', { class: 'shades', role: 'img', 'data-testid': 'shades' });
    this.unit = unit;
  }

  set unit(unit: LossUnit) {
    if (unit === this.#unit) return;
    this.#unit = unit;
    const labels = classLabels(unit);
    const name = unitName(unit);
    this.element.replaceChildren(
      element('span', { class: 'shades-name' }, `loss of a character, ${name}:`),
      ...labels.map((label, shade) => element('span', { class: `shade-${shade}` }, label)),
    );
    const meanings = labels.map((label, shade) => `${label} ${name}: probability ${classProbability(shade)}`);
    this.element.title = `The same shades as in the editor of the text.\n${meanings.join('\n')}`;
    this.element.setAttribute(
      'aria-label',
      `Shades, from none to strong, of the loss in ${name}: ${labels.join(', ')}`,
    );
  }
}

/** The loss that the shade of a character shows: "loss 1.204 nats". */
export function lossText(sample: Sample, index: number, unit: LossUnit): string {
  return `loss ${formatLoss(lossOf(sample, index), unit)} ${unitName(unit)}`;
}
