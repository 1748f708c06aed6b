import { stepsHidden, type TapeSpan } from '../../charts/tapeLayout.ts';
import { element, icon, setAttribute, setText, show } from '../../dom.ts';

type Side = 'earlier' | 'later';

/** What stands at an end. */
interface End {
  readonly button: HTMLButtonElement;
  readonly label: HTMLElement;
  readonly shade: HTMLElement;
}

/** Says that the tape goes on beyond its ends in sight, and goes there: a button at each end, and a shade where cells are cut off. */
export class TapeMore {
  /** Above the tape. */
  readonly element: HTMLElement;
  /** Over it. */
  readonly shades: readonly HTMLElement[];
  readonly #sides: Readonly<Record<Side, End>>;

  /** @param scroll goes as far as is in sight: −1 to earlier time steps, 1 to later ones. */
  constructor(scroll: (direction: 1 | -1) => void) {
    const side = (name: Side): End => {
      const label = element('span');
      const isLeft = name === 'earlier';
      const arrow = icon(isLeft ? 'arrow-left' : 'arrow-right');
      const button = element(
        'button',
        { type: 'button', class: 'toggle', 'data-testid': `tape-${name}` },
        ...(isLeft ? [arrow, label] : [label, arrow]),
      );
      button.addEventListener('click', () => scroll(isLeft ? -1 : 1));
      return {
        button,
        label,
        shade: element('div', { class: `tape-shade tape-shade-${name}`, 'aria-hidden': 'true' }),
      };
    };
    this.#sides = { earlier: side('earlier'), later: side('later') };
    this.element = element('div', { class: 'tape-more' }, this.#sides.earlier.button, this.#sides.later.button);
    this.shades = [this.#sides.earlier.shade, this.#sides.later.shade];
  }

  update(span: TapeSpan): void {
    const hidden = stepsHidden(span);
    // The line stays while there is more on either side, so that the tape does not jump.
    show(this.element, hidden.earlier + hidden.later > 0);
    for (const side of ['earlier', 'later'] as const) {
      const { button, label, shade } = this.#sides[side];
      const count = hidden[side];
      setText(label, `${count} ${side}`);
      setAttribute(button, 'aria-label', `${count} ${side} time ${count === 1 ? 'step' : 'steps'}`);
      setAttribute(
        button,
        'title',
        `${count} ${side} time ${count === 1 ? 'step is' : 'steps are'} beyond this end: scroll there`,
      );
      button.disabled = count === 0;
      show(shade, count > 0);
    }
  }
}
