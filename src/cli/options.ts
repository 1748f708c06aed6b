import { parseArgs, type ParseArgsConfig } from 'node:util';
import { InputError } from '../common/inputError.ts';
import { checkInitialBias } from '../model/initialBias.ts';
import { networkOf } from '../network/network.ts';
import { parseSettings, SETTINGS, settingFromText, startsPaused, type RunSettings } from '../protocol/settings.ts';
import { InspectionMode } from '../protocol/worker.ts';
import { UsageError } from './errors.ts';

/** Reads options from the command line; what is wrong with one is a UsageError that names it. */

type Options = NonNullable<ParseArgsConfig['options']>;

/** The options of one command, and its one file or folder. */
export function parsed<O extends Options>(name: string, argv: readonly string[], options: O, what = 'file') {
  const { values, positionals } = optionsOf(argv, options);
  const [file, ...extra] = positionals;
  if (file === undefined || file === '') throw new UsageError(`${name} needs a ${what}.`);
  checkNoMore(name, extra, `one ${what}`);
  return { values, file };
}

/** The options of a command that is given no file. */
export function parsedWithoutFile<O extends Options>(name: string, argv: readonly string[], options: O, why: string) {
  const { values, positionals } = optionsOf(argv, options);
  checkNoMore(name, positionals, `no file with ${why}`);
  return values;
}

function checkNoMore(name: string, [extra]: readonly string[], allowed: string): void {
  if (extra !== undefined) throw new UsageError(`${name} takes ${allowed}; "${extra}" is one too many.`);
}

function optionsOf<O extends Options>(argv: readonly string[], options: O) {
  try {
    return parseArgs({ args: withDashes(argv, options), options, allowPositionals: true, strict: true });
  } catch (error) {
    // Node's messages name the option; what follows the first sentence is about positional arguments.
    throw new UsageError((error as Error).message.split(/\.\s|\n/, 1)[0].replace(/\.?$/, '.'));
  }
}

/** Values that begin with one dash, such as negative numbers, belong to the option before them; two dashes begin another option. */
function withDashes(argv: readonly string[], options: Options): string[] {
  const joined: string[] = [];
  const end = argv.indexOf('--');
  argv.forEach((argument, index) => {
    const before = joined.at(-1) ?? '';
    const isBeforeEnd = end === -1 || index < end;
    const takesValue = before.startsWith('--') && options[before.slice(2)]?.type === 'string';
    if (isBeforeEnd && takesValue && /^-[^-]/.test(argument)) joined[joined.length - 1] = `${before}=${argument}`;
    else joined.push(argument);
  });
  return joined;
}

/** Settings as `--set` and its shorthands give them, over those that are given. */
export function settingsFrom(
  assignments: readonly (readonly [string, string])[],
  before: Readonly<Record<string, unknown>> = {},
): RunSettings {
  return checkedSettings({ ...before, ...Object.fromEntries(assignments.map(settingOf)) });
}

function settingOf([setting, text]: readonly [string, string]): [string, unknown] {
  return [setting, settingFromText(setting, text)];
}

export function assignment(text: string): [string, string] {
  const at = text.indexOf('=');
  if (at <= 0)
    throw new UsageError(
      `--set takes name=value, such as --set hiddenSize=${SETTINGS.hiddenSize.default}, not "${text}".`,
    );
  return [text.slice(0, at), text.slice(at + 1)];
}

export function checkedSettings(values: Readonly<Record<string, unknown>>): RunSettings {
  const settings = asUsage(() => parseSettings(values));
  if (!startsPaused(settings)) return settings;
  throw new UsageError(
    '--set startPaused=yes: in the terminal nobody could go on with a run that waits. Leave it out; in VS Code runs can start paused.',
  );
}

/** Settings with which a network begins, which must fit one another. */
export function startingSettings(assignments: readonly (readonly [string, string])[]): RunSettings {
  const settings = settingsFrom(assignments);
  asUsage(() => checkInitialBias(networkOf(settings), settings.initialBias));
  return settings;
}

/** What is wrong with settings is wrong with the arguments that gave them. */
function asUsage<R>(check: () => R): R {
  try {
    return check();
  } catch (error) {
    throw error instanceof InputError ? new UsageError(error.message) : error;
  }
}

/**
 * Settings that are given, checked, without those that are not.
 * @throws {UsageError} naming the setting, the value and what is allowed.
 */
export function changesFrom(assignments: readonly (readonly [string, string])[]): Partial<RunSettings> {
  const settings = settingsFrom(assignments);
  const names = new Set(assignments.map(([name]) => name));
  return Object.fromEntries(Object.entries(settings).filter(([name]) => names.has(name)));
}

export function inspectionMode(text: string): InspectionMode {
  return oneOf('--inspect', text, InspectionMode.options);
}

export function oneOf<C extends string>(option: string, text: string, choices: readonly C[]): C {
  const chosen = choices.find((choice) => choice === text);
  if (chosen !== undefined) return chosen;
  const allowed = choices.length === 1 ? choices[0] : `one of ${choices.join(', ')}`;
  throw new UsageError(`${option} is "${text}"; it must be ${allowed}.`);
}

/** A whole number from `least` to `most`. */
export function wholeNumber(option: string, text: string, least: number, most = Number.MAX_SAFE_INTEGER): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || number < least || number > most) {
    throw new UsageError(`${option} is "${text}"; it must be a whole number from ${least}${upTo(most)}.`);
  }
  return number;
}

/** A number from `least` to `most`. */
export function decimal(option: string, text: string, least: number, most = Infinity): number {
  const number = Number(text);
  if (text.trim() === '' || !Number.isFinite(number) || number < least || number > most) {
    throw new UsageError(`${option} is "${text}"; it must be a number from ${least}${upTo(most)}.`);
  }
  return number;
}

function upTo(most: number): string {
  return most < Number.MAX_SAFE_INTEGER ? ` to ${most}` : '';
}
