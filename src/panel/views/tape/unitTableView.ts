import { groupDigits } from '../../../common/format.ts';
import { MAX_COPIED } from '../../../common/limits.ts';
import type { StepDetail } from '../../../protocol/study.ts';
import type { PictureData } from '../../charts/pictureData.ts';
import { element, setText, show } from '../../dom.ts';
import { unitName } from '../../state/unitPlace.ts';
import { ChoiceGroup, quietButton } from '../controls.ts';
import { copiedText } from '../copied.ts';
import { figureHead, helpFor } from '../figure.ts';
import { FigureMenu } from '../figureMenu.ts';
import { LayerChoice } from '../layerChoice.ts';
import { Inputs, type PanelContext, type View } from '../view.ts';
import { followedUnit, markedUnit, toggleUnit } from './followedUnit.ts';
import { shownDetail } from './shownDetail.ts';
import type { UnitColumnName } from './shownVectors.ts';
import { ALL, shownChoice, unitChoices, unitGroups, type UnitGroup } from './unitColumns.ts';
import { unitHelp } from './unitHelp.ts';
import { UnitRows } from './unitRows.ts';
import { asTabbed, columnsOf, nextSorting, sortedUnits, sortingText, unitTableData, UNIT } from './unitTable.ts';

/** The cell of the chosen time step as one table: a row a hidden unit, and in it all that its error goes through. */
export class UnitTableView implements View {
  readonly element: HTMLElement;
  readonly #context: PanelContext;
  readonly #inputs = new Inputs();
  readonly #note = element('span', { class: 'figure-note', 'data-testid': 'units-note' });
  readonly #layer: LayerChoice;
  readonly #choice: ChoiceGroup<string>;
  readonly #rows: UnitRows;
  readonly #told = element('span', { class: 'figure-note', role: 'status', 'data-testid': 'units-told' });
  readonly #choices = new Map<number, ReturnType<typeof unitChoices>>();
  readonly #groups = new Map<string, readonly UnitGroup[]>();
  #isInSight = false;
  /** Units that were copied last, and whether they were too many for that. */
  #copied = 0;
  #isTooLong = false;
  #shown: { readonly detail: StepDetail; readonly order: readonly number[] } | undefined;

  constructor(context: PanelContext) {
    this.#context = context;
    const { state, network } = context;
    const title = 'The cell, unit by unit';
    this.#layer = new LayerChoice(context, 'units');
    this.#choice = new ChoiceGroup('Columns shown', 'units-columns', this.#choicesOf(1), (value) =>
      state.choose({ unitColumns: value }),
    );
    this.#rows = new UnitRows({
      sort: (column) => state.choose({ unitSort: nextSorting(state.ui.unitSort, column) }),
      openStep: (step) => state.study.chooseStep(state.study.t, step),
      follow: (index) => toggleUnit(state, { layer: this.#layer.layer, index }),
      point: (index) => state.point({ unit: index === null ? null : unitName({ layer: this.#layer.layer, index }) }),
      changed: () => context.requestUpdate(),
    });
    const { button, text } = helpFor({
      id: 'units',
      title,
      question: 'What becomes of the error of one hidden unit?',
      help: unitHelp(network),
    });
    const menu = new FigureMenu(
      { id: 'units', title, data: () => this.#data(), numbers: () => this.#count, figure: () => this.element },
      context,
    );
    const copy = quietButton('Copy the table', 'units-copy', 'copy', () => this.#copy());
    copy.title = 'Copy the table with all digits, for a spreadsheet';
    this.element = element(
      'section',
      { class: 'figure figure-units', 'aria-labelledby': 'units-title', 'data-testid': 'units' },
      figureHead('units-title', title, this.#note, button, [
        this.#told,
        ...this.#layer.controls,
        this.#choice.element,
        copy,
        menu.element,
      ]),
      text,
      menu.problem,
      this.#rows.element,
    );
    const observer = new IntersectionObserver((entries) => {
      this.#isInSight = entries.some((entry) => entry.isIntersecting);
      if (this.#isInSight) context.requestUpdate();
    });
    observer.observe(this.element);
    context.owned.add({ dispose: () => observer.disconnect() });
  }

  update(): void {
    const { state, network } = this.#context;
    const shown = shownDetail(state);
    show(this.element, shown !== undefined);
    if (shown === undefined || this.#mayWait) return;
    this.#tellCopied();
    const { detail, isStale } = shown;
    this.element.toggleAttribute('data-stale', isStale);
    const { layer } = this.#layer;
    const { unitColumns, unitSort } = state.ui;
    const followed = state.choices?.unit;
    if (!this.#inputs.changed(detail, layer, unitColumns, unitSort, followed, this.#rows.most)) return;
    this.#layer.update();
    this.#choice.options = this.#choicesOf(layer);
    this.#choice.value = shownChoice(network, layer, unitColumns);
    const groups = this.#shownGroups;
    const columns = columnsOf(groups);
    const order = sortedUnits(columns, detail, this.#unitsOf(detail), unitSort);
    this.#shown = { detail, order };
    const sortedBy = columns.find(({ key }) => key === unitSort.column);
    const by = sortedBy === undefined ? '' : `, sorted by ${sortedBy.label}: ${sortingText(unitSort)}`;
    const inLayer = network.layers > 1 ? `, layer ${layer}` : '';
    setText(this.#note, `t = ${detail.t}${inLayer}, ${order.length} units, before clipping${by}`);
    this.#rows.show({ groups, detail, order, sorting: unitSort, followed: this.#followedIndex });
    this.point();
  }

  point(): void {
    const unit = markedUnit(this.#context.state);
    this.#rows.mark(unit?.layer === this.#layer.layer ? unit.index : undefined);
  }

  /** Brings a column into sight, whatever has to be shown for that. */
  reveal({ layer, key }: UnitColumnName): void {
    const { state, network } = this.#context;
    if (layer !== this.#layer.layer) state.choose({ layer });
    if (!columnsOf(this.#shownGroups).some((column) => column.key === key)) {
      const { value = ALL } =
        unitChoices(network, layer).find((choice) =>
          columnsOf(unitGroups(network, layer, choice.value)).some((column) => column.key === key),
        ) ?? {};
      state.choose({ unitColumns: value });
    }
    this.#isInSight = true;
    this.update();
    this.element.scrollIntoView({ block: 'nearest' });
    this.#rows.reveal(key);
  }

  /** While training goes on and is followed, a table that is out of sight is not filled anew with every window. */
  get #mayWait(): boolean {
    const { run, study } = this.#context.state;
    return !this.#isInSight && study.isLive && run?.status.state === 'running';
  }

  get #followedIndex(): number | undefined {
    const unit = followedUnit(this.#context.state);
    return unit?.layer === this.#layer.layer ? unit.index : undefined;
  }

  #choicesOf(layer: number): ReturnType<typeof unitChoices> {
    const known = this.#choices.get(layer) ?? unitChoices(this.#context.network, layer);
    this.#choices.set(layer, known);
    return known;
  }

  get #shownGroups(): readonly UnitGroup[] {
    const { network, state } = this.#context;
    const { layer } = this.#layer;
    const choice = shownChoice(network, layer, state.ui.unitColumns);
    const key = `${layer} ${choice}`;
    const known = this.#groups.get(key) ?? unitGroups(network, layer, choice);
    this.#groups.set(key, known);
    return known;
  }

  #unitsOf({ now }: StepDetail): number {
    return now[this.#context.network.states[0]].length;
  }

  get #count(): number {
    return (this.#shown?.order.length ?? 0) * (columnsOf(this.#shownGroups).length + 1);
  }

  #data(): PictureData | undefined {
    const { run } = this.#context.state;
    const shown = this.#shown;
    if (run === undefined || shown === undefined) return undefined;
    return unitTableData(this.#shownGroups, shown.detail, run, { layer: this.#layer.layer, order: shown.order });
  }

  #copy(): void {
    const data = this.#data();
    if (data === undefined) return;
    const text = asTabbed(data);
    this.#copied = data.rows.length;
    this.#isTooLong = text.length > MAX_COPIED;
    if (this.#isTooLong) this.#context.requestUpdate();
    else this.#context.state.copy(COPIED, text);
  }

  /** How the copy went, for the person. */
  #tellCopied(): void {
    const units = `${groupDigits(this.#copied)} ${this.#copied === 1 ? UNIT : `${UNIT}s`}`;
    const told = this.#isTooLong
      ? `The numbers of ${units} are too many to be copied: save them as CSV.`
      : copiedText(this.#context.state.outcomeOfCopy(COPIED), `Copied ${units}.`);
    setText(this.#told, told);
  }
}

/** By which a copy of this table is told from others. */
const COPIED = 'units';
