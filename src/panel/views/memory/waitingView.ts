import { element, setText, show } from '../../dom.ts';
import type { PanelContext, View } from '../view.ts';

/** What stands in place of the pictures until there is a window. */
export class WaitingView implements View {
  readonly element = element('p', { class: 'memory-waiting', 'data-testid': 'memory-waiting', hidden: true });
  readonly #context: PanelContext;

  constructor(context: PanelContext) {
    this.#context = context;
  }

  update(): void {
    const { run, study } = this.#context.state;
    const waits = study.memory === undefined && study.problem === undefined;
    show(this.element, waits);
    if (!waits || run === undefined) return;
    const { hiddenSize, sequenceLength } = run.description.settings;
    setText(
      this.element,
      run.status.state === 'starting'
        ? 'The run is starting: its first window is looked into as soon as it is read.'
        : `The first window is being looked into: ${sequenceLength} time steps of ${hiddenSize} hidden units, in float64.`,
    );
  }
}
