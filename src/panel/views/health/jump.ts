import type { PanelContext } from '../view.ts';
import type { SignId } from '../../../history/health/signs.ts';
import { SIGN_TEXTS } from './signTexts.ts';

/** Opens the tab that explains a vital sign and puts the focus on the figure that does. */
export function jumpTo(id: SignId, { state }: PanelContext): void {
  const { tab, figure } = SIGN_TEXTS[id];
  state.choose({ tab });
  // The tab is shown with the next frame; what is hidden cannot take the focus.
  requestAnimationFrame(() => requestAnimationFrame(() => focusOn(tab, figure)));
}

/** Where the figure is not there, as in a tab that has nothing to show yet, the tab itself gets the focus. */
function focusOn(tab: string, figure: string): void {
  const surface = document.querySelector<HTMLElement>(`.surface-${figure}`);
  const isShown = surface !== null && surface.getClientRects().length > 0;
  const target = isShown ? surface : document.getElementById(`tab-${tab}`);
  target?.focus({ preventScroll: true });
  const seen = isShown ? surface.closest('.figure') : target;
  const behavior = matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth';
  seen?.scrollIntoView({ block: 'nearest', behavior });
}
