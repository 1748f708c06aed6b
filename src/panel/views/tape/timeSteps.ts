import { EditorLegend } from '../editorLegend.ts';
import type { PanelContext, View } from '../view.ts';
import { TourView, type SideAMarks } from '../tour/tourView.ts';
import { WeightView } from '../weight/weightView.ts';
import { WindowControls } from '../windowControls.ts';
import { NumbersAbsence, NumbersView } from '../numbers/numbersView.ts';
import { PinsView } from './pinsView.ts';
import { SideAView } from './sideAView.ts';
import { SideBView } from './sideBView.ts';
import { SumView } from './sumView.ts';
import { TapeView } from './tapeView.ts';
import { SHOW_COLUMN } from './followedUnit.ts';
import type { UnitColumnName } from './shownVectors.ts';
import { UnitTableView } from './unitTableView.ts';

/** The views of the tab *Time steps*, from top to bottom. */
export function timeStepsViews(context: PanelContext): View[] {
  const sideA = new SideAView(context);
  const sideB = new SideBView(context, (name) => sideA.reveal(name));
  const tape = new TapeView(context);
  const units = new UnitTableView(context);
  for (const view of [sideA, sideB]) {
    view.element.addEventListener(SHOW_COLUMN, (event) => units.reveal((event as CustomEvent<UnitColumnName>).detail));
  }
  for (const view of [tape, sideA, sideB, units]) {
    view.element.addEventListener('keydown', (event) => walk(event, context));
    // Who takes up the keyboard reads the chosen step, not the one under a pointer that lies still.
    view.element.addEventListener('keydown', () => context.state.point({ step: null }), { capture: true });
  }
  return [
    windowWithTour(context, sideA),
    tape,
    new NumbersView(context),
    sideA,
    sideB,
    units,
    new SumView(context),
    new WeightView(context),
    new PinsView(context),
    new NumbersAbsence(context),
  ];
}

/** The line above the tape, from which the tour begins, and the tour under it. */
function windowWithTour(context: PanelContext, sideA: SideAMarks): View {
  const window = new WindowControls(context, 'tape', () => context.state.study.tape, new EditorLegend(context));
  const tour = new TourView(context, sideA);
  window.element.append(tour.opener, tour.element, tour.end.element);
  return {
    element: window.element,
    update() {
      window.update();
      tour.update();
    },
  };
}

/** `n` and `p` walk the steps of side B from anywhere in the time step or on the tape, but not while something is typed. */
function walk(event: KeyboardEvent, { state }: PanelContext): void {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target instanceof HTMLInputElement) return;
  if (event.key === 'n') state.study.walk(1);
  else if (event.key === 'p') state.study.walk(-1);
  else return;
  event.preventDefault();
}
