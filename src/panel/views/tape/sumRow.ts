import { barAt, drawBars } from '../../charts/tapeBars.ts';
import type { DecadeScale } from '../../../common/decadeScale.ts';
import { drawSheet } from '../../charts/sheetDrawing.ts';
import type { ChartTheme } from '../../charts/theme.ts';
import { element, setAttribute, setText } from '../../dom.ts';
import { titleOf, written } from '../../../network/names.ts';
import type { Network } from '../../../network/network.ts';
import { SpokenValue } from '../spokenValue.ts';
import { mathElement } from './mathElement.ts';
import { cancellationText, type ParameterSum } from './sums.ts';
import { formatValue } from './values.ts';

const HEIGHT = 112;

export interface SumRowEvents {
  pointed(t: number | null): void;
  chosen(t: number): void;
}

/** The contributions to one parameter's gradient: a bar for every time step, and what they add up to in words. */
export class SumRow {
  readonly element: HTMLElement;
  readonly #canvas = element('canvas', { role: 'img' });
  readonly #bars: HTMLElement;
  readonly #spoken: SpokenValue;
  readonly #total = element('span', { class: 'sum-total' });
  readonly #sumOfNorms = element('span', { class: 'sum-of-norms' });
  readonly #ratio: HTMLElement;
  readonly #text = element('span', { class: 'sum-text' });
  readonly #events: SumRowEvents;
  #sum: ParameterSum | undefined;
  #at: number | null = null;

  constructor(network: Network, parameter: string, events: SumRowEvents) {
    this.#events = events;
    this.#ratio = element('span', { class: 'sum-ratio', 'data-testid': `cancellation-${parameter}` });
    this.#bars = element(
      'div',
      {
        class: 'sum-bars',
        tabindex: '0',
        role: 'slider',
        'aria-label': `Contributions to ${written(parameter)} by time step`,
        'aria-valuemin': '0',
        'aria-description': 'Left and right arrow read the time steps, Enter opens the step.',
        'data-testid': `sum-${parameter}-bars`,
      },
      this.#canvas,
    );
    this.#spoken = new SpokenValue(this.#bars);
    this.element = element(
      'div',
      { class: 'sum-row', 'data-testid': `sum-${parameter}`, title: titleOf(network, parameter) },
      element(
        'p',
        { class: 'sum-head' },
        mathElement({ markup: `∂${written(parameter)}` }),
        element('span', {}, 'sum ', this.#total),
        element('span', {}, 'single norms together ', this.#sumOfNorms),
        element('span', {}, 'cancellation ratio ', this.#ratio),
        this.#text,
      ),
      this.#bars,
    );
    this.#listen();
  }

  update(sum: ParameterSum): void {
    this.#sum = sum;
    for (const [output, value] of [
      [this.#total, sum.totalNorm],
      [this.#sumOfNorms, sum.sumOfNorms],
      [this.#ratio, sum.ratio],
    ] as const) {
      setText(output, formatValue(value));
      setAttribute(output, 'data-value', String(value));
      setAttribute(output, 'title', String(value));
    }
    setText(this.#text, cancellationText(sum.ratio));
    setAttribute(this.#bars, 'aria-valuemax', String(sum.norms.length - 1));
    setAttribute(
      this.#canvas,
      'aria-label',
      `Norms of the contributions to ${written(sum.parameter)}, whose sum has the norm ${formatValue(sum.totalNorm)}. ${cancellationText(sum.ratio)}`,
    );
  }

  draw(scale: DecadeScale, theme: ChartTheme, chosen: number | undefined, pointed: number | null): void {
    if (this.#sum === undefined) return;
    const bars = { ...this.#sum, chosen, pointed };
    drawSheet(this.#canvas, this.#bars.clientWidth, HEIGHT, (sheet) => drawBars(sheet, bars, scale, theme));
    const t = pointed ?? chosen ?? 0;
    this.#at = t;
    const { norms, cosines } = this.#sum;
    this.#spoken.set(t, `t = ${t}: norm ${formatValue(norms[t])}, cosine ${formatValue(cosines[t])}`);
  }

  #listen(): void {
    const at = (event: PointerEvent | MouseEvent): number | undefined => {
      const { left, width } = this.#bars.getBoundingClientRect();
      return barAt(event.clientX - left, width, this.#sum?.norms.length ?? 0);
    };
    this.#bars.addEventListener('pointermove', (event) => this.#events.pointed(at(event) ?? null));
    this.#bars.addEventListener('pointerleave', () => this.#events.pointed(null));
    this.#bars.addEventListener('click', (event) => {
      const t = at(event);
      if (t !== undefined) this.#events.chosen(t);
    });
    this.#bars.addEventListener('keydown', (event) => {
      const last = (this.#sum?.norms.length ?? 1) - 1;
      const now = this.#at ?? last;
      const targets: Readonly<Record<string, number>> = {
        ArrowLeft: now - 1,
        ArrowRight: now + 1,
        Home: 0,
        End: last,
      };
      if (event.key in targets) this.#events.pointed(Math.min(Math.max(targets[event.key], 0), last));
      else if (event.key === 'Enter') this.#events.chosen(now);
      else return;
      event.preventDefault();
    });
  }
}
