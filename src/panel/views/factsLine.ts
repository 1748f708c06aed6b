import type { RunDescription } from '../../protocol/panel.ts';
import { element, show } from '../dom.ts';
import { factGroups, factsText, type Fact } from '../state/runFacts.ts';
import { helpFor } from './figure.ts';
import { Inputs } from './view.ts';

/** The line of what a run is made of. What each figure means stands behind the pointer, and all of it behind a "?". */
export class FactsLine {
  readonly elements: readonly HTMLElement[];
  readonly #line = element('span', { 'data-testid': 'facts' });
  readonly #facts: HTMLElement;
  readonly #list = element('dl', { class: 'facts-words' });
  readonly #help: HTMLElement;
  readonly #inputs = new Inputs();

  constructor() {
    const { button, text } = helpFor({
      id: 'facts',
      title: 'what the run is made of',
      question: 'What do these figures mean?',
      help: [this.#list],
    });
    this.#help = text;
    this.#facts = element('p', { class: 'facts' }, this.#line, ' ', button);
    this.elements = [this.#facts, text];
  }

  update(description: RunDescription | undefined): void {
    const text = description === undefined ? '' : factsText(description);
    show(this.#facts, text !== '');
    if (!this.#inputs.changed(text) || description === undefined) return;
    if (text === '') this.#help.hidden = true;
    const groups = factGroups(description);
    const figure = ({ text: shown, words }: Fact): HTMLElement => element('span', { title: words }, shown);
    this.#line.replaceChildren(
      ...groups.flatMap((group, index) => [
        ...(index === 0 ? [] : [' · ']),
        ...group.flatMap((fact, at) => [...(at === 0 ? [] : [', ']), figure(fact)]),
      ]),
    );
    this.#list.replaceChildren(
      ...groups.flat().flatMap(({ text: shown, words }) => [element('dt', {}, shown), element('dd', {}, words)]),
    );
  }
}
