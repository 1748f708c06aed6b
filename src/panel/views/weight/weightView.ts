import { aboutRun, pictureName, type PictureData } from '../../charts/pictureData.ts';
import { element, icon, setAttribute, setText, show } from '../../dom.ts';
import type { WeightUpdate } from '../../../protocol/study.ts';
import { groupDigits } from '../../../common/format.ts';
import { figureHead, helpFor } from '../figure.ts';
import { FigureMenu } from '../figureMenu.ts';
import { mathElement } from '../tape/mathElement.ts';
import { mathText } from '../tape/mathMarkup.ts';
import { symbolsOf } from '../tape/tapeText.ts';
import { formatRecomputable } from '../tape/values.ts';
import { Inputs, type PanelContext, type View } from '../view.ts';
import { iterationText } from '../windowText.ts';
import { WeightChooser } from './weightChooser.ts';
import { clippingFact, elementWords, stepFact, updateSentence } from './weightFacts.ts';
import { elementName, weightParts, type WeightLine } from './weightLines.ts';

/** What clipping and the optimizer make of the gradient of one weight: the last step of an iteration, with its numbers. */
export class WeightView implements View {
  readonly element: HTMLElement;
  readonly #context: PanelContext;
  readonly #inputs = new Inputs();
  readonly #note = element('span', { class: 'figure-note', 'data-testid': 'weight-note' });
  readonly #chooser: WeightChooser;
  readonly #which = element('p', { class: 'weight-which', 'data-testid': 'weight-which' });
  readonly #parts = element('div', { class: 'weight-parts' });
  readonly #said = element('p', { class: 'sr-only', role: 'status', 'data-testid': 'weight-said' });
  readonly #absent = element('div', { class: 'weight-absent', 'data-testid': 'weight-absent', hidden: true });
  readonly #absentText = element('p', {});
  readonly #stay: HTMLButtonElement;
  readonly #compute = element(
    'button',
    { type: 'button', class: 'toggle', 'data-testid': 'weight-compute' },
    'Compute',
  );

  constructor(context: PanelContext) {
    this.#context = context;
    const { state, network } = context;
    this.#chooser = new WeightChooser(network, (weight) => state.study.chooseWeight(weight));
    this.#stay = element(
      'button',
      { type: 'button', class: 'toggle', 'data-testid': 'weight-stay' },
      icon('pinned'),
      'Stay at this window',
    );
    this.#stay.addEventListener('click', () => state.study.setLive(false));
    this.#compute.addEventListener('click', () => state.study.computeWeight());
    this.#absent.append(this.#absentText, this.#stay, this.#compute);
    const title = 'What the optimizer does with one weight';
    const { button, text } = helpFor({
      id: 'weight',
      title,
      question: 'How does a gradient become a step?',
      help:
        'The gradient of one weight is summed over all time steps and streams, clipped together with all others, and handed to the optimizer, which turns it into a step.\n' +
        'Every line can be computed again from the ones above it: numbers have six digits, and come from the float64 reference and the float32 state of the run. They are what the iteration itself computes.\n' +
        'Choose the parameter, its row and its column; a click on an element of an open matrix, or Enter there, chooses it too. The one with the largest gradient is shown first. Step (one iteration) makes the weight after the weight before.',
    });
    const menu = new FigureMenu({ id: 'weight', title, data: () => this.#data(), figure: () => this.element }, context);
    this.element = element(
      'section',
      { class: 'figure figure-weight', 'aria-labelledby': 'weight-title', 'data-testid': 'weight' },
      figureHead('weight-title', title, this.#note, button, [this.#chooser.element, menu.element]),
      text,
      menu.problem,
      this.#absent,
      this.#which,
      this.#parts,
      this.#said,
    );
  }

  update(): void {
    const { run, study } = this.#context.state;
    const { tape, weight, isStanding } = study;
    show(this.element, run !== undefined && tape !== undefined);
    if (run === undefined || tape === undefined) return;
    const unaskedMs = isStanding ? weight.unaskedMs : undefined;
    const absent = isStanding ? (unaskedText(unaskedMs) ?? weight.problem) : LIVE_TEXT;
    const update = absent === undefined ? weight.update : undefined;
    show(this.#absent, absent !== undefined);
    setText(this.#absentText, absent ?? '');
    show(this.#stay, !isStanding);
    show(this.#compute, unaskedMs !== undefined);
    show(this.#chooser.element, update !== undefined);
    for (const part of [this.#which, this.#parts]) show(part, update !== undefined);
    const isStale = update !== undefined && !weight.isOf(tape);
    this.element.toggleAttribute('data-stale', isStale);
    if (update === undefined) {
      setText(this.#note, '');
      setText(this.#said, '');
      return;
    }
    setText(this.#note, `${iterationText(update, run)}, whole batch`);
    if (!this.#inputs.changed(update, run.description.facts)) return;
    this.#show(update);
  }

  #show(update: WeightUpdate): void {
    const { network, state } = this.#context;
    const symbolOf = symbolsOf(state.run?.description.facts);
    const name = elementName(update);
    this.#chooser.update(update);
    setAttribute(this.#which, 'data-name', name);
    this.#which.replaceChildren(mathElement({ markup: name }), ` ${elementWords(network, update, symbolOf)}`);
    const facts = [undefined, clippingFact(update), stepFact(update, symbolOf)];
    this.#parts.replaceChildren(
      ...weightParts(update).map(({ title, lines }, p) =>
        element(
          'section',
          { class: 'weight-part' },
          element('h3', {}, title),
          element('ol', { class: 'weight-lines' }, ...lines.map(lineElement)),
          ...(facts[p] === undefined ? [] : [element('p', { class: 'step-fact' }, facts[p])]),
        ),
      ),
    );
    setText(this.#said, updateSentence(name, update));
  }

  #data(): PictureData | undefined {
    const { run, study } = this.#context.state;
    const { update } = study.weight;
    if (run === undefined || update === undefined) return undefined;
    const { parameter, row, column, iteration, stream, step, momentsBefore, weightBefore } = update;
    const before = Object.entries({ ...momentsBefore, weight: weightBefore });
    return {
      name: pictureName(run, 'weight', parameter, row, column, iteration),
      about: {
        ...aboutRun(run),
        iteration,
        ...{ parameter, row, column, optimizer_step: step },
        ...Object.fromEntries(before.map(([name, value]) => [`${name}_before`, value])),
        contributions: `stream ${stream}`,
        ...Object.fromEntries(Array.from(update.byStep, (value, t) => [`gradient_t${t}`, value])),
      },
      columns: ['quantity', 'formula', 'numbers', 'value'],
      rows: weightParts(update).flatMap(({ lines }) =>
        lines.map(({ key, markup, numbers, value }) => [key, mathText({ markup }), numbers ?? '', value]),
      ),
    };
  }
}

const LIVE_TEXT =
  'While training is followed, these numbers change faster than they can be read, and cost a pass of every stream. Pause, choose a time step, or stay at this window.';

function unaskedText(ms: number | undefined): string | undefined {
  return ms === undefined
    ? undefined
    : `The gradient of the whole batch takes a pass of every stream with the float64 reference: about ${groupDigits(Math.round(ms / 1000))} s for this network.`;
}

function lineElement({ key, markup, numbers, value, words }: WeightLine): HTMLElement {
  return element(
    'li',
    { class: 'weight-line' },
    mathElement({ markup }),
    ...(numbers === undefined ? [] : [element('span', { class: 'weight-numbers' }, `= ${numbers}`)]),
    element(
      'span',
      { class: 'weight-value', 'data-testid': `weight-${key}`, 'data-value': String(value), title: String(value) },
      `= ${formatRecomputable(value)}`,
    ),
    element('span', { class: 'weight-words' }, words),
  );
}
