import { element, setAttribute, setText } from '../../dom.ts';
import type { SignId, VitalSign } from '../../../history/health/sign.ts';
import { Sparkline } from './sparkline.ts';
import type { Condition } from '../../../history/health/judgements.ts';
import type { SignText } from './signTexts.ts';

/** The icon of each condition, and its name for those who cannot see it. */
export const CONDITIONS: Readonly<Record<Condition, { readonly icon: string; readonly name: string }>> = {
  unknown: { icon: 'dash', name: 'not known' },
  ok: { icon: 'check', name: 'ok' },
  watch: { icon: 'warning', name: 'watch' },
  alarm: { icon: 'error', name: 'alarm' },
};

/** Test ids of values that are read under names of their own. */
const VALUE_IDS: Partial<Record<SignId, string>> = { gradient: 'grad-norm' };

/** One vital sign: name, value, how it stands, and its curve over the run; a click leads to what explains it. */
export class SignCell {
  readonly element: HTMLButtonElement;
  readonly #text: SignText;
  readonly #value: HTMLElement;
  readonly #icon = element('span', { class: 'codicon', 'aria-hidden': 'true' });
  readonly #word: HTMLElement;
  readonly #spark = new Sparkline();
  #of: string | undefined;

  /** @param jump of the function or state that the sign speaks of. */
  constructor(id: SignId, text: SignText, jump: (of: string | undefined) => void) {
    this.#text = text;
    const { name } = text;
    this.#value = element('span', { class: 'sign-value', 'data-testid': VALUE_IDS[id] ?? `health-${id}-value` });
    this.#word = element('span', { 'data-testid': id === 'gradient' ? 'clip-share' : `health-${id}-word` });
    this.element = element(
      'button',
      { type: 'button', class: `sign sign-${id}`, 'data-testid': `health-${id}` },
      // With spaces between them, so that the label holds what is seen, word for word.
      element('span', { class: 'sign-name' }, name),
      ' ',
      element(
        'span',
        { class: 'sign-reading' },
        this.#value,
        ' ',
        element('span', { class: 'condition' }, this.#icon, this.#word),
      ),
      this.#spark.element,
    );
    this.element.addEventListener('click', () => jump(this.#of));
  }

  update(sign: VitalSign): void {
    const { name, meaning, target } = this.#text;
    this.#of = sign.of;
    const condition = CONDITIONS[sign.condition];
    setText(this.#value, sign.text);
    setAttribute(this.#value, 'data-value', Number.isNaN(sign.value) ? '' : String(sign.value));
    setText(this.#word, sign.word);
    if (sign.second !== undefined) setAttribute(this.#word, 'data-value', String(sign.second));
    setAttribute(this.#icon, 'class', `codicon codicon-${condition.icon}`);
    setAttribute(this.element, 'data-condition', sign.condition);
    const evidence = [sign.evidence, sign.note ?? ''].map((text) => (text === '' ? '' : ` ${text}.`)).join('');
    setAttribute(
      this.element,
      'aria-label',
      `${name} ${sign.text} ${sign.word}: ${condition.name}.${evidence} Go to ${target}.`,
    );
    const note = sign.note === undefined ? '' : `${sign.note}.\n\n`;
    setAttribute(this.element, 'title', `${note}${meaning}\n\nClick: ${target}.`);
    this.#spark.update(sign);
  }
}
