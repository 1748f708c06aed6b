import type { Tape } from '../../../protocol/study.ts';
import { DecadeScale } from '../../../common/decadeScale.ts';
import type { PictureData } from '../../charts/pictureData.ts';
import { drawSheet } from '../../charts/sheetDrawing.ts';
import { drawTape, TAPE_GUTTER, TAPE_HEIGHT, type TapeCells } from '../../charts/tapeDrawing.ts';
import { stepNormLabelOf } from '../../../network/names.ts';
import { errorOfTimeStep, inWords } from '../../../network/quantities.ts';
import { element, setAttribute, setText, show } from '../../dom.ts';
import { visibleSymbol } from '../../../common/format.ts';
import { DecadeColorBar } from '../colorBar.ts';
import { quietButton } from '../controls.ts';
import { Figure } from '../figure.ts';
import { Inputs, type PanelContext, type View } from '../view.ts';
import { Width } from '../width.ts';
import { iterationText } from '../windowText.ts';
import { errorAt } from '../../network/notation.ts';
import { tapeData } from './tapeData.ts';
import { TapePulse } from './tapePulse.ts';
import { TapeScroller } from './tapeScroller.ts';
import { sumOf, termsOf } from './terms.ts';
import { timeStepErrors, timeStepText, symbolsOf } from './tapeText.ts';

const PAGE = 10;

/** The window of one stream, unrolled: a cell for every time step. */
export class TapeView implements View {
  readonly element: HTMLElement;
  readonly #context: PanelContext;
  readonly #figure: Figure;
  readonly #scroller: TapeScroller;
  readonly #pulse = new TapePulse();
  readonly #scale = new DecadeScale();
  readonly #bar: DecadeColorBar;
  readonly #width: Width;
  readonly #inputs = new Inputs();
  readonly #reading = element('span', { class: 'reading-out tape-reading' });
  #scaled: { readonly runId: string; readonly tape: Tape } | undefined;
  #cells: { readonly tape: Tape; readonly shown: TapeCells } | undefined;
  #revealed = '';
  #last: { readonly t: number; readonly step: number } | undefined;

  constructor(context: PanelContext) {
    this.#context = context;
    const { network } = context;
    const errorNorm = stepNormLabelOf(network, errorOfTimeStep(network));
    const [state] = network.states;
    const { now, next } = termsOf(network, state);
    this.#bar = new DecadeColorBar('this window', 'tape-fit', () => this.#fitScale());
    this.#scroller = new TapeScroller(() => this.#draw());
    this.#figure = new Figure(
      {
        id: 'tape',
        title: 'The window, unrolled',
        note: `${errorNorm} of one stream, before clipping`,
        question: 'What happens at each character?',
        help:
          'One cell per time step: the character read, the target and the likeliest character (underlined: right, struck through: wrong; two digits under a line are a byte in hexadecimal), coloured by log ' +
          `${errorNorm}, ` +
          'the error that reaches the cell, before clipping.\n' +
          `Below, the two parts of ${errorAt(state)} = ${sumOf([...now, ...next])} on the same scale: arrows are what comes back ` +
          'from the future, bars what is the step’s own. Arrows that grow to the left: the error explodes. Arrows thinner than the bars: each step learns only from itself.\n' +
          'Click a cell to see every number of it. While you read, the window stays and training goes on; Live goes back to the newest.',
        controls: [
          quietButton('Zoom out', 'tape-zoom-out', 'zoom-out', () => this.#scroller.zoom(1 / 1.4)),
          quietButton('Zoom in', 'tape-zoom-in', 'zoom-in', () => this.#scroller.zoom(1.4)),
        ],
        keys:
          'Left and right arrow walk the cells, Page Up and Page Down ten at a time, Home and End to the ends; n and p walk the ' +
          `${inWords(network.steps.length)} steps of side B; ` +
          'plus and minus zoom.',
        data: () => this.#data(),
      },
      context,
    );
    this.element = this.#figure.element;
    this.#width = new Width(this.#figure.surface, context);
    this.#figure.legend.append(this.#reading, this.#bar.element);
    this.#figure.surface.append(this.#scroller.element, this.#pulse.element);
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
    this.#scroller.resize(tape.inputs.length, this.#width.pixels - TAPE_GUTTER);
    this.#follow(tape);
    const { low, high } = this.#scale;
    const { width } = this.#scroller.span;
    const { t, stream } = study;
    if (!this.#inputs.changed(tape, t, stream, theme, run.description.facts, width, low, high)) return;
    this.#draw();
    this.point();
    setAttribute(this.#figure.surface, 'data-t', String(t));
    setAttribute(this.#figure.surface, 'aria-valuenow', String(t));
    setAttribute(this.#figure.surface, 'aria-valuemax', String(tape.inputs.length - 1));
    setAttribute(
      this.#figure.surface,
      'aria-valuetext',
      timeStepText(this.#context.network, tape, t, symbolsOf(run.description.facts)),
    );
    this.#figure.describe(
      `The window: ${iterationText(tape, run)}. ${timeStepText(this.#context.network, tape, t, symbolsOf(run.description.facts))}`,
    );
  }

  point(): void {
    const { study, run, hover } = this.#context.state;
    const { tape } = study;
    if (tape === undefined) return;
    const T = tape.inputs.length;
    const t = hover.step !== null && hover.step < T ? hover.step : study.t;
    setText(this.#reading, timeStepText(this.#context.network, tape, t, symbolsOf(run?.description.facts)));
    this.#bar.point(this.#scale.position(timeStepErrors(this.#context.network, tape)[t]));
    this.#draw();
  }

  #takeIntoScale(runId: string, tape: Tape): void {
    if (this.#scaled?.tape === tape) return;
    if (this.#scaled?.runId !== runId) this.#scale.reset();
    this.#scaled = { runId, tape };
    this.#include(tape);
  }

  #include(tape: Tape): void {
    this.#scale.include(timeStepErrors(this.#context.network, tape));
    this.#scale.include(tape.ownNorm);
    this.#scale.include(tape.futureNorm);
  }

  #fitScale(): void {
    const { tape } = this.#context.state.study;
    if (tape === undefined) return;
    this.#scale.reset();
    this.#include(tape);
    this.#context.requestUpdate();
  }

  /** Keeps the chosen cell in sight when it changes, and shows the message pass when a person walks on into t − 1. */
  #follow(tape: Tape): void {
    const { study } = this.#context.state;
    const at = { t: study.t, step: study.backwardStep };
    const key = `${tape.stream}/${at.t}/${this.#scroller.span.width}`;
    if (key !== this.#revealed) this.#scroller.reveal(at.t);
    this.#revealed = key;
    const last = this.#last;
    if (last?.step === study.backwardSteps && last.t === at.t + 1 && at.step === 1)
      this.#pulse.run(at.t, this.#scroller.span);
    this.#last = at;
  }

  #draw(): void {
    const { state, theme } = this.#context;
    const { study, hover } = state;
    const { tape } = study;
    const { span } = this.#scroller;
    if (tape === undefined) return;
    const pointed = hover.step !== null && hover.step < span.T ? hover.step : null;
    const drawn = { theme, span, cells: this.#cellsOf(tape), scale: this.#scale };
    const marks = { chosen: study.t, pointed };
    drawSheet(this.#figure.canvas, span.width + TAPE_GUTTER, TAPE_HEIGHT, (sheet) =>
      drawTape({ ...sheet, ...drawn }, marks),
    );
  }

  #cellsOf(tape: Tape): TapeCells {
    if (this.#cells?.tape === tape) return this.#cells.shown;
    const symbolOf = symbolsOf(this.#context.state.run?.description.facts);
    const visible = (ids: Int32Array): string[] => Array.from(ids, (id) => visibleSymbol(symbolOf(id)));
    const { inputs, targets, predicted, ownNorm, futureNorm } = tape;
    const shown = {
      inputs: visible(inputs),
      targets: visible(targets),
      predicted: visible(predicted),
      isRight: Array.from(predicted, (id, t) => id === targets[t]),
      errorNorm: timeStepErrors(this.#context.network, tape),
      ownNorm,
      futureNorm,
    };
    this.#cells = { tape, shown };
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
