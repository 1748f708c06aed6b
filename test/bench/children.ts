import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';
import { createInterface } from 'node:readline';

/** The end of what a child wrote to its standard error that is kept for an error's message. */
const KEPT_CHARACTERS = 2000;

const running = new Set<ChildProcess>();
let watching = false;

/** Starts a process that ends with this one at the latest, at Ctrl-C too. */
export function startChild(
  command: string,
  childArguments: readonly string[],
  options: { readonly env?: NodeJS.ProcessEnv; readonly cwd?: string } = {},
): ChildProcess {
  watch();
  const child = spawn(command, childArguments, { ...options, stdio: ['pipe', 'pipe', 'pipe'] });
  running.add(child);
  child.on('close', () => running.delete(child));
  return child;
}

/** Ends a process at once; resolves when it is gone. */
export async function endChild(child: ChildProcess): Promise<void> {
  if (!running.has(child)) return;
  const gone = once(child, 'close');
  child.kill('SIGKILL');
  await gone;
}

function watch(): void {
  if (watching) return;
  watching = true;
  process.on('exit', () => running.forEach((child) => child.kill('SIGKILL')));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => process.exit(128 + constants.signals[signal]));
  }
}

/** What a child answers where it could not do what it was asked. */
interface Refusal {
  readonly error: string;
}

/** A request that was not answered yet. */
interface Waiting {
  readonly resolve: (line: string) => void;
  readonly reject: (error: Error) => void;
}

/** A process that answers each line of JSON with one line of JSON. Its requests come one after the other. */
export class JsonChild {
  readonly #child: ChildProcess;
  readonly #name: string;
  #errors = '';
  #waiting: Waiting | undefined;
  #gone: Error | undefined;

  constructor(name: string, child: ChildProcess) {
    this.#name = name;
    this.#child = child;
    const { stdout, stderr, stdin } = child;
    if (stdout === null || stderr === null || stdin === null) throw new TypeError('the child has no pipes');
    createInterface({ input: stdout }).on('line', (line) => this.#take()?.resolve(line));
    stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#errors = (this.#errors + text).slice(-KEPT_CHARACTERS);
    });
    // A child that is gone says so by its end, not by the pipe to it.
    stdin.on('error', () => undefined);
    child.on('error', (error) => this.#end(error));
    child.on('close', (code) => this.#end(new Error(`${name} ended with code ${code ?? 'none'}. ${this.#errors}`)));
  }

  /**
   * @returns what the child answers, whose shape the caller knows.
   * @throws {Error} with the child's own words where it refuses, and when it ends.
   */
  async ask<Answer>(request: Readonly<Record<string, unknown>>): Promise<Answer> {
    if (this.#waiting !== undefined) throw new Error(`${this.#name} is still busy`);
    const line = await new Promise<string>((resolve, reject) => {
      if (this.#gone !== undefined) return reject(this.#gone);
      this.#waiting = { resolve, reject };
      this.#child.stdin?.write(`${JSON.stringify(request)}\n`);
    });
    const answer = JSON.parse(line) as Answer | Refusal;
    if (typeof answer === 'object' && answer !== null && 'error' in answer) {
      throw new Error(`${this.#name}: ${answer.error}`);
    }
    return answer;
  }

  close(): Promise<void> {
    return endChild(this.#child);
  }

  #take(): Waiting | undefined {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    return waiting;
  }

  #end(error: Error): void {
    this.#gone ??= error;
    this.#take()?.reject(this.#gone);
  }
}
