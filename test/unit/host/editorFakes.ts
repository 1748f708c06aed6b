import type { StudiedSession } from '../../../src/host/editor/study.ts';
import type { Versioned } from '../../../src/host/editor/trainedText.ts';
import type { Tape } from '../../../src/protocol/study.ts';
import { DEFAULT_SETTINGS } from '../../../src/protocol/settings.ts';
import { splitIds } from '../../../src/text/streams.ts';
import { type Tokens, Vocabulary } from '../../../src/text/vocabulary.ts';
import { PARAMETER_NAMES, STEP_QUANTITIES } from '../../tanh.ts';

/** A tape of these ids, whose numbers are all different. */
export function tapeOf(position: number, ids: readonly number[]): Tape {
  const T = ids.length;
  const numbers = (count: number): Float64Array<ArrayBuffer> =>
    Float64Array.from({ length: count }, (_, at) => at + 0.5);
  return {
    iteration: 7,
    stream: 1,
    streams: 4,
    position,
    inputs: Int32Array.from(ids),
    targets: new Int32Array(T),
    predicted: new Int32Array(T),
    lossNats: numbers(T),
    targetProbability: numbers(T),
    stepNorm: numbers(STEP_QUANTITIES.length * T),
    stepCosine: numbers(PARAMETER_NAMES.length * T),
    totalNorm: numbers(PARAMETER_NAMES.length),
    ownNorm: numbers(T),
    futureNorm: numbers(T),
    stateNorm: numbers(T),
    partNorm: numbers(0),
    partOfNorm: numbers(0),
    gateMean: numbers(0),
  };
}

/** A run on a text, as far as an editor asks about it. `begin` makes it known what the run read. */
export function sessionOf(
  text: string,
  { tokens = 'characters', validationFraction = 0.1 }: { tokens?: Tokens; validationFraction?: number } = {},
): StudiedSession & { begin(): void; readonly vocabulary: Vocabulary } {
  const codes =
    tokens === 'bytes'
      ? [...new TextEncoder().encode(text)]
      : Array.from(text, (character) => character.codePointAt(0) ?? 0);
  const vocabulary = new Vocabulary(
    tokens,
    [...new Set(codes)].sort((one, other) => one - other),
  );
  const length = codes.length;
  const { training, validation } = splitIds(
    { length, memoryBytes: 0, read: () => undefined, readers: () => [] },
    validationFraction,
  );
  const description = {
    runId: 'run',
    fileName: 'text.txt',
    settings: { ...DEFAULT_SETTINGS, tokens, validationFraction },
    sampling: { prompt: '', length: 1, temperature: 1, topK: 0 },
  };
  const facts = {
    vocabulary: [...vocabulary.symbols],
    parameterCount: 1,
    trainingCharacters: training.length,
    validationCharacters: validation.length < 2 ? 0 : validation.length,
    iterationsPerEpoch: 1,
    iterationsTotal: 1,
    memoryBytes: 1,
    kernels: 'reference',
    threads: 1,
  };
  const session = { description, vocabulary, begin: () => void Object.assign(description, { facts }) };
  return session as unknown as ReturnType<typeof sessionOf>;
}

/** A document that a test edits. */
export class FakeDocument implements Versioned {
  version = 1;
  isDirty = false;
  #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  getText(): string {
    return this.#text;
  }

  edit(text: string): void {
    this.#text = text;
    this.version++;
    this.isDirty = true;
  }

  save(): void {
    this.isDirty = false;
  }
}
