import { networkOf } from '../network/network.ts';
import { InputError } from '../common/inputError.ts';
import type { Work } from '../common/work.ts';
import { loadKernels } from '../kernels/create.ts';
import type { KernelLibrary, Kernels } from '../kernels/kernels.ts';
import { parameterCount } from '../model/tensors.ts';
import type { Asks } from '../protocol/measures.ts';
import type { Capture, CharacterScores, Excerpt } from '../protocol/study.ts';
import type { Tokens } from '../text/vocabulary.ts';
import { SymbolScores, TOP } from './symbolScores.ts';
import { parametersOf } from './windowStudyCaptures.ts';
import { cutIntoPieces } from './scoredPieces.ts';
import { readAll } from './scoredReading.ts';
import { readScoredText, UNKNOWN, type ScoredText } from './scoredText.ts';

/** Pieces of a text that are read side by side: as many rows as the kernels' products need to be fast. */
const STREAMS = 16;
/** Steps that are computed at a time, and bounds on what they cost; between two such windows something else may be done. */
const MOST_STEPS = 16;
const WINDOW_NUMBERS = 2 ** 20;
const WINDOW_PRODUCTS = 2e8;

export interface TextScorerOptions {
  /** The folder of the bundles, where the WebAssembly modules are. */
  readonly folder: string;
}

/**
 * Says what the network of a capture expects of a text, character by character: one forward pass of the fast kernels, in
 * float32, over pieces of the text that are read side by side.
 */
export class TextScorer {
  readonly #folder: string;
  #library: KernelLibrary | undefined;
  #symbols: { readonly tokens: Tokens; readonly idOfCode: ReadonlyMap<number, number> } | undefined;
  /** By number of streams, all of the same V and H. */
  readonly #networks = new Map<number, Kernels>();

  constructor(options: TextScorerOptions) {
    this.#folder = options.folder;
  }

  /** What the symbols of the run are: needed before the first question. */
  take(excerpt: Excerpt): void {
    this.#symbols = { tokens: excerpt.tokens, idOfCode: new Map(excerpt.codes.map((code, id) => [code, id])) };
    this.#networks.clear();
  }

  /**
   * L(t) of every character of a text and the five likeliest symbols in its place, nats. The network starts from zeros and
   * reads `before`, then the text: side by side in pieces, but with the same result as from its beginning to its end. With an empty `before` the text is the beginning of the file: of its first character, which nothing precedes,
   * nothing is known. A character that is not in the vocabulary has no loss; the network reads on after it from zeros, so
   * that of the one after it nothing is known either. As bytes, the loss of a character is the sum over its bytes, and the
   * likeliest symbols are those in the place of its first byte. A unit of the work is a window of a few milliseconds.
   * @throws {InputError} before the run's symbols are known.
   * @throws {RangeError} for a capture whose parameters are not of its shape.
   */
  *score({ before, text: asked }: Asks<'characterScores'>, capture: Capture): Work<CharacterScores> {
    if (this.#symbols === undefined) throw new InputError('The network’s symbols are not known yet. Try again.');
    const { tokens, idOfCode } = this.#symbols;
    const { V } = capture.shape;
    if (V !== idOfCode.size) throw new RangeError(`The capture has ${V} symbols, the run ${idOfCode.size}.`);
    const text = readScoredText(before, asked, tokens, idOfCode);
    const firstScored = text.firstSymbols[0];
    const pieces = cutIntoPieces(text.ids, firstScored, STREAMS);
    const scores = new SymbolScores(text.ids, firstScored);
    if (pieces.length > 0) {
      const prepared = new Set<Kernels>();
      const kernelsFor = (isForAll: boolean): Kernels => {
        const kernels = this.#network(capture, isForAll ? STREAMS : 1);
        if (!prepared.has(kernels)) setParameters(kernels, capture);
        prepared.add(kernels);
        return kernels;
      };
      yield* readAll(kernelsFor, text.ids, pieces, scores);
    }
    return scoresOf(capture.iteration, text, scores, firstScored);
  }

  #network(capture: Pick<Capture, 'cell' | 'layers' | 'shape'>, B: number): Kernels {
    const { V, H } = capture.shape;
    const network = networkOf(capture);
    const there = this.#networks.get(B);
    if (there?.network === network && there.shape.V === V && there.shape.H === H) return there;
    this.#networks.delete(B);
    this.#library ??= loadKernels('auto', { folder: this.#folder, threads: 1 });
    const request = {
      network,
      shape: { V, H, T: stepsOfWindow(V, H, B), B },
      reduction: 'sum',
      optimizer: 'sgd',
      forwardOnly: true,
    } as const;
    const [kernels] = this.#library.create([request]).kernels;
    this.#networks.set(B, kernels);
    return kernels;
  }
}

function stepsOfWindow(V: number, H: number, B: number): number {
  const steps = Math.min(WINDOW_NUMBERS / (B * V), WINDOW_PRODUCTS / (B * H * (H + V)));
  return Math.max(1, Math.min(MOST_STEPS, Math.floor(steps)));
}

function setParameters({ network, parameters }: Kernels, capture: Capture): void {
  const count = parameterCount(network, capture.shape);
  if (capture.parameters.length !== count) {
    throw new RangeError(`The capture holds ${capture.parameters.length} numbers for ${count} parameters.`);
  }
  for (const [name, numbers] of Object.entries(parametersOf(capture))) parameters[name].set(numbers);
}

function scoresOf(iteration: number, text: ScoredText, scores: SymbolScores, firstScored: number): CharacterScores {
  const { ids, offsets, firstSymbols } = text;
  const characters = offsets.length;
  const lossNats = new Float32Array(characters);
  const topIds = new Int32Array(characters * TOP).fill(UNKNOWN);
  const topProbability = new Float32Array(characters * TOP);
  for (let character = 0; character < characters; character++) {
    const first = firstSymbols[character];
    const end = Math.min(firstSymbols[character + 1], ids.length);
    let sum = 0;
    for (let symbol = first; symbol < end; symbol++) sum += scores.lossNats[symbol - firstScored];
    lossNats[character] = sum;
    const from = (first - firstScored) * TOP;
    topIds.set(scores.topIds.subarray(from, from + TOP), character * TOP);
    topProbability.set(scores.topProbability.subarray(from, from + TOP), character * TOP);
  }
  return { iteration, offsets, lossNats, topIds, topProbability };
}
