import { element, mayMove } from '../../dom.ts';
import { flowPath, TAPE_GUTTER } from '../../charts/tapeDrawing.ts';
import type { TapeSpan } from '../../charts/tapeLayout.ts';
import type { TapeRows } from '../../charts/tapeRows.ts';

/** Points of light that run from one time step into the one before, as the messages of all states do. */
export class TapePulse {
  readonly element = element('div', { hidden: true, 'aria-hidden': 'true' });

  constructor() {
    this.element.addEventListener('animationend', () => (this.element.hidden = true));
  }

  /** Runs into time step t; where people want no motion, the style sheet lets nothing move. */
  run(t: number, span: TapeSpan, rows: TapeRows): void {
    const { from, to, ys } = flowPath(t, span, rows);
    if (to < TAPE_GUTTER || !mayMove()) return;
    this.element.style.setProperty('--pulse-from', `${from}px`);
    this.element.style.setProperty('--pulse-to', `${to}px`);
    // New elements begin their animation anew where one is under way.
    this.element.replaceChildren(
      ...ys.map((y) => {
        const point = element('div', { class: 'tape-pulse' });
        point.style.top = `${y}px`;
        return point;
      }),
    );
    this.element.hidden = false;
  }
}
