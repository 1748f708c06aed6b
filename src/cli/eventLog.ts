import { createWriteStream, type WriteStream } from 'node:fs';
import { fileReason } from '../common/fileReason.ts';
import { PARAMETER_NAMES, STEP_QUANTITIES } from '../common/names.ts';
import {
  METRIC_NAMES,
  type Inspection,
  type RunFacts,
  type Sample,
  type Validation,
  type Vitals,
} from '../protocol/run.ts';
import type { RunSettings } from '../protocol/settings.ts';
import type { WorkerEvent } from '../protocol/worker.ts';
import { CommandError } from './errors.ts';
import { inBits } from './format.ts';

/** What waits to be written before training waits for the disk. */
const HIGH_WATER_BYTES = 8 * 2 ** 20;
/** As many digits as tell any two float32 numbers apart. */
const FLOAT32_DIGITS = 9;

/** The last line of an events file. */
export interface End {
  readonly reason: 'finished' | 'stopped' | 'failed' | 'interrupted';
  readonly iterations: number;
  readonly charactersPerSecond: number;
  readonly elapsedSeconds: number;
  readonly message?: string;
}

export interface EventLogListeners {
  /** The disk does not keep up: events should pause until `drained`. */
  full(): void;
  drained(): void;
  failed(error: CommandError): void;
}

/** Writes the events of a run to a file, one JSON object a line. */
export class EventLog {
  readonly #stream: WriteStream;
  readonly #listeners: EventLogListeners;

  constructor(path: string, listeners: EventLogListeners) {
    this.#listeners = listeners;
    this.#stream = createWriteStream(path, { highWaterMark: HIGH_WATER_BYTES });
    this.#stream.on('drain', () => listeners.drained());
    this.#stream.on('error', (error) => {
      listeners.failed(new CommandError(`Cannot write "${path}": ${fileReason(error)}.`));
    });
  }

  start(file: string, settings: RunSettings, facts: RunFacts): void {
    const { vocabulary, parameterCount, ...rest } = facts;
    const { seed } = settings;
    this.#write([
      {
        type: 'start',
        file,
        seed,
        vocabularySize: vocabulary.length,
        parameters: parameterCount,
        ...rest,
        settings,
        vocabulary,
      },
    ]);
  }

  iterations(event: Extract<WorkerEvent, { type: 'progress' }>): void {
    const columns = METRIC_NAMES.length;
    const objects: object[] = [];
    for (let start = 0; start < event.rows.length; start += columns) {
      const row = event.rows.subarray(start, start + columns);
      objects.push(iterationLine(event.firstIteration + start / columns, row));
    }
    this.#write(objects);
  }

  inspection(inspection: Inspection, symbols: readonly string[]): void {
    const T = inspection.inputs.length;
    const rows = (names: readonly string[], values: Float32Array) =>
      Object.fromEntries(names.map((name, row) => [name, short(values.subarray(row * T, (row + 1) * T))]));
    this.#write([
      {
        type: 'inspection',
        iteration: inspection.iteration,
        stepNorm: rows(STEP_QUANTITIES, inspection.stepNorm),
        ...(hasCosines(inspection) && { stepCosine: rows(PARAMETER_NAMES, inspection.stepCosine) }),
        characters: Array.from(inspection.inputs, (id) => symbols[id]),
      },
    ]);
  }

  validation({ iteration, lossNats, characters }: Validation): void {
    this.#write([{ type: 'validation', iteration, lossNats, bitsPerCharacter: inBits(lossNats), characters }]);
  }

  vitals({ iteration, updateToWeight, saturation }: Vitals): void {
    this.#write([{ type: 'vitals', iteration, updateToWeight, saturation }]);
  }

  sample({ iteration, prompt, characters, probability, temperature, topK }: Sample): void {
    const text = characters.join('');
    const probabilities = short(probability);
    this.#write([{ type: 'sample', iteration, prompt, text, characters, probabilities, temperature, topK }]);
  }

  end(end: End): void {
    this.#write([{ type: 'end', ...end }]);
  }

  /** Resolves when everything is on disk, or when it cannot get there, of which the listeners were told. */
  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#stream.once('close', resolve);
      this.#stream.end();
    });
  }

  #write(objects: readonly object[]): void {
    if (this.#stream.destroyed) return;
    const lines = objects.map((object) => `${JSON.stringify(object)}\n`).join('');
    if (!this.#stream.write(lines)) this.#listeners.full();
  }
}

function iterationLine(iteration: number, row: Float64Array): object {
  const metric = (name: (typeof METRIC_NAMES)[number]) => row[METRIC_NAMES.indexOf(name)];
  return {
    type: 'iteration',
    iteration,
    lossNats: metric('lossNats'),
    gradNorm: metric('gradNorm'),
    clipFactor: metric('clipFactor'),
    learningRate: metric('learningRate'),
    gradNormByParameter: Object.fromEntries(PARAMETER_NAMES.map((name) => [name, metric(`gradNorm_${name}`)])),
  };
}

/** They are NaN throughout where they were not measured. */
function hasCosines({ stepCosine }: Inspection): boolean {
  return !Number.isNaN(stepCosine[0]);
}

function short(values: Float32Array): number[] {
  return Array.from(values, (value) => Number(value.toPrecision(FLOAT32_DIGITS)));
}
