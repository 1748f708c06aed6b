import { element } from '../../dom.ts';
import { flowPath, TAPE_GUTTER } from '../../charts/tapeDrawing.ts';
import type { TapeSpan } from '../../charts/tapeLayout.ts';

/** A point of light that runs from one cell into the one before, as the message does. */
export class TapePulse {
  readonly element = element('div', { class: 'tape-pulse', hidden: true, 'aria-hidden': 'true' });

  constructor() {
    this.element.addEventListener('animationend', () => (this.element.hidden = true));
  }

  /** Runs into cell t; where people want no motion, the style sheet lets nothing move. */
  run(t: number, span: TapeSpan): void {
    const { from, to, y } = flowPath(t, span);
    if (to < TAPE_GUTTER || matchMedia('(prefers-reduced-motion: reduce)').matches) return;
    this.element.style.setProperty('--pulse-from', `${from}px`);
    this.element.style.setProperty('--pulse-to', `${to}px`);
    this.element.style.top = `${y}px`;
    this.element.hidden = true;
    // Reading the layout makes the animation begin anew where one is under way.
    this.element.getBoundingClientRect();
    this.element.hidden = false;
  }
}
