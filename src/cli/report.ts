import { visible } from '../common/foreignText.ts';
import { readingShare } from '../protocol/reading.ts';
import type { Validation } from '../protocol/events.ts';
import { describeKernels, type RunFacts, type Sample } from '../protocol/run.ts';
import { type RunSettings, unusualNetwork } from '../protocol/settings.ts';
import type { ReadingProgress, WorkerEvent } from '../protocol/worker.ts';
import type { End } from './eventLog.ts';
import {
  formatCount,
  formatDuration,
  formatIterations,
  formatLoss,
  formatRate,
  printable,
  type Unit,
} from './format.ts';

/** Where nobody watches, so often a line says how far the run is. */
const SPARSE_INTERVAL_MS = 10_000;
const RETURN_AND_CLEAR = '\r\u001b[K';
const OUTCOMES: Readonly<Record<End['reason'], string>> = {
  finished: 'Finished',
  stopped: 'Stopped',
  failed: 'Failed',
  interrupted: 'Interrupted',
};

/** What a run says on a terminal. */
export interface Screen {
  readonly isTerminal: boolean;
  readonly columns: number;
  write(text: string): void;
}

/** Tells a person how a run goes: one line that is rewritten on a terminal, else a line now and then. */
export class Report {
  readonly #screen: Screen;
  readonly #nowMs: () => number;
  #startedAtMs = 0;
  #nextLineAtMs: number;
  #hasOpenLine = false;
  #iterationsTotal = 0;
  #unit: Unit = 'character';
  #iterationsBefore = 0;
  #validation: Validation | undefined;
  #sample: Sample | undefined;

  constructor(screen: Screen, nowMs: () => number) {
    this.#screen = screen;
    this.#nowMs = nowMs;
    this.#nextLineAtMs = nowMs() + SPARSE_INTERVAL_MS;
  }

  /** How far the text is read. */
  reading(file: string, progress: ReadingProgress): void {
    if (!this.#isTimeForLine()) return;
    this.#rewrite(`Reading ${file}: ${readingShare(progress)}`);
  }

  /** @param iterations done before: the run goes on. */
  started(file: string, facts: RunFacts, settings: RunSettings, iterations = 0): void {
    const unit: Unit = settings.tokens === 'bytes' ? 'byte' : 'character';
    this.#unit = unit;
    this.#iterationsBefore = iterations;
    this.#startedAtMs = this.#nowMs();
    this.#nextLineAtMs = this.#startedAtMs + SPARSE_INTERVAL_MS;
    this.#iterationsTotal = facts.iterationsTotal;
    const unusual = unusualNetwork(settings)
      .map((said) => `${said}, `)
      .join('');
    this.#line(
      `${file}: ${formatCount(facts.trainingCharacters)} ${unit}s to train on, ` +
        `${formatCount(facts.validationCharacters)} to validate; vocabulary ${facts.vocabulary.length}, ` +
        `${unusual}${formatCount(facts.parameterCount)} parameters; ${formatIterations(facts.iterationsTotal)} ` +
        `(${describeKernels(facts)})${iterations > 0 ? `, going on after ${formatCount(iterations)}` : ''}.`,
    );
  }

  /** What a person may want to know. */
  note(message: string): void {
    this.#line(message);
  }

  /** What a person should know while training goes on. */
  warn(message: string): void {
    this.#line(`warning: ${message}`);
  }

  progress(event: Extract<WorkerEvent, { type: 'progress' }>, lossNats: number, iterations: number): void {
    if (!this.#isTimeForLine()) return;
    const spentMs = this.#nowMs() - this.#startedAtMs;
    const leftMs = (spentMs / (iterations - this.#iterationsBefore)) * (this.#iterationsTotal - iterations);
    const rate = event.elapsedMs > 0 ? (event.characters / event.elapsedMs) * 1000 : 0;
    // Rate and time left come last and must still be seen on a terminal 80 columns wide.
    this.#rewrite(
      `iteration ${formatCount(iterations)}/${formatCount(this.#iterationsTotal)}, loss ${lossNats.toFixed(3)} nats, ` +
        `${formatRate(rate, this.#unit)}, ${formatDuration(leftMs)} left`,
    );
  }

  validation(validation: Validation): void {
    this.#validation = validation;
    this.#line(
      `after ${formatIterations(validation.iteration)}: validation loss ${formatLoss(validation.lossNats, this.#unit)}`,
    );
  }

  sample(sample: Sample): void {
    this.#sample = sample;
  }

  /** Ends the line that is being rewritten. */
  close(): void {
    if (this.#hasOpenLine) this.#screen.write('\n');
    this.#hasOpenLine = false;
  }

  /**
   * What the run came to, for standard output.
   * @param folder where it is kept, if it is.
   * @param notes sentences on how it ended.
   */
  summary(end: End, folder?: string, notes: readonly string[] = []): string {
    const lines = [
      `${OUTCOMES[end.reason]} after ${formatIterations(end.iterations)}, ${formatRate(end.charactersPerSecond, this.#unit)}.`,
      ...notes,
    ];
    if (this.#validation !== undefined) {
      const { lossNats, iteration } = this.#validation;
      lines.push(`Validation loss after ${formatIterations(iteration)}: ${formatLoss(lossNats, this.#unit)}.`);
    }
    if (folder !== undefined) {
      const goOn = end.reason === 'finished' ? '' : ` Go on with it: resume ${visible(folder)}`;
      lines.push(`The run is kept in ${visible(folder)}.${goOn}`);
    }
    if (this.#sample !== undefined) {
      const { iteration, temperature, prompt, characters } = this.#sample;
      lines.push(`Text written after ${formatIterations(iteration)}, at temperature ${temperature}:`);
      lines.push('', printable(prompt + characters.join('')).trim());
    }
    return `${lines.join('\n')}\n`;
  }

  /** A terminal takes every line, since each replaces the one before. */
  #isTimeForLine(): boolean {
    if (!this.#screen.isTerminal && this.#nowMs() < this.#nextLineAtMs) return false;
    this.#nextLineAtMs = this.#nowMs() + SPARSE_INTERVAL_MS;
    return true;
  }

  #line(text: string): void {
    this.#screen.write(`${this.#hasOpenLine ? RETURN_AND_CLEAR : ''}${visible(text)}\n`);
    this.#hasOpenLine = false;
  }

  #rewrite(text: string): void {
    if (!this.#screen.isTerminal) return this.#line(text);
    // A line that wraps could not be rewritten.
    this.#screen.write(RETURN_AND_CLEAR + visible(text).slice(0, Math.max(0, this.#screen.columns - 1)));
    this.#hasOpenLine = true;
  }
}
