import { shownLine } from '../../common/foreignText.ts';
import { InputError } from '../../common/inputError.ts';

/** A file of tensors as its messages speak of it. */
export interface TensorSource {
  /** The base name of the file. */
  readonly name: string;
  /** What to do about a file that cannot be used: a sentence. */
  readonly advice: string;
}

/** @param what is wrong, after the file's name: "has no tensor of that name". */
export function unusable({ name, advice }: TensorSource, what: string): InputError {
  return new InputError(`${name} ${what}. ${advice}`);
}

const LONGEST_SHOWN = 60;

/** A value of unknown origin so that it can stand in a message: short, and in quotes where it is text. */
export function shown(value: unknown): string {
  return shownLine(describe(value));
}

function describe(value: unknown): string {
  if (!Array.isArray(value)) return describeOne(value);
  const few = value.slice(0, 8).map(describeOne).join(', ');
  return `[${few}${value.length > 8 ? ', …' : ''}]`;
}

function describeOne(value: unknown): string {
  if (typeof value === 'string') {
    return value.length > LONGEST_SHOWN ? `${JSON.stringify(value.slice(0, LONGEST_SHOWN))}…` : JSON.stringify(value);
  }
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'a list' : 'an object';
  return String(value);
}
