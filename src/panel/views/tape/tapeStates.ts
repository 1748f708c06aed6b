import { written } from '../../../network/names.ts';
import { stateParts, type Job, type StatePath } from '../../../network/statePaths.ts';
import type { Tape } from '../../../protocol/study.ts';
import { element, setText } from '../../dom.ts';
import type { PanelContext } from '../view.ts';
import { stateText } from './stateText.ts';

const MEANS: Readonly<Record<Job, string>> = {
  kept: 'kept',
  added: 'added',
  given: 'given out',
};

const JOBS = Object.keys(MEANS) as Job[];

/** What the colours of the paths mean. */
export function pathKeys({ network }: Pick<PanelContext, 'network'>): HTMLElement {
  const parts = stateParts(network);
  const jobs = new Set(parts.length === 0 ? (['given'] as const) : parts.map(({ job }) => job));
  const keys = JOBS.filter((job) => jobs.has(job)).map((job) => [`mark-${job}`, MEANS[job]]);
  if (parts.some(({ gated }) => gated !== undefined)) keys.push(['mark-held-back', 'held back by the gate']);
  if (parts.length > 0) keys.push(['mark-state', 'norm of the state']);
  return element(
    'div',
    { class: 'path-keys' },
    ...keys.map(([mark, means]) =>
      element('span', { class: 'legend-entry' }, element('i', { class: `path-mark ${mark}` }), means),
    ),
  );
}

/** The numbers of every state that the tape shows, at one time step, in words: a line a state. */
export class TapeStates {
  readonly element = element('dl', { class: 'tape-states', 'data-testid': 'tape-states' });
  readonly #context: PanelContext;
  #rows: { readonly paths: readonly StatePath[]; readonly texts: readonly HTMLElement[] } | undefined;

  constructor(context: PanelContext) {
    this.#context = context;
  }

  show(tape: Tape, t: number, paths: readonly StatePath[]): void {
    if (this.#rows?.paths !== paths) {
      const texts = paths.map(() => element('dd'));
      this.element.replaceChildren(
        ...paths.flatMap(({ state }, index) => [element('dt', {}, written(state)), texts[index]]),
      );
      this.#rows = { paths, texts };
    }
    const { texts } = this.#rows;
    paths.forEach((path, index) => setText(texts[index], stateText(this.#context.network, tape, t, path)));
  }
}
