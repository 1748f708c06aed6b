import { element } from '../../dom.ts';

/** A button of the tour's card. */
export function button(label: string, testId: string, title: string, pressed: () => void): HTMLButtonElement {
  const created = element('button', { type: 'button', class: 'tour-button', title, 'data-testid': testId }, label);
  created.addEventListener('click', pressed);
  return created;
}
