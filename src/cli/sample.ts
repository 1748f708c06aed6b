import { RandomStream } from '../common/random.ts';
import { finish } from '../common/work.ts';
import { Vocabulary } from '../text/vocabulary.ts';
import { writerOf } from '../training/writeOnly.ts';
import { CommandError } from './errors.ts';
import type { SampleCommand } from './runArguments.ts';
import { checkpointOf, describeCheckpoint, storedRun } from './storedRuns.ts';

/** What the command says, besides the text. */
export interface SampleEnvironment {
  /** On standard error. */
  readonly say: (line: string) => void;
}

/** What a network wrote, after the prompt where one is given. */
export interface WrittenText {
  /** For people: a byte that belongs to no character stands there as `\xE2`. */
  readonly text: string;
  /** The very bytes, where the symbols are bytes. */
  readonly bytes: Uint8Array | undefined;
}

/**
 * The text that a run's network writes. The same checkpoint, options and seed write the same.
 * @throws {CommandError | InputError} where there is no such run or checkpoint, or the prompt cannot be read.
 */
export async function sample(command: SampleCommand, { say }: SampleEnvironment): Promise<WrittenText> {
  const { folder, prompt, length, topK, seed } = command;
  const run = await storedRun(folder);
  const chosen = await checkpointOf(folder, command.checkpoint);
  const { checkpoint, problems } = chosen;
  const codes = chosen.vocabulary ?? run.vocabulary;
  if (codes === undefined) throw new CommandError(`The run in "${folder}" does not say what its symbols are.`);
  for (const problem of problems) say(`warning: ${problem}`);
  const temperature = command.temperature ?? run.sampling?.temperature ?? run.settings.temperature;
  const writer = writerOf({
    cell: checkpoint.cell,
    layers: checkpoint.layers,
    parameters: checkpoint.parameters,
    vocabulary: codes,
    samplingRandom: [...RandomStream.seeded(seed, 'sampling').state()],
  });
  const { ids, probability } = finish(writer.draw({ prompt, length, temperature, topK }));
  say(`Written with ${describeCheckpoint(chosen)}, at temperature ${temperature}, seed ${seed}.`);
  const vocabulary = new Vocabulary(codes.tokens, codes.codes);
  // An empty prompt stands for the start of a line, which nobody typed.
  return {
    text: prompt + vocabulary.decode(ids, probability).characters.join(''),
    bytes: codes.tokens === 'bytes' ? Buffer.concat([Buffer.from(prompt, 'utf8'), vocabulary.bytes(ids)]) : undefined,
  };
}
