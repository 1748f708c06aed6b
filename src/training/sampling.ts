import { InputError } from '../common/inputError.ts';
import type { RandomStream } from '../common/random.ts';
import { Sampler } from '../model/sampling.ts';
import type { Kernels } from '../kernels/kernels.ts';
import type { Sample, SampleOptions } from '../protocol/run.ts';
import type { Vocabulary } from '../text/vocabulary.ts';

/** What an empty prompt stands for: the start of a line, where the text has lines. */
const LINE_START = '\n';

/** Symbols that are read or written at a time before the loop may look at its requests again. */
const SYMBOLS_AT_A_TIME = 16;

/** Symbols that were written after a prompt. */
export interface Drawn {
  /** As it was read. */
  readonly prompt: string;
  readonly ids: Int32Array;
  readonly probability: Float64Array;
}

/** Writes text with the live parameters of a network and a random stream of its own, so that training never changes. */
export class TextWriter {
  readonly #sampler: Sampler;
  readonly #vocabulary: Vocabulary;
  readonly #random: RandomStream;

  constructor(
    { network, parameters }: Pick<Kernels, 'network' | 'parameters'>,
    vocabulary: Vocabulary,
    random: RandomStream,
  ) {
    this.#sampler = new Sampler(network, parameters);
    this.#vocabulary = vocabulary;
    this.#random = random;
  }

  /**
   * The prompt that is read: an empty one becomes the start of a line, or the vocabulary's first symbol.
   * @throws {InputError} naming the characters that are not in the vocabulary.
   */
  readPrompt(prompt: string): { text: string; ids: Int32Array } {
    if (prompt !== '') return { text: prompt, ids: this.#vocabulary.encode(prompt) };
    return this.#startOfLine() ?? { text: this.#vocabulary.symbols[0], ids: Int32Array.of(0) };
  }

  /**
   * Reads the prompt from a state of zeros and writes `length` symbols after it, some at every call of `next`.
   * @throws {InputError} for a prompt that cannot be read, and where the network's outputs are not finite.
   */
  *write(options: SampleOptions): Generator<undefined, Omit<Sample, 'iteration'>> {
    const { prompt, ids, probability } = yield* this.draw(options);
    const decoded = this.#vocabulary.decode(ids, probability);
    return {
      prompt,
      temperature: options.temperature,
      topK: options.topK,
      characters: decoded.characters,
      probability: Float32Array.from(decoded.probability),
    };
  }

  /** As `write`, what was drawn as it is: the id of each symbol and its probability under the network itself. */
  *draw(options: SampleOptions): Generator<undefined, Drawn> {
    const { text: prompt, ids: promptIds } = this.readPrompt(options.prompt);
    this.#sampler.reset();
    for (let at = 0; at < promptIds.length; at++) {
      this.#sampler.read(promptIds[at]);
      if (at % SYMBOLS_AT_A_TIME === SYMBOLS_AT_A_TIME - 1) yield;
    }
    const ids = new Int32Array(options.length);
    const probability = new Float64Array(options.length);
    for (let at = 0; at < options.length; at++) {
      const drawn = this.#sampler.draw(options, this.#random);
      this.#sampler.read(drawn.id);
      ids[at] = drawn.id;
      probability[at] = drawn.probability;
      if (at % SYMBOLS_AT_A_TIME === SYMBOLS_AT_A_TIME - 1) yield;
    }
    return { prompt, ids, probability };
  }

  #startOfLine(): { text: string; ids: Int32Array } | undefined {
    try {
      return { text: LINE_START, ids: this.#vocabulary.encode(LINE_START) };
    } catch (error) {
      if (error instanceof InputError) return undefined;
      throw error;
    }
  }
}
