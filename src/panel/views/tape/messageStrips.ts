import type { StepDetail } from '../../../protocol/study.ts';
import { element } from '../../dom.ts';
import { FoldChoice } from '../../state/foldChoice.ts';
import type { PanelContext } from '../view.ts';
import { Folding } from './folding.ts';
import { MessageStrip } from './messageStrip.ts';
import type { SymbolOf } from './shownVectors.ts';

/** The messages of all states that come in from t+1, or those that leave the time step; of more than one state they are folded. */
export class MessageStrips {
  readonly element: HTMLElement;
  readonly #isIncoming: boolean;
  readonly #strips: readonly MessageStrip[];
  readonly #choice: FoldChoice;
  readonly #key: string;
  readonly #folding: Folding | undefined;

  constructor(context: PanelContext, isIncoming: boolean, symbolOf: SymbolOf) {
    const { states } = context.network;
    this.#isIncoming = isIncoming;
    this.#key = isIncoming ? 'messages-in' : 'messages-out';
    this.#choice = new FoldChoice(context.state, 'B');
    this.#strips = states.map((state) => new MessageStrip(context, state, isIncoming, symbolOf));
    const content = element('div', { class: 'messages' }, ...this.#strips.map((strip) => strip.element));
    if (states.length > 1) {
      const options = {
        id: this.#key,
        title: isIncoming ? 'Messages that come in' : 'Messages that leave',
        about: [],
        contents: '',
        measure: '',
        level: 0,
      };
      this.#folding = new Folding(options, content, () =>
        this.#choice.set([this.#key], !this.#choice.isOpen(this.#key)),
      );
    }
    this.element = this.#folding === undefined ? content : element('div', { class: 'fold' }, ...this.#folding.parts);
  }

  update(detail: StepDetail): void {
    for (const strip of this.#strips) strip.update(detail);
    this.#folding?.update(this.#choice.isOpen(this.#key), false, undefined);
    this.#folding?.tell(this.#contents(detail));
  }

  /** Marks the unit that is followed. */
  follow(): void {
    for (const strip of this.#strips) strip.follow();
  }

  /** Shows that the messages have just been passed on. */
  arrive(): void {
    for (const strip of this.#strips) strip.arrive();
    this.#folding?.arrive();
  }

  /** Shows them as ones that have been there. */
  settle(): void {
    for (const strip of this.#strips) strip.settle();
    this.#folding?.settle();
  }

  #contents({ t, T }: StepDetail): string {
    const count = this.#strips.length;
    if (this.#isIncoming) return t === T - 1 ? 'none: the window ends here' : `${count}, from t = ${t + 1}`;
    return t === 0 ? `${count}, dropped: the window begins here` : `${count}, for t = ${t - 1}`;
  }
}
