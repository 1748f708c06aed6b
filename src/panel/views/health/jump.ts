import { plainName } from '../../../network/names.ts';
import type { Network } from '../../../network/network.ts';
import { layerOfReach, reachNames } from '../../../network/reach.ts';
import { functionNames } from '../../network/choices.ts';
import type { UiState } from '../../state/uiState.ts';
import { mayMove } from '../../dom.ts';
import type { PanelContext } from '../view.ts';
import type { SignText } from './signTexts.ts';

/** Opens the tab that explains a vital sign, chooses there what the sign speaks of, and puts the focus on the figure that explains it. */
export function jumpTo(text: SignText, of: string | undefined, { state, network }: PanelContext): void {
  const { tab, figure } = text;
  state.choose({ tab, ...choicesFor(text, of, network) });
  // The tab is shown with the next frame; what is hidden cannot take the focus.
  requestAnimationFrame(() => requestAnimationFrame(() => focusOn(tab, figure)));
}

/** The layer, and the function or the state, as far as there is a choice: else what was chosen for another network remains. */
export function choicesFor(
  { choice }: Pick<SignText, 'choice'>,
  of: string | undefined,
  network: Network,
): Partial<Pick<UiState, 'layer' | 'reach' | 'unitsOf'>> {
  if (choice === undefined || of === undefined) return {};
  const layer = network.quantities.find(({ name }) => name === of)?.layer ?? layerOfReach(network, of);
  const names = choice === 'reach' ? reachNames(network, layer) : functionNames(network, layer);
  return { ...(network.layers > 1 && { layer }), ...(names.length > 1 && { [choice]: plainName(of) }) };
}

/** Where the figure is not there, as in a tab that has nothing to show yet, the tab itself gets the focus. */
function focusOn(tab: string, figure: string): void {
  const surface = document.querySelector<HTMLElement>(`.surface-${figure}`);
  const isShown = surface !== null && surface.getClientRects().length > 0;
  const target = isShown ? surface : document.getElementById(`tab-${tab}`);
  target?.focus({ preventScroll: true });
  const seen = isShown ? surface.closest('.figure') : target;
  seen?.scrollIntoView({ block: 'nearest', behavior: mayMove() ? 'smooth' : 'auto' });
}
