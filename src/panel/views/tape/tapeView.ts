import type { Tape } from '../../../protocol/study.ts';
import { DecadeScale } from '../../../common/decadeScale.ts';
import type { PictureData } from '../../charts/pictureData.ts';
import { drawSheet } from '../../charts/sheetDrawing.ts';
import { PathScale } from '../../charts/pathScale.ts';
import { drawTape, TAPE_GUTTER, type TapeCells } from '../../charts/tapeDrawing.ts';
import { tapeRows, type TapeRows } from '../../charts/tapeRows.ts';
import { statePaths, type StatePath } from '../../../network/statePaths.ts';
import { element, setAttribute, setText, show } from '../../dom.ts';
import { visibleSymbol } from '../../../common/format.ts';
import { DecadeColorBar } from '../colorBar.ts';
import { quietButton } from '../controls.ts';
import { Figure } from '../figure.ts';
import { SpokenValue } from '../spokenValue.ts';
import { Inputs, type PanelContext, type View } from '../view.ts';
import { Width } from '../width.ts';
import { iterationText } from '../windowText.ts';
import { stateText } from './stateText.ts';
import { tapeData } from './tapeData.ts';
import { tapeHelp, tapeKeys } from './tapeHelp.ts';
import { hasGates, stateNumbers, tapeLanes } from './tapeLanes.ts';
import { TapeLayers } from './tapeLayers.ts';
import { TapeGlossary } from './tapeGlossary.ts';
import { TapeMore } from './tapeMore.ts';
import { TapePulse } from './tapePulse.ts';
import { TapeScroller } from './tapeScroller.ts';
import { pathKeys, TapeStates } from './tapeStates.ts';
import { timeStepErrorLabel, timeStepErrors, timeStepText, symbolsOf } from './tapeText.ts';

const PAGE = 10;

/** The window of one stream, unrolled: a column for every time step, and in it a lane for every state. */
export class TapeView implements View {
  readonly element: HTMLElement;
  readonly #context: PanelContext;
  readonly #figure: Figure;
  readonly #scroller: TapeScroller;
  readonly #more: TapeMore;
  readonly #glossary: TapeGlossary;
  readonly #pulse = new TapePulse();
  readonly #scale = new DecadeScale();
  readonly #pathScale = new PathScale();
  readonly #layers: TapeLayers;
  readonly #states: TapeStates;
  readonly #bar: DecadeColorBar;
  readonly #width: Width;
  readonly #spoken: SpokenValue;
  readonly #inputs = new Inputs();
  readonly #reading = element('span', { class: 'reading-out tape-reading' });
  #scaled: { readonly runId: string; readonly tape: Tape } | undefined;
  #cells: { readonly tape: Tape; readonly paths: readonly StatePath[]; readonly shown: TapeCells } | undefined;
  #revealed = '';
  #last: { readonly t: number; readonly step: number } | undefined;

  constructor(context: PanelContext) {
    this.#context = context;
    const { network } = context;
    this.#layers = new TapeLayers(context);
    this.#states = new TapeStates(context);
    this.#bar = new DecadeColorBar('this window', 'tape-fit', () => this.#fitScale());
    this.#scroller = new TapeScroller(() => this.#moved());
    this.#more = new TapeMore((direction) => this.#scroller.page(direction));
    this.#glossary = new TapeGlossary(network);
    this.#figure = new Figure(
      {
        id: 'tape',
        title: 'The window, unrolled',
        note: '',
        question: 'What happens at each time step?',
        help: tapeHelp(network),
        controls: [
          ...this.#layers.controls,
          quietButton('Zoom out', 'tape-zoom-out', 'zoom-out', () => this.#scroller.zoom(1 / 1.4)),
          quietButton('Zoom in', 'tape-zoom-in', 'zoom-in', () => this.#scroller.zoom(1.4)),
        ],
        keys: tapeKeys(network),
        data: () => this.#data(),
      },
      context,
    );
    this.element = this.#figure.element;
    this.#spoken = new SpokenValue(this.#figure.surface);
    this.#width = new Width(this.#figure.surface, context);
    this.#figure.legend.append(this.#reading, this.#bar.element);
    if (!this.#layers.isPlain) {
      this.#figure.legend.append(pathKeys(context));
      this.#figure.footer.append(this.#states.element);
    }
    this.#figure.surface.append(this.#scroller.element, ...this.#more.shades, this.#pulse.element);
    this.#figure.surface.before(this.#more.element);
    this.#figure.footer.append(this.#glossary.element);
    this.#beSlider();
    this.#listen();
  }

  update(): void {
    const { state, theme } = this.#context;
    const { run, study } = state;
    if (run === undefined) return;
    const { tape } = study;
    show(this.element, tape !== undefined);
    if (tape === undefined || this.#width.pixels === 0) return;
    this.#takeIntoScale(run.description.runId, tape);
    this.#bar.show(this.#scale);
    this.#layers.update();
    this.#scroller.resize(tape.inputs.length, this.#width.pixels - TAPE_GUTTER);
    this.#follow(tape);
    this.#glossary.update(tape, run.description.settings.reduction);
    const { low, high } = this.#scale;
    const { width } = this.#scroller.span;
    const { t, stream } = study;
    const { paths } = this.#layers;
    if (!this.#inputs.changed(tape, t, stream, theme, run.description.facts, width, low, high, paths)) return;
    if (!this.#layers.isPlain) this.#figure.surface.style.height = `${this.#rows.height}px`;
    const { network } = this.#context;
    this.#figure.setNote(`${timeStepErrorLabel(network, this.#layers.errorLayer)} of one stream, before clipping`);
    this.#draw();
    this.point();
    setAttribute(this.#figure.surface, 'data-t', String(t));
    setAttribute(this.#figure.surface, 'aria-valuemax', String(tape.inputs.length - 1));
    const text = this.#textOf(tape, t);
    this.#spoken.set(t, text);
    this.#figure.describe(`The window: ${iterationText(tape, run)}. ${text}`);
  }

  point(): void {
    const { study, run, hover } = this.#context.state;
    const { tape } = study;
    if (tape === undefined) return;
    const T = tape.inputs.length;
    const t = hover.step !== null && hover.step < T ? hover.step : study.t;
    setText(
      this.#reading,
      timeStepText(this.#context.network, tape, t, symbolsOf(run?.description.facts), this.#layers.errorLayer),
    );
    if (!this.#layers.isPlain) this.#states.show(tape, t, this.#layers.paths);
    this.#bar.point(this.#scale.position(timeStepErrors(this.#context.network, tape, this.#layers.errorLayer)[t]));
    this.#draw();
  }

  /** A time step in words: its characters and its error, and where there is more to say of its states all of it. */
  #textOf(tape: Tape, t: number): string {
    const { network, state } = this.#context;
    const text = timeStepText(network, tape, t, symbolsOf(state.run?.description.facts), this.#layers.errorLayer);
    if (this.#layers.isPlain) return text;
    return [`${text}.`, ...this.#layers.paths.map((path) => stateText(network, tape, t, path))].join(' ');
  }

  get #rows(): TapeRows {
    return tapeRows(this.#layers.paths.map(hasGates), this.#layers.isPlain);
  }

  #takeIntoScale(runId: string, tape: Tape): void {
    if (this.#scaled?.tape === tape) return;
    if (this.#scaled?.runId !== runId) this.#resetScales();
    this.#scaled = { runId, tape };
    this.#include(tape);
  }

  #include(tape: Tape): void {
    const { network } = this.#context;
    for (let layer = 1; layer <= network.layers; layer++) this.#scale.include(timeStepErrors(network, tape, layer));
    this.#scale.include(tape.ownNorm);
    this.#scale.include(tape.futureNorm);
    for (const path of statePaths(network)) {
      const { stateNorm, parts } = stateNumbers(network, tape, path);
      this.#pathScale.include(path.state, stateNorm);
      for (const { norm, ofNorm } of parts) {
        this.#pathScale.include(path.state, norm);
        this.#pathScale.include(path.state, ofNorm);
      }
    }
  }

  #resetScales(): void {
    this.#scale.reset();
    this.#pathScale.reset();
  }

  #fitScale(): void {
    const { tape } = this.#context.state.study;
    if (tape === undefined) return;
    this.#resetScales();
    this.#include(tape);
    this.#context.requestUpdate();
  }

  /** Keeps the chosen time step in sight when it changes, and shows the message pass when a person walks on into t − 1. */
  #follow(tape: Tape): void {
    const { study } = this.#context.state;
    const at = { t: study.t, step: study.backwardStep };
    const key = `${tape.stream}/${at.t}/${this.#scroller.span.width}`;
    if (key !== this.#revealed) this.#scroller.reveal(at.t);
    this.#revealed = key;
    const last = this.#last;
    if (last?.step === study.backwardSteps && last.t === at.t + 1 && at.step === 1)
      this.#pulse.run(at.t, this.#scroller.span, this.#rows);
    this.#last = at;
  }

  #moved(): void {
    this.#more.update(this.#scroller.span);
    this.#draw();
  }

  #draw(): void {
    const { state, theme } = this.#context;
    const { study, hover } = state;
    const { tape } = study;
    const { span } = this.#scroller;
    if (tape === undefined) return;
    const pointed = hover.step !== null && hover.step < span.T ? hover.step : null;
    const rows = this.#rows;
    const scales = { scale: this.#scale, pathScale: this.#pathScale };
    const drawn = { theme, span, cells: this.#cellsOf(tape), rows, ...scales };
    const marks = { chosen: study.t, pointed };
    drawSheet(this.#figure.canvas, span.width + TAPE_GUTTER, rows.height, (sheet) =>
      drawTape({ ...sheet, ...drawn }, marks),
    );
  }

  #cellsOf(tape: Tape): TapeCells {
    const { paths, isPlain } = this.#layers;
    if (this.#cells?.tape === tape && this.#cells.paths === paths) return this.#cells.shown;
    const symbolOf = symbolsOf(this.#context.state.run?.description.facts);
    const visible = (ids: Int32Array): string[] => Array.from(ids, (id) => visibleSymbol(symbolOf(id)));
    const { inputs, targets, predicted } = tape;
    const shown = {
      inputs: visible(inputs),
      targets: visible(targets),
      predicted: visible(predicted),
      isRight: Array.from(predicted, (id, t) => id === targets[t]),
      errorNorm: timeStepErrors(this.#context.network, tape, this.#layers.errorLayer),
      lanes: tapeLanes(this.#context.network, tape, paths, isPlain),
    };
    this.#cells = { tape, paths, shown };
    return shown;
  }

  #data(): PictureData | undefined {
    const { run, study } = this.#context.state;
    return run === undefined || study.tape === undefined ? undefined : tapeData(study.tape, run);
  }

  /** The surface is walked like a slider, whose value is the time step. */
  #beSlider(): void {
    const { surface } = this.#figure;
    surface.setAttribute('role', 'slider');
    surface.setAttribute('data-testid', 'tape');
    surface.setAttribute('aria-valuemin', '0');
    surface.setAttribute('aria-orientation', 'horizontal');
  }

  #listen(): void {
    const { surface } = this.#figure;
    const { state } = this.#context;
    this.#scroller.element.addEventListener('pointermove', (event) =>
      state.point({ step: this.#scroller.stepAt(event.clientX) ?? null }),
    );
    this.#scroller.element.addEventListener('pointerleave', () => state.point({ step: null }));
    this.#scroller.element.addEventListener('click', (event) => {
      const t = this.#scroller.stepAt(event.clientX);
      if (t !== undefined) state.study.chooseStep(t);
      surface.focus();
    });
    surface.addEventListener('keydown', (event) => this.#keyDown(event));
  }

  #keyDown(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target !== this.#figure.surface) return;
    const { study } = this.#context.state;
    const last = (study.tape?.inputs.length ?? 1) - 1;
    const targets: Readonly<Record<string, number>> = {
      ArrowLeft: study.t - 1,
      ArrowRight: study.t + 1,
      PageUp: study.t - PAGE,
      PageDown: study.t + PAGE,
      Home: 0,
      End: last,
    };
    const zooms: Readonly<Record<string, number>> = { '+': 1.4, '=': 1.4, '-': 1 / 1.4 };
    if (event.key in targets) study.chooseStep(targets[event.key]);
    else if (event.key in zooms) this.#scroller.zoom(zooms[event.key]);
    else return;
    event.preventDefault();
  }
}
