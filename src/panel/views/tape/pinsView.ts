import { decadeAxis } from '../../charts/decadeAxis.ts';
import { DecadeScale } from '../../../common/decadeScale.ts';
import { groundOf } from '../../charts/divergingScale.ts';
import { aboutRun, pictureName, type PictureData } from '../../charts/pictureData.ts';
import type { Line } from '../../charts/plot.ts';
import { ageColor } from '../../charts/tapeAges.ts';
import { element, icon, setText, show } from '../../dom.ts';
import { formatNorm, groupDigits } from '../../../common/format.ts';
import { stepNormLabelOf } from '../../../network/names.ts';
import type { Inspection } from '../../../protocol/run.ts';
import { chosenOf } from '../../network/quantities.ts';
import { errorOfTimeStep, stepRow } from '../../../network/quantities.ts';
import { pinnedNorms, type Pin } from '../../state/pin.ts';
import { MAX_PINS } from '../../state/uiState.ts';
import { hasFolds } from '../../network/folds.ts';
import { QuantitySelect } from './quantitySelect.ts';
import { ChoiceGroup, quietButton } from '../controls.ts';
import { Figure } from '../figure.ts';
import { optionsOf } from '../quantityOptions.ts';
import { StepPlot } from '../stepPlot.ts';
import { Inputs, type PanelContext, type View } from '../view.ts';
import { spacedPins, withPin } from './pins.ts';

/** One curve of the picture: a pinned iteration, or the one that the panel looks at, which has no pin. */
interface Profile {
  readonly iteration: number;
  /** (stepQuantities, T) */
  readonly stepNorm: Float32Array;
  readonly isPinned: boolean;
  readonly color: string;
}

/** The step norms of one quantity at several iterations, laid over one another. */
export class PinsView implements View {
  readonly element: HTMLElement;
  readonly #context: PanelContext;
  readonly #figure: Figure;
  readonly #steps: StepPlot;
  readonly #inputs = new Inputs();
  readonly #quantity: ChoiceGroup<string> | QuantitySelect;
  readonly #pin: HTMLButtonElement;
  readonly #spaced: HTMLButtonElement;
  readonly #list = element('ul', { class: 'pins', 'data-testid': 'pins' });
  readonly #lines: readonly Line[] = Array.from({ length: MAX_PINS + 1 }, () => ({ data: [], borderWidth: 1.5 }));
  #profiles: readonly Profile[] = [];
  #values: readonly HTMLElement[] = [];

  constructor(context: PanelContext) {
    this.#context = context;
    const { network, state } = context;
    const choose = (pinsQuantity: string): void => state.choose({ pinsQuantity });
    const [label, testId] = ['Quantity whose profile is shown', 'pins-quantity'];
    this.#quantity = hasFolds(network)
      ? new QuantitySelect(network, label, testId, choose)
      : new ChoiceGroup(label, testId, optionsOf(network, network.stepQuantities), choose);
    this.#pin = textButton('Pin this iteration', 'pin', 'pin', () => this.#pinThis());
    this.#spaced = textButton('Pin 1, 10, 100, …', 'pin-spaced', 'layers', () => this.#pinSpaced());
    this.#spaced.title = 'Replaces the pins by the first inspected iteration and those nearest to 1, 10, 100, …';
    this.#figure = new Figure(
      {
        id: 'pins',
        title: 'How the profile changed',
        note: 'before clipping',
        question: 'Does the error reach further back than it did?',
        help:
          'The norm of one quantity at every time step, summed over the batch, at several iterations: old ones dark, new ones bright, the one that is looked at thick.\n' +
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

  get #chosen(): string {
    const { network, state } = this.#context;
    return chosenOf(network, state.ui.pinsQuantity, errorOfTimeStep(network));
  }

  /** The chosen quantity of a profile at every time step, (T). */
  #row(stepNorm: Float32Array): Float32Array {
    return stepRow(this.#context.network, stepNorm, this.#chosen);
  }

  get #label(): string {
    return stepNormLabelOf(this.#context.network, this.#chosen);
  }

  update(): void {
    const { state, theme } = this.#context;
    const { run, inspection, pins } = state;
    show(this.element, run !== undefined && inspection !== undefined);
    if (run === undefined || inspection === undefined) return;
    this.#quantity.value = this.#chosen;
    const isPinned = pins.some(({ iteration }) => iteration === inspection.iteration);
    this.#pin.disabled = isPinned || pins.length >= MAX_PINS;
    this.#pin.title =
      pins.length >= MAX_PINS && !isPinned ? `At most ${MAX_PINS} iterations: unpin one first` : 'Keep this profile';
    if (!this.#figure.isVisible) return;
    const { width, height } = this.#steps.plot.area;
    const inputs = [inspection, state.choices?.pins, this.#chosen, theme, width, height, run.description.runId];
    if (!this.#inputs.changed(...inputs)) return;
    this.#profiles = this.#profilesOf(pins, inspection);
    this.#draw(inspection.inputs);
    this.#list.replaceChildren(...this.#profiles.map((profile) => this.#entry(profile)));
    this.#values = [...this.#list.querySelectorAll<HTMLElement>('.pin-value')];
    this.point();
  }

  point(): void {
    this.#steps.point();
    const t = this.#steps.step;
    this.#profiles.forEach(({ stepNorm }, index) => {
      const text = t === null ? '' : formatNorm(this.#row(stepNorm)[t]);
      setText(this.#values[index], text);
    });
  }

  #profilesOf(pins: readonly Pin[], { iteration, stepNorm }: Inspection): Profile[] {
    const ground = groundOf(this.#context.theme.background);
    const profiles = pins.map((pin, index) => ({
      iteration: pin.iteration,
      stepNorm: pinnedNorms(pin),
      isPinned: true,
      color: ageColor(index, pins.length, ground),
    }));
    if (pins.some((pin) => pin.iteration === iteration)) return profiles;
    return [...profiles, { iteration, stepNorm, isPinned: false, color: this.#context.theme.ink }];
  }

  #draw(inputs: Inspection['inputs']): void {
    const scale = new DecadeScale();
    const current = this.#context.state.inspection?.iteration;
    this.#lines.forEach((line, index) => {
      const profile = this.#profiles[index];
      const norms = profile === undefined ? [] : this.#row(profile.stepNorm);
      line.data = Array.from(norms, (norm, t) => ({ x: t, y: norm > 0 ? norm : NaN }));
      line.borderColor = profile?.color ?? 'transparent';
      line.borderWidth = profile !== undefined && profile.iteration === current ? 2.5 : 1.5;
      scale.include(norms);
    });
    this.#steps.setCharacters(Array.from(inputs, String));
    this.#steps.draw(decadeAxis({ min: 10 ** scale.low, max: 10 ** scale.high }, this.#steps.plot.area.height));
    const iterations = this.#profiles.map(({ iteration }) => groupDigits(iteration));
    this.#figure.setNote(`${this.#label}, whole batch, before clipping`);
    this.#figure.describe(`${this.#label} by time step at iterations ${iterations.join(', ')}.`);
  }

  #entry({ iteration, isPinned, color }: Profile): HTMLElement {
    const mark = element('span', { class: 'mark mark-line', 'aria-hidden': 'true' });
    mark.style.color = color;
    const name = groupDigits(iteration);
    const entry = element(
      'li',
      { class: 'legend-entry', 'data-iteration': String(iteration) },
      mark,
      element('span', { class: 'legend-label' }, `iteration ${name}${isPinned ? '' : ' (not pinned)'}`),
      element('span', { class: 'legend-value pin-value' }),
    );
    if (isPinned) {
      entry.append(quietButton(`Unpin iteration ${name}`, `unpin-${iteration}`, 'close', () => this.#unpin(iteration)));
    }
    return entry;
  }

  #pinThis(): void {
    const { inspection, pins } = this.#context.state;
    const more = inspection && withPin(pins, inspection);
    if (more !== undefined) this.#context.state.chooseForRun({ pins: more });
  }

  #pinSpaced(): void {
    const { state } = this.#context;
    state.chooseForRun({ pins: spacedPins(state.run?.history.of('inspection') ?? []) });
  }

  #unpin(iteration: number): void {
    const { state } = this.#context;
    state.chooseForRun({ pins: state.pins.filter((pin) => pin.iteration !== iteration) });
  }

  #data(): PictureData | undefined {
    const { run } = this.#context.state;
    if (run === undefined || this.#profiles.length === 0) return undefined;
    const profiles = this.#profiles.map(({ stepNorm }) => this.#row(stepNorm));
    return {
      name: pictureName(run, 'profiles', this.#chosen),
      about: { ...aboutRun(run), quantity: this.#label, norms: 'whole batch, before clipping' },
      columns: ['t', ...this.#profiles.map(({ iteration }) => `iteration ${iteration}`)],
      rows: Array.from(profiles[0], (_, t) => [t, ...profiles.map((norms) => norms[t])]),
    };
  }
}

function textButton(label: string, testId: string, iconName: string, pressed: () => void): HTMLButtonElement {
  const button = element('button', { type: 'button', class: 'toggle', 'data-testid': testId }, icon(iconName), label);
  button.addEventListener('click', pressed);
  return button;
}
