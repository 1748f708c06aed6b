import { element } from '../../dom.ts';
import { mathElement } from './mathElement.ts';
import type { TermNorms } from './shownVectors.ts';
import { formatValue } from './values.ts';

/** The norms of the terms of a sum, with bars against the largest of them. */
export function termTable({ caption, terms }: TermNorms): HTMLElement {
  const largest = Math.max(...terms.map(({ norm }) => norm));
  return element(
    'table',
    { class: 'term-table' },
    element('caption', {}, caption),
    element('tbody', {}, ...terms.map((term) => row(term, largest))),
  );
}

function row({ key, markup, norm }: TermNorms['terms'][number], largest: number): HTMLElement {
  const bar = element('span', { class: 'term-bar' });
  bar.style.width = `${largest === 0 ? 0 : (norm / largest) * 100}%`;
  return element(
    'tr',
    { 'data-testid': `term-${key}`, 'data-value': String(norm), title: String(norm) },
    element('th', { scope: 'row' }, mathElement({ markup })),
    element('td', {}, formatValue(norm)),
    element('td', { class: 'term-track', 'aria-hidden': 'true' }, bar),
  );
}
