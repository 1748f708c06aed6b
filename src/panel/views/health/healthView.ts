import { element } from '../../dom.ts';
import type { PanelContext, View } from '../view.ts';

/** The strip of vital signs under the header. */
export class HealthView implements View {
  readonly element = element('section', { class: 'health', 'aria-label': 'Health', 'data-testid': 'health' });

  constructor(_context: PanelContext) {}

  update(): void {}
}
