/** Questions to a thread that are not answered yet. */
export class OpenQuestions<R> {
  readonly #waiting = new Map<number, { resolve(result: R): void; reject(error: Error): void }>();
  #nextRequestId = 1;

  /** @param post sends the question with the id that its answer will have. */
  ask(post: (requestId: number) => void): Promise<R> {
    const requestId = this.#nextRequestId++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(requestId, { resolve, reject });
      post(requestId);
    });
  }

  /** An answer that nobody waits for any more is dropped. */
  resolve(requestId: number, result: R): void {
    this.#taken(requestId)?.resolve(result);
  }

  /** As `resolve`, with why there is no answer. */
  reject(requestId: number, reason: string | Error): void {
    this.#taken(requestId)?.reject(errorOf(reason));
  }

  /** No answer will come any more. */
  rejectAll(reason: string | Error): void {
    for (const requestId of [...this.#waiting.keys()]) this.reject(requestId, reason);
  }

  #taken(requestId: number) {
    const question = this.#waiting.get(requestId);
    this.#waiting.delete(requestId);
    return question;
  }
}

function errorOf(reason: string | Error): Error {
  return reason instanceof Error ? reason : new Error(reason);
}
