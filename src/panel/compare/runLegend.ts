import { l10n } from '../../common/l10n.ts';
import { element, setAttribute, setText, show } from '../dom.ts';
import type { CompareState, ShownRun } from './compareState.ts';
import type { CompareTheme } from './runStyle.ts';
import { Swatch } from './swatch.ts';

interface Entry {
  readonly slot: number;
  readonly button: HTMLButtonElement;
  readonly swatch: Swatch;
  readonly label: HTMLElement;
  readonly value: HTMLElement;
}

/** A button that shows and hides a run in every chart; pointing at it, or focusing it, brings the run to the fore. */
export function runButton(run: ShownRun, state: CompareState, testId: string, ...parts: Node[]): HTMLButtonElement {
  const { folder } = run.run;
  const button = element(
    'button',
    { type: 'button', class: 'legend-entry run-entry', 'data-testid': testId, 'data-run': folder },
    ...parts,
  );
  button.addEventListener('click', () => state.toggle(folder));
  button.addEventListener('pointerenter', () => state.emphasise(folder));
  button.addEventListener('pointerleave', () => state.emphasise(null));
  // Only what the keyboard does: a click leaves the focus there.
  button.addEventListener('focus', () => button.matches(':focus-visible') && state.emphasise(folder));
  button.addEventListener('blur', () => state.emphasise(null));
  return button;
}

export function markRunButton(button: HTMLElement, state: CompareState, { run, label }: ShownRun): void {
  const hidden = state.isHidden(run.folder);
  setAttribute(button, 'aria-pressed', String(!hidden));
  const name = `${label} (${run.fileName})`;
  const title = hidden
    ? l10n.t('{run}: click to show it in every chart', { run: name })
    : l10n.t('{run}: click to hide it in every chart', { run: name });
  setAttribute(button, 'title', title);
}

/** The runs of a chart with their values at the cursor, else their newest. */
export class RunLegend {
  readonly element = element('div', { class: 'legend run-legend' });
  readonly #id: string;
  readonly #state: CompareState;
  readonly #at = element('span', { class: 'legend-at' });
  readonly #entries = new Map<string, Entry>();

  constructor(id: string, state: CompareState) {
    this.#id = id;
    this.#state = state;
    this.element.append(this.#at);
  }

  update(theme: CompareTheme): void {
    const { runs } = this.#state;
    const ids = runs.map(({ run }) => run.folder);
    const isSame =
      ids.length === this.#entries.size && runs.every(({ run, slot }) => this.#entries.get(run.folder)?.slot === slot);
    if (!isSame) {
      this.#entries.clear();
      for (const run of runs) this.#entries.set(run.run.folder, this.#entryOf(run));
      this.element.replaceChildren(this.#at, ...Array.from(this.#entries.values(), ({ button }) => button));
    }
    for (const run of runs) {
      const entry = this.#entries.get(run.run.folder);
      if (entry === undefined) continue;
      markRunButton(entry.button, this.#state, run);
      setText(entry.label, run.label);
      entry.swatch.draw(theme);
    }
  }

  /** Where the values are from: "iteration 1 200". */
  set at(text: string) {
    setText(this.#at, text);
    show(this.#at, text !== '');
  }

  setValue(folder: string, text: string): void {
    const value = this.#entries.get(folder)?.value;
    if (value !== undefined) setText(value, text);
  }

  #entryOf(run: ShownRun): Entry {
    const swatch = new Swatch(run.slot);
    const label = element('span', { class: 'legend-label run-label' });
    const value = element('span', { class: 'legend-value' });
    const key = element('span', { class: 'run-key' }, run.key);
    const button = runButton(run, this.#state, `${this.#id}-${run.key}`, swatch.element, key, label, value);
    return { slot: run.slot, button, swatch, label, value };
  }
}
