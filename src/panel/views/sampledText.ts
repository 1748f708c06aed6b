import { formatLoss, type LossUnit, unitName } from '../../common/format.ts';
import { l10n } from '../../common/l10n.ts';
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
    : [element('span', { class: 'sample-prompt', title: l10n.t('Prompt') }, sample.prompt), ...characters];
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
      element('span', { class: 'shades-name' }, l10n.t('loss of a character, {unit}:', { unit: name })),
      ...labels.map((label, shade) => element('span', { class: `shade-${shade}` }, label)),
    );
    const meanings = labels.map((label, shade) =>
      l10n.t('{loss} {unit}: probability {probability}', {
        loss: label,
        unit: name,
        probability: classProbability(shade),
      }),
    );
    this.element.title = [l10n.t('The same shades as in the editor of the text.'), ...meanings].join('\n');
    this.element.setAttribute(
      'aria-label',
      l10n.t('Shades, from none to strong, of the loss in {unit}: {losses}', { unit: name, losses: labels.join(', ') }),
    );
  }
}

/** The loss that the shade of a character shows: "loss 1.204 nats". */
export function lossText(sample: Sample, index: number, unit: LossUnit): string {
  return l10n.t('loss {loss} {unit}', { loss: formatLoss(lossOf(sample, index), unit), unit: unitName(unit) });
}
