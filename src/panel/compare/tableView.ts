import { l10n } from '../../common/l10n.ts';
import { element, setText, show } from '../dom.ts';
import { formatDuration, formatRate, groupDigits } from '../../common/format.ts';
import { quietButton } from '../views/controls.ts';
import { Inputs, type View } from '../views/view.ts';
import { SETTING_TITLES } from '../../protocol/settingTitles.ts';
import { STATE_WORDS } from '../views/runState.ts';
import type { SettingName } from '../../protocol/settings.ts';
import type { ShownRun, UnreadableRun } from './compareState.ts';
import { allElseEqual, bestText, bestTitle, caveats, settingValue } from './labels.ts';
import { markRunButton, runButton } from './runLegend.ts';
import { forkText } from '../../protocol/storedRun.ts';
import { differingSettings } from '../../protocol/tellingSettings.ts';
import { Swatch } from './swatch.ts';
import type { CompareContext } from './view.ts';
import { charactersPerIteration } from './xAxis.ts';

/** The runs, how they stand, and the settings in which they differ. */
export class CompareTableView implements View {
  readonly element: HTMLElement;
  readonly #context: CompareContext;
  readonly #inputs = new Inputs();
  readonly #table = element('table', { class: 'compare-table', 'data-testid': 'compare-table' });
  readonly #equal = element('p', { class: 'all-else', 'data-testid': 'all-else' });
  readonly #caveats = element('div', { class: 'caveats', role: 'note', 'data-testid': 'caveats' });

  constructor(context: CompareContext) {
    this.#context = context;
    const scroller = element('div', { class: 'compare-scroller', tabindex: '0' }, this.#table);
    scroller.setAttribute('role', 'group');
    scroller.setAttribute('aria-label', l10n.t('The compared runs'));
    this.element = element('section', { class: 'compare-runs' }, scroller, this.#equal, this.#caveats);
  }

  update(): void {
    const { state, theme } = this.#context;
    const { runs, unreadable, ui } = state;
    if (!this.#inputs.changed(runs, unreadable.map(({ folder }) => folder).join(), ui.hidden, ui.unit, theme)) return;
    const compared = runs.map(({ run }) => run);
    const differing = differingSettings(compared);
    const focused = this.#focused();
    this.#table.replaceChildren(
      element('thead', {}, this.#head(differing)),
      element(
        'tbody',
        {},
        ...runs.map((run) => this.#row(run, differing)),
        ...unreadable.map((run) => this.#unreadableRow(run, differing)),
      ),
    );
    this.#focus(focused);
    const equal = allElseEqual(compared);
    setText(this.#equal, equal);
    show(this.#equal, equal !== '');
    this.#caveats.replaceChildren(...caveats(compared).map((text) => element('p', {}, text)));
  }

  #head(differing: readonly SettingName[]): HTMLElement {
    const { unit } = this.#context.state.ui;
    const column = (name: string, isNumber = true): HTMLElement =>
      element('th', { scope: 'col', class: isNumber ? 'number' : undefined }, name);
    return element(
      'tr',
      {},
      column(l10n.t('run'), false),
      column(l10n.t('file'), false),
      column(l10n.t('state'), false),
      column(bestTitle(unit)),
      column(l10n.t('parameters')),
      column(l10n.t('iterations')),
      column(l10n.t('time')),
      column(l10n.t('characters/s')),
      ...differing.map((name) => column(SETTING_TITLES[name])),
      element('th', { scope: 'col' }, element('span', { class: 'sr-only' }, l10n.t('remove'))),
    );
  }

  #row(shown: ShownRun, differing: readonly SettingName[]): HTMLElement {
    const { state, theme } = this.#context;
    const { run, key, label, slot } = shown;
    const swatch = new Swatch(slot);
    swatch.draw(theme);
    const button = runButton(
      shown,
      state,
      `run-${key}`,
      swatch.element,
      element('span', { class: 'run-key' }, key),
      element('span', { class: 'legend-label run-label' }, label),
    );
    markRunButton(button, state, shown);
    const lowest = Math.min(...state.runs.flatMap(({ run: { best } }) => (best ? [best.lossNats] : [])));
    const best = element('td', { class: 'number', title: bestAt(shown) }, bestText(run, state.ui.unit));
    // Where texts differ there is no best of all.
    if (run.best?.lossNats === lowest && caveats(state.runs.map((other) => other.run)).length === 0) {
      best.classList.add('lowest');
      best.title = `${best.title}; ${l10n.t('the lowest of all')}`;
    }
    const number = (text: string): HTMLElement => element('td', { class: 'number' }, text);
    return element(
      'tr',
      { 'data-run': run.folder },
      element('th', { scope: 'row' }, button, ...this.#forkOf(shown)),
      element('td', { class: 'file', title: run.fileName }, this.#openButton(shown)),
      element(
        'td',
        { class: 'run-state', title: run.failure },
        element('span', { class: 'dot', 'data-state': run.state, 'aria-hidden': 'true' }),
        STATE_WORDS[run.state],
      ),
      best,
      number(run.parameters === undefined ? '–' : groupDigits(run.parameters)),
      number(groupDigits(run.iterations)),
      number(run.elapsedMs > 0 ? formatDuration(run.elapsedMs) : '–'),
      number(rateText(shown)),
      ...differing.map((name) => number(settingValue(name, run.settings))),
      element('td', {}, this.#removeButton(run.folder, key, label)),
    );
  }

  /** Of what a run is a fork; of one that is compared as well, by its letter. */
  #forkOf({ run: { forkedFrom }, key }: ShownRun): HTMLElement[] {
    if (forkedFrom === undefined) return [];
    // Of two copies of a run nobody knows which one it comes from.
    const [origin, another] = this.#context.state.runs.filter(({ run }) => run.runId === forkedFrom.runId);
    const text = forkText(forkedFrom, origin && another === undefined ? `${origin.key} ${origin.label}` : undefined);
    return [element('p', { class: 'run-fork', title: text, 'data-testid': `fork-${key}` }, text)];
  }

  #unreadableRow({ folder, key, message }: UnreadableRun, differing: readonly SettingName[]): HTMLElement {
    return element(
      'tr',
      { class: 'unreadable' },
      element('th', { scope: 'row' }, element('span', { class: 'run-key' }, key)),
      element(
        'td',
        { colspan: String(7 + differing.length) },
        l10n.t('This run cannot be read: {reason}', { reason: message }),
      ),
      element('td', {}, this.#removeButton(folder, key, '')),
    );
  }

  #openButton({ run, key }: ShownRun): HTMLElement {
    const button = element(
      'button',
      {
        type: 'button',
        class: 'open-run',
        'data-testid': `open-${key}`,
        title: l10n.t('Show this run in its own panel'),
      },
      run.fileName,
    );
    button.addEventListener('click', () => this.#context.state.send({ type: 'open', folder: run.folder }));
    return button;
  }

  #removeButton(folder: string, key: string, label: string): HTMLElement {
    const name = l10n.t('Remove {run} from the comparison', { run: `${key} ${label}`.trim() });
    return quietButton(name, `remove-${key}`, 'close', () => this.#context.state.remove(folder));
  }

  /** The table is built anew with every change: the focus stays where it was. */
  #focused(): string | undefined {
    const { activeElement } = document;
    return activeElement !== null && this.#table.contains(activeElement)
      ? (activeElement.getAttribute('data-testid') ?? undefined)
      : undefined;
  }

  #focus(testId: string | undefined): void {
    if (testId === undefined) return;
    this.#table.querySelector<HTMLElement>(`[data-testid="${testId}"]`)?.focus();
  }
}

function bestAt({ run: { best, forkedFrom } }: ShownRun): string {
  const isFork = forkedFrom !== undefined;
  if (best === undefined) return isFork ? l10n.t('Not validated yet since the fork') : l10n.t('Not validated yet');
  const at = { iteration: groupDigits(best.iteration) };
  return isFork
    ? l10n.t('At iteration {iteration}, the best since the fork', at)
    : l10n.t('At iteration {iteration}', at);
}

/** Over the whole run; a run that has just begun has none. */
function rateText({ run }: ShownRun): string {
  const { iterations, elapsedMs } = run;
  if (elapsedMs <= 0 || iterations === 0) return '–';
  return formatRate((iterations * charactersPerIteration(run) * 1000) / elapsedMs);
}
