import { EditorLegend } from '../editorLegend.ts';
import type { PanelContext, View } from '../view.ts';
import { WindowControls } from '../windowControls.ts';
import { PinsView } from './pinsView.ts';
import { SideAView } from './sideAView.ts';
import { SideBView } from './sideBView.ts';
import { SumView } from './sumView.ts';
import { TapeView } from './tapeView.ts';

/** The views of the tab *Time steps*, from top to bottom. */
export function timeStepsViews(context: PanelContext): View[] {
  const sideA = new SideAView(context);
  const sideB = new SideBView(context, (name) => sideA.reveal(name));
  const tape = new TapeView(context);
  for (const view of [tape, sideA, sideB]) {
    view.element.addEventListener('keydown', (event) => walk(event, context));
    // Who takes up the keyboard reads the chosen step, not the one under a pointer that lies still.
    view.element.addEventListener('keydown', () => context.state.point({ step: null }), { capture: true });
  }
  return [
    new WindowControls(context, 'tape', () => context.state.study.tape, new EditorLegend(context)),
    tape,
    sideA,
    sideB,
    new SumView(context),
    new PinsView(context),
  ];
}

/** `n` and `p` walk the steps of side B from anywhere in the time step or on the tape, but not while something is typed. */
function walk(event: KeyboardEvent, { state }: PanelContext): void {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target instanceof HTMLInputElement) return;
  if (event.key === 'n') state.study.walk(1);
  else if (event.key === 'p') state.study.walk(-1);
  else return;
  event.preventDefault();
}
