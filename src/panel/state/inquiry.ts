/**
 * Questions of one kind, of which one is under way at a time: whoever walks fast is not followed by a queue of answers that
 * they no longer want. When an answer has come, what is wanted by then is asked for.
 */
export class Inquiry {
  #underWay: number | undefined;
  #about = '';
  /** What could not be answered: it is not asked again at once. */
  #refused: string | undefined;

  /** What the newest question was about. */
  get about(): string {
    return this.#about;
  }

  /** Whether the question is to be sent now, under this id. */
  begin(requestId: number, about: string): boolean {
    if (this.#underWay !== undefined || about === this.#refused) return false;
    this.#underWay = requestId;
    this.#about = about;
    return true;
  }

  /** Whether this was the question under way, which now is over. */
  end(requestId: number, isAnswered: boolean): boolean {
    if (requestId !== this.#underWay) return false;
    this.#underWay = undefined;
    this.#refused = isAnswered ? undefined : this.#about;
    return true;
  }

  /** What was refused may be asked again: the window or the wish is another one. */
  retry(): void {
    this.#refused = undefined;
  }

  /** Nobody will answer what is under way. */
  reset(): void {
    this.#underWay = undefined;
    this.#refused = undefined;
  }
}
