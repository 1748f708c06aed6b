import { decadeAxis } from '../../charts/decadeAxis.ts';
import { DecadeScale } from '../../charts/decadeScale.ts';
import { groundOf } from '../../charts/divergingScale.ts';
import { aboutRun, pictureName, type PictureData } from '../../charts/pictureData.ts';
import type { Line } from '../../charts/plot.ts';
import { ageColor } from '../../charts/tapeAges.ts';
import { element, icon, setText, show } from '../../dom.ts';
import { formatNorm, groupDigits } from '../../format.ts';
import { QUANTITY_LABELS, STEP_QUANTITIES, quantityTitle, stepNormLabel, type StepQuantity } from '../../names.ts';
import type { Inspection } from '../../../protocol/run.ts';
import { stepNorms } from '../../state/stepNorms.ts';
import { MAX_PINS } from '../../state/uiState.ts';
import { ChoiceGroup, quietButton } from '../controls.ts';
import { Figure } from '../figure.ts';
import { StepPlot } from '../stepPlot.ts';
import { Inputs, type PanelContext, type View } from '../view.ts';
import { shownPins, spacedPins, withPin, type Pin } from './pins.ts';

/** One curve of the picture: a pinned iteration, or the one that the panel looks at, which has no pin. */
interface Profile {
  readonly inspection: Inspection;
  readonly pin: Pin | undefined;
  readonly color: string;
}

/** The step norms of one quantity at several iterations, laid over one another. */
export class PinsView implements View {
  readonly element: HTMLElement;
  readonly #context: PanelContext;
  readonly #figure: Figure;
  readonly #steps: StepPlot;
  readonly #inputs = new Inputs();
  readonly #quantity: ChoiceGroup<StepQuantity>;
  readonly #pin: HTMLButtonElement;
  readonly #spaced: HTMLButtonElement;
  readonly #list = element('ul', { class: 'pins', 'data-testid': 'pins' });
  readonly #lines: readonly Line[] = Array.from({ length: MAX_PINS + 1 }, () => ({ data: [], borderWidth: 1.5 }));
  #profiles: readonly Profile[] = [];
  #values: readonly HTMLElement[] = [];

  constructor(context: PanelContext) {
    this.#context = context;
    this.#quantity = new ChoiceGroup(
      'Quantity whose profile is shown',
      'pins-quantity',
      STEP_QUANTITIES.map((value) => ({ value, label: QUANTITY_LABELS[value], title: quantityTitle(value) })),
      (pinsQuantity) => context.state.choose({ pinsQuantity }),
    );
    this.#pin = textButton('Pin this iteration', 'pin', 'pin', () => this.#pinThis());
    this.#spaced = textButton('Pin 1, 10, 100, …', 'pin-spaced', 'layers', () => this.#pinSpaced());
    this.#spaced.title = 'Replaces the pins by the first inspected iteration and those nearest to 1, 10, 100, …';
    this.#figure = new Figure(
      {
        id: 'pins',
        title: 'How the profile changed',
        note: 'before clipping',
        help:
          'The norm of one quantity at every time step, summed over the batch, at several iterations: old ones dark, new ones bright, the one that is looked at thick. ' +
          'A profile that was steep and became level has learnt to carry the error further back; one that bends down towards t = 0 still forgets, one that climbs there explodes.',
        controls: [this.#pin, this.#spaced, this.#quantity.element],
        keys: 'Left and right arrow read the time steps.',
        data: () => this.#data(),
      },
      context,
    );
    this.element = this.#figure.element;
    this.#figure.legend.append(this.#list);
    this.#steps = new StepPlot(this.#figure, context, [...this.#lines], {
      xName: 't',
      withCharacters: false,
      from: () => this.#steps.T - 1,
    });
  }

  get #chosen(): StepQuantity {
    return this.#context.state.ui.pinsQuantity;
  }

  update(): void {
    const { state, theme } = this.#context;
    const { run, inspection, choices } = state;
    show(this.element, run !== undefined && inspection !== undefined);
    if (run === undefined || inspection === undefined) return;
    this.#quantity.value = this.#chosen;
    const pins = choices?.pins ?? [];
    const isPinned = pins.includes(inspection.iteration);
    this.#pin.disabled = isPinned || pins.length >= MAX_PINS;
    this.#pin.title =
      pins.length >= MAX_PINS && !isPinned ? `At most ${MAX_PINS} iterations: unpin one first` : 'Keep this profile';
    if (!this.#figure.isVisible) return;
    const { width, height } = this.#steps.plot.area;
    if (!this.#inputs.changed(inspection, pins, this.#chosen, theme, width, height, run.description.runId)) return;
    this.#profiles = this.#profilesOf(pins, inspection, run.history.inspections);
    this.#draw(inspection.inputs);
    this.#list.replaceChildren(...this.#profiles.map((profile) => this.#entry(profile)));
    this.#values = [...this.#list.querySelectorAll<HTMLElement>('.pin-value')];
    this.point();
  }

  point(): void {
    this.#steps.point();
    const t = this.#steps.step;
    this.#profiles.forEach(({ inspection }, index) => {
      const text = t === null ? '' : formatNorm(stepNorms(inspection, this.#chosen)[t]);
      setText(this.#values[index], text);
    });
  }

  #profilesOf(pins: readonly number[], current: Inspection, inspections: readonly Inspection[]): Profile[] {
    const pinned = shownPins(pins, inspections);
    const ground = groundOf(this.#context.theme.background);
    const profiles = pinned.map((pin, index) => ({
      inspection: pin.inspection,
      pin,
      color: ageColor(index, pinned.length, ground),
    }));
    if (pinned.some(({ inspection }) => inspection === current)) return profiles;
    return [...profiles, { inspection: current, pin: undefined, color: this.#context.theme.ink }];
  }

  #draw(inputs: Inspection['inputs']): void {
    const scale = new DecadeScale();
    const current = this.#context.state.inspection;
    this.#lines.forEach((line, index) => {
      const profile = this.#profiles[index];
      const norms = profile === undefined ? [] : stepNorms(profile.inspection, this.#chosen);
      line.data = Array.from(norms, (norm, t) => ({ x: t, y: norm > 0 ? norm : NaN }));
      line.borderColor = profile?.color ?? 'transparent';
      line.borderWidth = profile !== undefined && profile.inspection === current ? 2.5 : 1.5;
      scale.include(norms);
    });
    this.#steps.setCharacters(Array.from(inputs, String));
    this.#steps.draw(decadeAxis({ min: 10 ** scale.low, max: 10 ** scale.high }, this.#steps.plot.area.height));
    const iterations = this.#profiles.map(({ inspection }) => groupDigits(inspection.iteration));
    this.#figure.setNote(`${stepNormLabel(this.#chosen)}, whole batch, before clipping`);
    this.#figure.describe(`${stepNormLabel(this.#chosen)} by time step at iterations ${iterations.join(', ')}.`);
  }

  #entry({ inspection, pin, color }: Profile): HTMLElement {
    const mark = element('span', { class: 'mark mark-line', 'aria-hidden': 'true' });
    mark.style.color = color;
    const name = groupDigits(inspection.iteration);
    const nearest =
      pin === undefined
        ? ' (not pinned)'
        : pin.pinned === inspection.iteration
          ? ''
          : ` (nearest kept to ${groupDigits(pin.pinned)})`;
    const entry = element(
      'li',
      { class: 'legend-entry', 'data-iteration': String(inspection.iteration) },
      mark,
      element('span', { class: 'legend-label' }, `iteration ${name}${nearest}`),
      element('span', { class: 'legend-value pin-value' }),
    );
    if (pin !== undefined) {
      entry.append(
        quietButton(`Unpin iteration ${name}`, `unpin-${pin.pinned}`, 'close', () => this.#unpin(pin, inspection)),
      );
    }
    return entry;
  }

  #pinThis(): void {
    const { inspection, choices } = this.#context.state;
    if (inspection === undefined) return;
    const pins = withPin(choices?.pins ?? [], inspection.iteration);
    if (pins !== undefined) this.#context.state.chooseForRun({ pins });
  }

  #pinSpaced(): void {
    const { state } = this.#context;
    state.chooseForRun({ pins: spacedPins(state.run?.history.inspections ?? []) });
  }

  /** Unpins all that show the same inspection: they are one curve. */
  #unpin(pin: Pin, inspection: Inspection): void {
    const { state } = this.#context;
    const pins = state.choices?.pins ?? [];
    const inspections = state.run?.history.inspections ?? [];
    const kept = pins.filter(
      (other) => other !== pin.pinned && shownPins([other], inspections)[0]?.inspection !== inspection,
    );
    state.chooseForRun({ pins: kept });
  }

  #data(): PictureData | undefined {
    const { run } = this.#context.state;
    if (run === undefined || this.#profiles.length === 0) return undefined;
    const T = this.#profiles[0].inspection.inputs.length;
    return {
      name: pictureName(run, 'profiles', this.#chosen),
      about: { ...aboutRun(run), quantity: stepNormLabel(this.#chosen), norms: 'whole batch, before clipping' },
      columns: ['t', ...this.#profiles.map(({ inspection }) => `iteration ${inspection.iteration}`)],
      rows: Array.from({ length: T }, (_, t) => [
        t,
        ...this.#profiles.map(({ inspection }) => stepNorms(inspection, this.#chosen)[t]),
      ]),
    };
  }
}

function textButton(label: string, testId: string, iconName: string, pressed: () => void): HTMLButtonElement {
  const button = element('button', { type: 'button', class: 'toggle', 'data-testid': testId }, icon(iconName), label);
  button.addEventListener('click', pressed);
  return button;
}
