import { show } from '../../dom.ts';
import type { PictureData } from '../../charts/pictureData.ts';
import type { Memory } from '../../../protocol/study.ts';
import type { MirroredRun } from '../../state/mirror.ts';
import { Figure, type FigureOptions } from '../figure.ts';
import { Inputs, type PanelContext, type View } from '../view.ts';

/** A figure of what was measured of a window: hidden until there is something, told and drawn anew only when it has changed. */
export abstract class WindowView<Measured> implements View {
  readonly element: HTMLElement;
  protected readonly context: PanelContext;
  protected readonly figure: Figure;
  readonly #told = new Inputs();
  readonly #drawn = new Inputs();

  /** Its test id is its id. */
  constructor(
    context: PanelContext,
    options: Omit<FigureOptions, 'controls' | 'data'>,
    controls: readonly HTMLElement[] = [],
  ) {
    this.context = context;
    this.figure = new Figure({ ...options, controls, data: () => this.#data() }, context);
    this.element = this.figure.element;
    this.element.dataset.testid = options.id;
  }

  /** What the figure shows; nothing while it has not been measured. */
  protected abstract get measured(): Measured | undefined;

  /** Between the axes, in pixels. */
  protected abstract get area(): { readonly width: number; readonly height: number };

  /** What else the words depend on, and the drawing. */
  protected get toldOf(): readonly unknown[] {
    return [];
  }

  protected get drawnOf(): readonly unknown[] {
    return [];
  }

  /** Says in words what was measured; also while the figure is out of sight. */
  protected tell?(measured: Measured): void;

  protected abstract draw(measured: Measured): void;

  /** What is pointed at, or what there is to say while nothing is. */
  abstract point(): void;

  protected abstract data(measured: Measured, run: MirroredRun): PictureData | undefined;

  update(): void {
    const { measured } = this;
    show(this.element, measured !== undefined);
    if (measured === undefined) return;
    if (this.#told.changed(measured, ...this.toldOf)) this.tell?.(measured);
    if (!this.figure.isVisible) return;
    const { width, height } = this.area;
    if (!this.#drawn.changed(measured, ...this.drawnOf, this.context.theme, width, height)) return;
    this.draw(measured);
    this.point();
  }

  #data(): PictureData | undefined {
    const { run } = this.context.state;
    const { measured } = this;
    return run === undefined || measured === undefined ? undefined : this.data(measured, run);
  }
}

/** A figure of how far the errors of a window reach. */
export abstract class MemoryView extends WindowView<Memory> {
  protected override get measured(): Memory | undefined {
    return this.context.state.study.memory;
  }
}
