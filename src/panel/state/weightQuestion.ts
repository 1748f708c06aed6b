import type { FromPanel, ToPanel } from '../../protocol/panel.ts';
import type { WeightUpdate } from '../../protocol/study.ts';
import { Inquiry } from './inquiry.ts';
import type { StudyOwner } from './studyOwner.ts';

type Result = Extract<ToPanel, { type: 'studied' }>['result'];
type Question = Extract<FromPanel, { type: 'ask' }>['question'];

/** What takes longer than this is computed once a person asks for it: the study thread cannot be interrupted. */
const MOST_UNASKED_MS = 4000;

/** What an update is asked of. */
export type UpdateWindow = Pick<WeightUpdate, 'iteration' | 'stream'>;

/** The question what the optimizer does with the chosen weight, and what was answered last. */
export class WeightQuestion {
  readonly #owner: Pick<StudyOwner, 'studyChoices' | 'chooseStudy' | 'updateMs'>;
  readonly #send: (inquiry: Inquiry, about: string, question: Question) => void;
  readonly inquiry = new Inquiry();
  #update: WeightUpdate | undefined;
  #problem: string | undefined;
  #isAskedFor = false;

  /** @param send asks, unless another question of the inquiry is under way. */
  constructor(
    owner: Pick<StudyOwner, 'studyChoices' | 'chooseStudy' | 'updateMs'>,
    send: (inquiry: Inquiry, about: string, question: Question) => void,
  ) {
    this.#owner = owner;
    this.#send = send;
  }

  /** The newest update that came, of whatever window and weight. */
  get update(): WeightUpdate | undefined {
    return this.#update;
  }

  /** Why there is none of the weight and the window that were asked about last, for the person. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /** Another run is shown. */
  forget(): void {
    this.#update = this.#problem = undefined;
    this.#isAskedFor = false;
  }

  /** How long it will take, milliseconds, where a person is to say that it is worth it. */
  get unaskedMs(): number | undefined {
    const { updateMs } = this.#owner;
    return this.#isAskedFor || updateMs <= MOST_UNASKED_MS ? undefined : updateMs;
  }

  /** The person wants it, of this run, however long it takes. */
  allow(): void {
    this.#isAskedFor = true;
  }

  /** Whether the newest update is of this window and of the weight that is chosen. */
  isOf({ iteration, stream }: UpdateWindow): boolean {
    const { weight } = this.#owner.studyChoices;
    const update = this.#update;
    const isOfWindow = update?.iteration === iteration && update.stream === stream;
    const isOfElement = update?.row === weight?.element?.row && update?.column === weight?.element?.column;
    return isOfWindow && update.parameter === weight?.parameter && isOfElement;
  }

  /** Asks for the update of the chosen weight, where it is not there. */
  ask({ iteration, stream }: UpdateWindow): void {
    if (this.unaskedMs !== undefined || this.isOf({ iteration, stream })) return;
    const { weight } = this.#owner.studyChoices;
    const of = { parameter: weight?.parameter ?? null, element: weight?.element ?? null };
    this.#send(this.inquiry, this.#about({ iteration, stream }), { measure: 'update', iteration, stream, ...of });
  }

  /**
   * Takes an answer, if it is to this question. An element that was found for its large gradient is the chosen one from then on, so that
   * it can be followed from one iteration to the next.
   */
  take(requestId: number, result: Result): boolean {
    if (!this.inquiry.end(requestId, result.ok)) return false;
    this.#problem = result.ok ? undefined : result.message;
    if (!result.ok || result.update === undefined) return true;
    this.#update = result.update;
    const { parameter, row, column } = result.update;
    const isWanted = this.inquiry.about === this.#about(result.update);
    const element = this.#owner.studyChoices.weight?.element ?? null;
    if (isWanted && element === null) this.#owner.chooseStudy({ weight: { parameter, element: { row, column } } });
    return true;
  }

  #about({ iteration, stream }: UpdateWindow): string {
    return JSON.stringify([this.#owner.studyChoices.weight, iteration, stream]);
  }
}
