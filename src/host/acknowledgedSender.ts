/** VS Code can lose a message to a page that hides or moves to another window: then everything is sent anew. */
const ACKNOWLEDGE_TIMEOUT_MS = 5000;

export interface SenderOptions<M> {
  readonly post: (message: M) => Thenable<boolean>;
  /** The way is free for what {@link AcknowledgedSender.ask} asked for: it is time to send it. */
  readonly due: () => void;
  /** A message was acknowledged: more may wait. */
  readonly free: () => void;
  /** A message was not acknowledged in time. */
  readonly lost: () => void;
}

type WithoutSequence<M> = M extends unknown ? Omit<M, 'sequence'> : never;

/**
 * Sends messages to a page, never more than one under way: the next one is sent when the page has acknowledged the one before,
 * and not sooner after it than is asked for. So a slow page slows nothing down.
 */
export class AcknowledgedSender<M extends { readonly sequence: number }> {
  /** One count for all, so that a late acknowledgement is never taken for another page's. */
  static #sequence = 0;
  readonly #options: SenderOptions<M>;
  #awaited: number | undefined;
  /** When the last message was sent. */
  #sentMs = -Infinity;
  #next: NodeJS.Timeout | undefined;
  #lost: NodeJS.Timeout | undefined;

  constructor(options: SenderOptions<M>) {
    this.#options = options;
  }

  /** Calls `due` once, so long after the last message; not while one is under way, of whose acknowledgement `free` tells. */
  ask(intervalMs: number): void {
    if (this.#awaited !== undefined || this.#next !== undefined) return;
    // A clock that was set back must not hold it up.
    const waitMs = Math.min(intervalMs, Math.max(0, this.#sentMs + intervalMs - Date.now()));
    this.#next = setTimeout(() => {
      this.#next = undefined;
      this.#options.due();
    }, waitMs);
  }

  /** Takes back what was asked for. */
  unask(): void {
    clearTimeout(this.#next);
    this.#next = undefined;
  }

  /** Sends at once; a message that is under way counts no more. */
  send(message: WithoutSequence<M>): number {
    this.stop();
    const sequence = ++AcknowledgedSender.#sequence;
    this.#awaited = sequence;
    this.#sentMs = Date.now();
    this.#lost = setTimeout(() => this.#options.lost(), ACKNOWLEDGE_TIMEOUT_MS);
    // A message that cannot be posted is one that is never acknowledged.
    void Promise.resolve(this.#options.post({ ...message, sequence } as unknown as M)).catch(() => false);
    return sequence;
  }

  acknowledge(sequence: number): void {
    if (sequence !== this.#awaited) return;
    this.#awaited = undefined;
    clearTimeout(this.#lost);
    this.#options.free();
  }

  /** Nobody is there to acknowledge: nothing is due before something is asked for again. */
  stop(): void {
    this.unask();
    this.#awaited = undefined;
    clearTimeout(this.#lost);
  }

  /** A page begins anew: what it is sent first waits for no earlier message. */
  restart(): void {
    this.stop();
    this.#sentMs = -Infinity;
  }
}
