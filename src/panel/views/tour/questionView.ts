import { element, setAttribute, setText, show } from '../../dom.ts';
import { ChoiceGroup } from '../controls.ts';
import { mathElement } from '../tape/mathElement.ts';
import { formatWritten } from './writtenNumber.ts';
import { isPlainNumber, LONGEST_EXPRESSION, valueOf } from './expression.ts';
import { toleranceText, type Given, type Question } from './question.ts';

/** A question with its field or its answers: what is given, what is asked. */
export class QuestionView {
  readonly element: HTMLFormElement;
  readonly #question: Question;
  readonly #field: HTMLInputElement | undefined;
  readonly #preview = element('span', { class: 'tour-preview', 'data-testid': 'tour-preview' });
  readonly #choice: ChoiceGroup<string> | undefined;
  #chosen: string | undefined;

  /** @param said what was said before, which stands there again. */
  constructor(question: Question, said: string, check: (said: string) => void) {
    this.#question = question;
    const id = 'tour-asks';
    const given = question.given.length === 0 ? [] : [givenList(question.given)];
    this.element = element('form', { class: 'tour-form' }, ...given);
    if (question.kind === 'number') {
      this.#field = element('input', {
        type: 'text',
        class: 'tour-field',
        id: 'tour-answer',
        autocomplete: 'off',
        spellcheck: 'false',
        maxlength: String(LONGEST_EXPRESSION),
        'aria-describedby': 'tour-tolerance',
        'data-testid': 'tour-answer',
      });
      this.#field.value = said;
      this.#field.addEventListener('input', () => this.#showPreview());
      const tolerance = `A number or a calculation, ${toleranceText(question)}`;
      this.element.append(
        element('label', { class: 'tour-asks', for: 'tour-answer', id, 'data-testid': 'tour-asks' }, question.asks),
        element(
          'span',
          { class: 'tour-line' },
          this.#field,
          this.#preview,
          element('span', { class: 'tour-tolerance', id: 'tour-tolerance' }, tolerance),
        ),
      );
      this.#showPreview();
    } else {
      this.#choice = new ChoiceGroup('Answers', 'tour-choice', question.options, (value) => this.#choose(value));
      this.#choice.element.removeAttribute('aria-label');
      this.#choice.element.setAttribute('aria-labelledby', id);
      this.#choose(said === '' ? undefined : said);
      this.element.append(
        element('p', { class: 'tour-asks', id, 'data-testid': 'tour-asks' }, question.asks),
        this.#choice.element,
      );
      // Enter checks what the arrow keys have chosen, instead of choosing it again.
      this.#choice.element.addEventListener('keydown', (event) => {
        if (event.key !== 'Enter' || !(event.target instanceof HTMLElement)) return;
        event.preventDefault();
        this.#choose(event.target.dataset.value);
        check(this.said);
      });
    }
    this.element.addEventListener('submit', (event) => {
      event.preventDefault();
      check(this.said);
    });
  }

  /** What stands in the field, or is chosen; empty where nothing is. */
  get said(): string {
    return this.#field?.value ?? this.#chosen ?? '';
  }

  /**
   * Once the way is shown there is nothing more to be said.
   * @param isRevealed then the right answer is the one that is marked.
   */
  settle(isSettled: boolean, isRevealed: boolean): void {
    if (isRevealed && this.#question.kind === 'choice') this.#choose(this.#question.truth);
    if (this.#field !== undefined) this.#field.readOnly = isSettled;
    this.element.toggleAttribute('data-settled', isSettled);
  }

  focus(): void {
    if (this.#field !== undefined) {
      this.#field.focus();
      this.#field.select();
    } else this.element.querySelector<HTMLElement>('[role="radio"][tabindex="0"]')?.focus();
  }

  #choose(value: string | undefined): void {
    if (this.element.hasAttribute('data-settled')) return;
    this.#chosen = value;
    if (this.#choice !== undefined) this.#choice.value = value;
  }

  /** What a calculation comes to, beside it. */
  #showPreview(): void {
    const text = this.#field?.value ?? '';
    const value = isPlainNumber(text) ? undefined : valueOf(text);
    show(this.#preview, value !== undefined);
    setText(this.#preview, value === undefined ? '' : `= ${formatWritten(value)}`);
    setAttribute(this.#preview, 'data-value', value === undefined ? '' : String(value));
  }
}

/** What is given, a line each: the formula, which entry of it, its numbers. */
function givenList(given: readonly Given[]): HTMLElement {
  return element(
    'dl',
    { class: 'tour-given', 'aria-label': 'Given', 'data-testid': 'tour-given' },
    ...given.flatMap(({ markup, at, values }) => [
      element(
        'dt',
        {},
        mathElement({ markup }),
        ...(at === undefined || at === '' ? [] : [element('span', { class: 'tour-at' }, at)]),
      ),
      element('dd', {}, values.map(formatWritten).join('  ')),
    ]),
  );
}
