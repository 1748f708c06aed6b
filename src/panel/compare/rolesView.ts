import { l10n } from '../../common/l10n.ts';
import { formatNorm, groupDigits } from '../../common/format.ts';
import { element, show } from '../dom.ts';
import { figureHead, helpFor } from '../views/figure.ts';
import { Inputs, type View } from '../views/view.ts';
import { GROUP_TEXTS } from '../network/groupTexts.ts';
import { isPlain, networksOf } from './comparedNetworks.ts';
import type { ShownRun } from './compareState.ts';
import { ROLE_GROUPS, roleNorms, type RoleRow } from './roleNorms.ts';
import { Swatch } from './swatch.ts';
import type { CompareContext } from './view.ts';

const TITLE = l10n.t('Gradient norm by role');
const NONE = '–';

/** The norms of the last iteration of every run, by role and layer, so that networks with different cells stand in one table. */
export class CompareRolesView implements View {
  readonly element: HTMLElement;
  readonly #context: CompareContext;
  readonly #inputs = new Inputs();
  readonly #table = element('table', { class: 'compare-table', 'data-testid': 'roles-table' });

  constructor(context: CompareContext) {
    this.#context = context;
    const { button, text } = helpFor({
      id: 'compare-roles',
      title: TITLE,
      question: l10n.t('In which part of a network are its gradients large?'),
      help: l10n.t(
        'The norms of the gradient at the last iteration of every run, before clipping. What cells call their weights differs, what these do does not: a column has the norm of all weights of that role together, of several gates and layers the root of the sum of the squares of their norms. The norms of a row give “all” in the same way. A dash says that the network has no such weights.',
      ),
    });
    const note = element('span', { class: 'figure-note' }, l10n.t('at the last iteration, before clipping'));
    const scroller = element('div', { class: 'compare-scroller', tabindex: '0', role: 'group' }, this.#table);
    scroller.setAttribute('aria-label', TITLE);
    this.element = element(
      'section',
      { class: 'figure compare-roles', 'aria-labelledby': 'compare-roles-title' },
      figureHead('compare-roles-title', TITLE, note, button, []),
      text,
      scroller,
    );
  }

  update(): void {
    const { state, theme } = this.#context;
    const { visible } = state;
    // Runs of one small network have nothing that could be taken together: the chart above has it all.
    show(this.element, visible.length > 0 && !isPlain(networksOf(state.runs)));
    if (this.element.hidden || !this.#inputs.changed(state.runs, state.ui.hidden, theme)) return;
    const head = [
      l10n.t('run'),
      l10n.t('iteration'),
      l10n.t('all'),
      ...ROLE_GROUPS.map((key) => GROUP_TEXTS[key].label),
    ];
    this.#table.replaceChildren(
      element(
        'thead',
        {},
        element(
          'tr',
          {},
          ...head.map((name, i) => element('th', { scope: 'col', class: i > 0 ? 'number' : '' }, name)),
        ),
      ),
      element('tbody', {}, ...visible.flatMap((shown) => roleNorms(shown).map((row) => this.#row(shown, row)))),
    );
  }

  #row(shown: ShownRun, { layer, all, byRole }: RoleRow): HTMLElement {
    const { run, slot, key, label } = shown;
    const swatch = new Swatch(slot);
    swatch.draw(this.#context.theme);
    const whose =
      layer === null
        ? [swatch.element, element('span', { class: 'run-key' }, key), element('span', { class: 'run-label' }, label)]
        : [element('span', { class: 'role-layer' }, l10n.t('layer {layer}', { layer }))];
    const number = (text: string): HTMLElement => element('td', { class: 'number' }, text);
    return element(
      'tr',
      { 'data-run': run.folder },
      element('th', { scope: 'row' }, element('span', { class: 'role-run' }, ...whose)),
      number(layer === null && run.iterations > 0 ? groupDigits(run.iterations - 1) : ''),
      number(normText(all)),
      ...ROLE_GROUPS.map((role) => number(normText(byRole[role]))),
    );
  }
}

function normText(norm: number | undefined): string {
  return norm === undefined ? NONE : formatNorm(norm);
}
