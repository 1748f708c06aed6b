import { element } from '../dom.ts';
import {
  WHOLE_RUN,
  iterationAt,
  panned,
  shareAt,
  shownRange,
  stretched,
  zoomed,
  type IterationView,
} from '../state/iterationView.ts';
import type { PanelState } from '../state/panelState.ts';
import type { Plot } from './plot.ts';

const DRAG_THRESHOLD = 4;
const ZOOM_PER_WHEEL_PIXEL = 0.002;
const KEY_ZOOM = 0.7;
const KEY_PAN = 0.1;

/** Keys, for the description of a chart over iterations. */
export const ITERATION_KEYS =
  'Left and right arrow read values, with Shift they move the window; plus and minus zoom; End follows the newest; Home shows the whole run.';

/**
 * Reading, zooming and moving on a chart over iterations. Dragging selects a stretch, with Shift or the middle button it
 * moves the window; the wheel zooms with Ctrl (so does pinching) or once the chart has the focus, so that scrolling the
 * page over a chart goes on scrolling the page.
 */
export class IterationGestures {
  readonly #surface: HTMLElement;
  readonly #plot: Plot;
  readonly #state: PanelState;
  readonly #clicked: ((iteration: number) => void) | undefined;
  readonly #cursor = element('div', { class: 'cursor', hidden: true });
  readonly #brush = element('div', { class: 'brush', hidden: true });
  #drag: { readonly startX: number; lastX: number; readonly pans: boolean; moved: boolean } | undefined;

  constructor(surface: HTMLElement, plot: Plot, state: PanelState, clicked?: (iteration: number) => void) {
    this.#surface = surface;
    this.#plot = plot;
    this.#state = state;
    this.#clicked = clicked;
    surface.append(this.#brush, this.#cursor);
    surface.addEventListener('pointerdown', (event) => this.#pointerDown(event));
    surface.addEventListener('pointermove', (event) => this.#pointerMove(event));
    surface.addEventListener('pointerup', (event) => this.#pointerUp(event));
    surface.addEventListener('pointercancel', () => this.#endDrag());
    surface.addEventListener('pointerleave', () => this.#state.point({ iteration: null, step: null }));
    surface.addEventListener('dblclick', () => this.#show(WHOLE_RUN));
    surface.addEventListener('wheel', (event) => this.#wheel(event), { passive: false });
    surface.addEventListener('keydown', (event) => this.#keyDown(event));
  }

  /** Puts the cursor at the iteration pointed at in any of the charts. */
  placeCursor(): void {
    const { iteration } = this.#state.hover;
    const share = iteration === null ? NaN : shareAt(this.#range(), iteration, this.#logarithmic);
    const shown = share >= 0 && share <= 1;
    this.#cursor.hidden = !shown;
    if (!shown) return;
    const { left, top, width, height } = this.#plot.area;
    place(this.#cursor, left + share * width, top, undefined, height);
  }

  get #logarithmic(): boolean {
    return this.#state.ui.logarithmicIterations;
  }

  get #iterations(): number {
    return this.#state.run?.history.iterations ?? 0;
  }

  #range(): { from: number; to: number } {
    return shownRange(this.#state.view, this.#iterations);
  }

  /** The share of the plot's width at a pointer. */
  #share(clientX: number): number {
    const { left, width } = this.#plot.area;
    const share = (clientX - this.#surface.getBoundingClientRect().left - left) / width;
    return Math.min(Math.max(share, 0), 1);
  }

  #iteration(clientX: number): number {
    const at = iterationAt(this.#range(), this.#share(clientX), this.#logarithmic);
    return Math.min(Math.max(0, Math.round(at)), Math.max(0, this.#iterations - 1));
  }

  #pointerDown(event: PointerEvent): void {
    if (event.button > 1) return;
    this.#surface.setPointerCapture(event.pointerId);
    this.#drag = {
      startX: event.clientX,
      lastX: event.clientX,
      pans: event.shiftKey || event.button === 1,
      moved: false,
    };
  }

  #pointerMove(event: PointerEvent): void {
    this.#state.point({ iteration: this.#iteration(event.clientX) });
    const drag = this.#drag;
    if (drag === undefined) return;
    drag.moved ||= Math.abs(event.clientX - drag.startX) > DRAG_THRESHOLD;
    if (!drag.moved) return;
    if (drag.pans) {
      const share = (drag.lastX - event.clientX) / this.#plot.area.width;
      drag.lastX = event.clientX;
      this.#show(panned(this.#state.view, this.#iterations, share, this.#logarithmic));
      return;
    }
    const { left, top, width, height } = this.#plot.area;
    const [from, to] = [this.#share(drag.startX), this.#share(event.clientX)].sort((a, b) => a - b);
    this.#brush.hidden = false;
    place(this.#brush, left + from * width, top, (to - from) * width, height);
  }

  #pointerUp(event: PointerEvent): void {
    const drag = this.#drag;
    this.#endDrag();
    if (drag === undefined) return;
    if (!drag.moved) {
      this.#clicked?.(this.#iteration(event.clientX));
    } else if (!drag.pans) {
      const [from, to] = [this.#share(drag.startX), this.#share(event.clientX)];
      this.#show(stretched(this.#state.view, this.#iterations, from, to, this.#logarithmic));
    }
  }

  #endDrag(): void {
    this.#drag = undefined;
    this.#brush.hidden = true;
  }

  #wheel(event: WheelEvent): void {
    const sideways = Math.abs(event.deltaX) > Math.abs(event.deltaY);
    const zooms = event.ctrlKey || event.metaKey || (this.#surface.matches(':focus') && !sideways);
    if (!zooms && !sideways) return;
    event.preventDefault();
    if (zooms) {
      const factor = Math.exp(event.deltaY * ZOOM_PER_WHEEL_PIXEL);
      this.#show(zoomed(this.#state.view, this.#iterations, this.#share(event.clientX), factor, this.#logarithmic));
    } else {
      this.#show(panned(this.#state.view, this.#iterations, event.deltaX / this.#plot.area.width, this.#logarithmic));
    }
  }

  #keyDown(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target !== this.#surface) return;
    const { view } = this.#state;
    switch (event.key) {
      case 'ArrowLeft':
      case 'ArrowRight':
        this.#arrow(event.key === 'ArrowLeft' ? -1 : 1, event.shiftKey);
        break;
      case '+':
      case '=':
        this.#show(zoomed(view, this.#iterations, 0.5, KEY_ZOOM, this.#logarithmic));
        break;
      case '-':
        this.#show(zoomed(view, this.#iterations, 0.5, 1 / KEY_ZOOM, this.#logarithmic));
        break;
      case 'Home':
      case 'Escape':
        this.#show(WHOLE_RUN);
        break;
      case 'End': {
        const { from, to } = this.#range();
        this.#show(view.mode === 'follow' ? view : { mode: 'follow', last: Math.max(1, Math.round(to - from)) });
        break;
      }
      case 'Enter':
        if (this.#state.hover.iteration !== null) this.#clicked?.(this.#state.hover.iteration);
        break;
      default:
        return;
    }
    event.preventDefault();
  }

  #arrow(direction: number, pans: boolean): void {
    if (pans) {
      this.#show(panned(this.#state.view, this.#iterations, direction * KEY_PAN, this.#logarithmic));
      return;
    }
    const range = this.#range();
    const logarithmic = this.#logarithmic;
    const newest = Math.max(0, this.#iterations - 1);
    const start = this.#state.hover.iteration ?? (direction < 0 ? newest : Math.ceil(range.from));
    // One pixel at a time, or one iteration where those are wider.
    const moved = iterationAt(
      range,
      shareAt(range, start, logarithmic) + direction / this.#plot.area.width,
      logarithmic,
    );
    const next = direction < 0 ? Math.min(start - 1, Math.floor(moved)) : Math.max(start + 1, Math.ceil(moved));
    this.#state.point({ iteration: Math.min(Math.max(next, 0), newest) });
  }

  #show(view: IterationView): void {
    this.#state.chooseForRun({ view });
  }
}

/** Places a marker over the plot; through the object model, since the policy forbids style attributes. */
function place(marker: HTMLElement, x: number, y: number, width: number | undefined, height: number): void {
  marker.style.transform = `translate(${Math.round(x)}px, ${Math.round(y)}px)`;
  marker.style.height = `${Math.round(height)}px`;
  if (width !== undefined) marker.style.width = `${Math.round(width)}px`;
}
