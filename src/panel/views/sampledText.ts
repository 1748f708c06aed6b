import type { Sample } from '../../protocol/run.ts';
import { element } from '../dom.ts';
import { shadeOf, SHADES } from '../../common/shades.ts';

/** The prompt and the characters of a sample, each shaded by how likely it was; `data-index` counts the characters. */
export function sampledText(sample: Sample): HTMLElement[] {
  const characters = sample.characters.map((character, index) => {
    const shade = shadeOf(sample.probability[index]);
    const lineEnd = character === '\n' ? ' line-end' : '';
    return element('span', { class: `shade-${shade}${lineEnd}`, 'data-index': String(index) }, character);
  });
  // An empty prompt begins like a new line; there is nothing to read in it.
  return sample.prompt.trim() === ''
    ? characters
    : [element('span', { class: 'sample-prompt', title: 'Prompt' }, sample.prompt), ...characters];
}

export function shadeLegend(): HTMLElement {
  const swatches = SHADES.map(({ label }, shade) => element('span', { class: `shade-${shade}` }, label));
  const legend = element('span', { class: 'shades', role: 'img' }, ...swatches);
  legend.setAttribute(
    'aria-label',
    `Shades of probability, from none to strong: ${SHADES.map(({ label }) => label).join(', ')}`,
  );
  return legend;
}
