import '@vscode-elements/elements/dist/vscode-button/index.js';
import { groupDigits } from '../../../common/format.ts';
import { MOST_WINDOW_NUMBERS, windowNumberCount, type WindowSizes } from '../../../network/windowNumbers.ts';
import type { Numbers } from '../../../protocol/study.ts';
import type { PictureData } from '../../charts/pictureData.ts';
import { element, icon, setAttribute, setText, show } from '../../dom.ts';
import { divisorText } from '../../network/divisor.ts';
import { windowSizesOf } from '../../network/windowSizes.ts';
import type { MirroredRun } from '../../state/mirror.ts';
import { copiedText } from '../copied.ts';
import { figureHead, helpFor } from '../figure.ts';
import { FigureMenu } from '../figureMenu.ts';
import { Inputs, type PanelContext, type View } from '../view.ts';
import { Width } from '../width.ts';
import { handScript } from './handScript.ts';
import { numbersData } from './numbersData.ts';
import { NumberTables } from './numberTables.ts';

const TITLE = 'The network in numbers';
const SCRIPT = 'the script of the window';

/** Every number of a small network and its window, to be recomputed by hand or in Python. */
export class NumbersView implements View {
  readonly element: HTMLElement;
  readonly #context: PanelContext;
  readonly #note = element('span', { class: 'figure-note', 'data-testid': 'numbers-note' });
  readonly #copied = element('p', {
    class: 'numbers-copied not-in-picture',
    role: 'status',
    'data-testid': 'numbers-copied',
  });
  readonly #slot = element('div', { class: 'numbers', 'data-testid': 'numbers' });
  readonly #inputs = new Inputs();
  readonly #revealed = new Inputs();
  readonly #width: Width;
  #tables: { readonly key: string; readonly of: NumberTables } | undefined;

  constructor(context: PanelContext) {
    this.#context = context;
    const { button: help, text } = helpFor({
      id: 'numbers',
      title: TITLE,
      question: 'Can I compute this myself?',
      help:
        'Every number of the window: what the parameters are before the update, what each time step computes forward (side A) and backward (side B), and the gradient of ' +
        'each parameter, the sum over the time steps, before clipping. Each follows from others on the screen by the formulas of sides A and B.\n' +
        'Six significant digits; a tooltip has them all. In the rows of classes the one that is asked for is underlined. The column of the chosen time step is marked, here and in the ' +
        'weights of the input, of which it reads one column; press a column’s head to choose its time step.\n' +
        'Copy as Python puts a script on the clipboard that holds these numbers with all digits, computes both sides anew with NumPy and compares.',
    });
    const copy = element(
      'vscode-button',
      { secondary: true, 'data-testid': 'numbers-copy', title: 'A script for Python with NumPy' },
      icon('copy'),
      'Copy as Python',
    );
    copy.addEventListener('click', () => this.#copy());
    const menu = new FigureMenu(
      { id: 'numbers', title: TITLE, data: () => this.#data(), figure: () => this.element },
      context,
    );
    this.element = element(
      'section',
      { class: 'figure figure-numbers', 'aria-labelledby': 'numbers-title' },
      figureHead('numbers-title', TITLE, this.#note, help, [copy, menu.element]),
      text,
      menu.problem,
      this.#copied,
      this.#slot,
    );
    this.#width = new Width(this.#slot, context);
  }

  update(): void {
    const { run, study } = this.#context.state;
    const { numbers, tape } = study;
    const sizes = run && windowSizesOf(run);
    show(this.element, study.hasFewNumbers && numbers !== undefined);
    this.#showCopied();
    if (run === undefined || sizes === undefined || numbers === undefined || !study.hasFewNumbers) return;
    const isStale = numbers.iteration !== tape?.iteration || numbers.stream !== tape.stream;
    this.#slot.toggleAttribute('data-stale', isStale);
    const { pixels } = this.#width;
    if (!this.#inputs.changed(numbers, study.t, run.description.facts, isStale, pixels)) return;
    setText(this.#note, noteOf(numbers, run));
    setAttribute(this.#slot, 'data-iteration', String(numbers.iteration));
    const tables = this.#tablesFor(sizes, run);
    tables.update(numbers, study.t);
    if (this.#revealed.changed(study.t, pixels)) tables.reveal();
  }

  /** The tables of a run of these sizes and symbols, made anew only for others. */
  #tablesFor(sizes: WindowSizes, run: MirroredRun): NumberTables {
    const symbols = run.description.facts?.vocabulary ?? [];
    const key = JSON.stringify([sizes, symbols]);
    if (this.#tables?.key === key) return this.#tables.of;
    const { state, network } = this.#context;
    const of = new NumberTables(network, { sizes, symbols, chosen: (t) => state.study.chooseStep(t) });
    this.#tables = { key, of };
    this.#slot.replaceChildren(...of.elements);
    return of;
  }

  #copy(): void {
    const { state, network } = this.#context;
    const { run, study } = state;
    if (run?.description.facts === undefined || study.numbers === undefined) return;
    const { fileName, facts, settings } = run.description;
    const origin = { fileName, symbols: facts.vocabulary, reduction: settings.reduction };
    state.copy(SCRIPT, handScript(network, study.numbers, origin));
  }

  #showCopied(): void {
    const text = copiedText(
      this.#context.state.outcomeOfCopy(SCRIPT),
      'Copied. Paste it into a file such as window.py and run it: python3 window.py.',
    );
    setText(this.#copied, text);
    show(this.#copied, text !== '');
  }

  #data(): PictureData | undefined {
    const { run, study } = this.#context.state;
    const sizes = run && windowSizesOf(run);
    if (run === undefined || sizes === undefined || study.numbers === undefined) return undefined;
    return numbersData(study.numbers, run, sizes);
  }
}

function noteOf({ iteration, stream, N, T }: Numbers, { description: { settings } }: MirroredRun): string {
  const { batchSize: B } = settings;
  const ofStream = B === 1 ? '' : `, stream ${stream} of ${B}`;
  return `before iteration ${groupDigits(iteration)}${ofStream}, gradients before clipping; ${divisorText({ T, N })}`;
}

/** Says of a larger network why its numbers are not shown one by one. */
export class NumbersAbsence implements View {
  readonly element = element('p', { class: 'numbers-absence', 'data-testid': 'numbers-absence' });
  readonly #context: PanelContext;

  constructor(context: PanelContext) {
    this.#context = context;
  }

  update(): void {
    const { run, study } = this.#context.state;
    const sizes = run && windowSizesOf(run);
    const isLarge = sizes !== undefined && study.tape !== undefined && !study.hasFewNumbers;
    show(this.element, isLarge);
    if (!isLarge) return;
    const count = groupDigits(windowNumberCount(this.#context.network, sizes));
    setText(
      this.element,
      `All numbers one by one are shown of windows with up to ${groupDigits(MOST_WINDOW_NUMBERS)} of them; this one has ${count}. The preset By hand has few.`,
    );
  }
}
