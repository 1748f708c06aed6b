import type { Network } from '../../../network/network.ts';
import type { RunSettings } from '../../../protocol/settings.ts';
import type { Tape } from '../../../protocol/study.ts';
import { element } from '../../dom.ts';
import { glossary } from '../../network/glossary.ts';
import { Inputs } from '../view.ts';
import { mathElement } from './mathElement.ts';

/** What the names of the tape and of all below it mean, in a line under the tape. */
export class TapeGlossary {
  readonly element = element('dl', {
    class: 'tape-glossary',
    'data-testid': 'glossary',
  });
  readonly #network: Network;
  readonly #inputs = new Inputs();

  constructor(network: Network) {
    this.#network = network;
  }

  update({ inputs, streams: B }: Pick<Tape, 'inputs' | 'streams'>, reduction: RunSettings['reduction']): void {
    const T = inputs.length;
    if (!this.#inputs.changed(T, B, reduction)) return;
    const terms = glossary(this.#network, { T, B, N: reduction === 'mean' ? T * B : 1 });
    this.element.replaceChildren(
      ...terms.map(({ markup, words }) =>
        element('div', { class: 'tape-term' }, element('dt', {}, mathElement({ markup })), element('dd', {}, words)),
      ),
    );
  }
}
