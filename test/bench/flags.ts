import { parseArgs } from 'node:util';
import { InputError } from '../../src/common/inputError.ts';
import { CASES } from './cases.ts';

export interface Flags {
  readonly help: boolean;
  readonly quick: boolean;
  /** Names of sections; all where there are none. */
  readonly only: readonly string[];
  /** Names of the cases that are compared with the peers; all where there are none. */
  readonly cases: readonly string[];
  readonly json: string | undefined;
  readonly text: string | undefined;
  readonly python: string | undefined;
  readonly quality: { readonly file: string; readonly seconds: number } | undefined;
}

const OPTIONS = {
  help: { type: 'boolean' },
  quick: { type: 'boolean' },
  only: { type: 'string' },
  cases: { type: 'string' },
  json: { type: 'string' },
  text: { type: 'string' },
  python: { type: 'string' },
  quality: { type: 'string' },
  seconds: { type: 'string' },
} as const;

const QUALITY_SECONDS = 240;

/** @throws {InputError} naming the argument that is wrong. */
export function parseFlags(argv: readonly string[], sections: readonly string[]): Flags {
  const values = valuesOf(argv);
  const only = values.only?.split(',') ?? [];
  const unknown = only.find((name) => !sections.includes(name));
  if (unknown !== undefined) {
    throw new InputError(`--only names "${unknown}"; the sections are ${sections.join(', ')}.`);
  }
  const cases = values.cases?.split(',') ?? [];
  const unknownCase = cases.find((name) => !CASES.some((one) => one.name === name));
  if (unknownCase !== undefined) {
    throw new InputError(`--cases names "${unknownCase}"; the cases are ${CASES.map(({ name }) => name).join(', ')}.`);
  }
  if (values.seconds !== undefined && values.quality === undefined) {
    throw new InputError('--seconds belongs to --quality FILE.');
  }
  if (values.quality !== undefined && (values.only !== undefined || values.text !== undefined)) {
    throw new InputError('--quality FILE runs by itself, without --only and --text.');
  }
  return {
    help: values.help ?? false,
    quick: values.quick ?? false,
    only,
    cases,
    json: values.json,
    text: values.text,
    python: values.python,
    quality: values.quality === undefined ? undefined : { file: values.quality, seconds: secondsOf(values.seconds) },
  };
}

export function usage(sections: readonly { readonly name: string; readonly description: string }[]): string {
  const width = Math.max(...sections.map(({ name }) => name.length));
  return `Usage: npm run bench -- [--quick] [--only SECTION[,SECTION]] [--cases CASE[,CASE]] [--text FILE] [--python PROGRAM] [--json FILE]
       npm run bench -- --quality FILE [--seconds N] [--python PROGRAM] [--json FILE]

  --quick    shorter pieces and fewer of them: about five minutes instead of twenty
  --cases    of ${CASES.map(({ name }) => name).join(', ')}: those that are compared with the peers and the roof
  --text     the text to train on
  --python   the Python of the peers, which needs numpy and torch
  --json     where all figures go; dist/bench.json by default
  --quality  trains ours and PyTorch on FILE for N seconds each (${QUALITY_SECONDS}), and shows the validation loss over time

Sections:
${sections.map(({ name, description }) => `  ${name.padEnd(width)}  ${description}`).join('\n')}`;
}

function valuesOf(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: OPTIONS, strict: true }).values;
  } catch (error) {
    // Node's messages name the option; what follows the first sentence is about positional arguments.
    throw new InputError((error as Error).message.split(/\.\s|\n/, 1)[0].replace(/\.?$/, '.'));
  }
}

function secondsOf(text: string | undefined): number {
  const seconds = text === undefined ? QUALITY_SECONDS : Number(text);
  if (!(Number.isFinite(seconds) && seconds > 0 && text?.trim() !== '')) {
    throw new InputError(`--seconds is "${text ?? ''}"; it must be a number of seconds above 0.`);
  }
  return seconds;
}
