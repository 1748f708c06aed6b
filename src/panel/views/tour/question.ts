import type { Formula } from '../tape/mathMarkup.ts';
import { formatWritten } from './writtenNumber.ts';
import { valueOf } from './expression.ts';

/** A question of the tour, and what is said to an answer. Numbers are those of the window that is read. No DOM. */

/** What the answer is computed from. */
export interface Given {
  /** As a formula, and which entry of it: `∂a(t)`, `unit 2`. */
  readonly markup: string;
  readonly at?: string;
  /** One number or several, six digits each. */
  readonly values: readonly number[];
}

/** A wrong way, with the number that it leads to. */
export interface Mistake {
  readonly value: number;
  /** What was done, and what is to be done instead, in a sentence. */
  readonly says: string;
  /** A question is only asked where this way leads to another number. */
  readonly mustDiffer?: true;
}

interface Asked {
  /** Where only the numbers say what is computed: the optimizer's lines. */
  readonly formulas?: readonly Formula[];
}

export interface NumberQuestion extends Asked {
  readonly kind: 'number';
  readonly asks: string;
  readonly given: readonly Given[];
  readonly truth: number;
  readonly mistakes: readonly Mistake[];
  /** How the number comes about, with its numbers. */
  readonly worked: string;
  /** Why its sign is what it is, where there is something to say. */
  readonly sign?: string;
}

export interface Option {
  readonly value: string;
  readonly label: string;
  /** Why this is not the answer, or why it is. */
  readonly says: string;
}

export interface ChoiceQuestion extends Asked {
  readonly kind: 'choice';
  readonly asks: string;
  readonly given: readonly Given[];
  readonly truth: string;
  readonly options: readonly Option[];
  readonly worked: string;
}

export type Question = NumberQuestion | ChoiceQuestion;

export type Judgement = 'right' | 'close' | 'mistaken' | 'wrong' | 'unreadable';
export interface Verdict {
  readonly is: Judgement;
  readonly says: string;
}

/** An answer may be off by so much of itself, or by less where a mistake would be as near. */
const TOLERANCE = 0.01;
/** Nearer than this to the answer, a mistake cannot be told from it by six digits. */
const INDISTINCT = 0.002;
/** A mistake is told from the answer by so many times the tolerance. */
const APART = 4;
/** Up to here a wrong number is taken for a rounded one. */
const CLOSE = 0.05;
/** Numbers below it are rounding. */
const SMALLEST_ASKED = 1e-15;
const MOST_DECADES = 6;

/** The share of itself by which an answer may be off. */
export function toleranceOf({ truth, mistakes }: Pick<NumberQuestion, 'truth' | 'mistakes'>): number {
  const nearest = mistakes.map(({ value }) => distance(value, truth));
  const most = Math.min(TOLERANCE, ...nearest.map((away) => away / APART));
  // As it is told, with one digit.
  const place = 10 ** Math.floor(Math.log10(most) + 1e-9);
  return Math.floor(most / place + 1e-9) * place;
}

/**
 * The question without the mistakes that lead to its answer; undefined where there is nothing to be predicted: of zero, of what is no
 * number, and where a mistake that it is about would not show.
 */
export function sound(question: NumberQuestion): NumberQuestion | undefined {
  const { truth } = question;
  if (!Number.isFinite(truth) || Math.abs(truth) < SMALLEST_ASKED) return undefined;
  const isApart = ({ value }: Mistake): boolean => Number.isFinite(value) && distance(value, truth) >= INDISTINCT;
  if (question.mistakes.some((mistake) => mistake.mustDiffer === true && !isApart(mistake))) return undefined;
  const mistakes = question.mistakes.filter((mistake) => isApart(mistake));
  return { ...question, mistakes };
}

/** What is said to an answer: a number or a calculation, or the value of an option. */
export function judge(question: Question, said: string): Verdict {
  return question.kind === 'number' ? judgeNumber(question, said) : judgeChoice(question, said);
}

function judgeChoice({ truth, options }: ChoiceQuestion, said: string): Verdict {
  const option = options.find(({ value }) => value === said);
  if (option === undefined) return { is: 'unreadable', says: 'Choose one of the answers.' };
  return { is: said === truth ? 'right' : 'mistaken', says: option.says };
}

function judgeNumber(question: NumberQuestion, said: string): Verdict {
  const { truth, mistakes } = question;
  const value = valueOf(said);
  if (value === undefined || !Number.isFinite(value)) {
    const what = value === undefined ? 'is not a number' : 'comes to no finite number';
    return {
      is: 'unreadable',
      says: `“${said.trim()}” ${what}. Type one, or a calculation such as (0.25 − 1) / 5 or tanh(0.3).`,
    };
  }
  const tolerance = toleranceOf(question);
  const off = distance(value, truth);
  if (off <= tolerance) return { is: 'right', says: `Right: ${formatWritten(truth)}.` };
  const mistake = nearest(value, candidates(question), tolerance, truth);
  if (mistake !== undefined) return { is: 'mistaken', says: mistake.says };
  if (off <= CLOSE) {
    return { is: 'close', says: `Close, but off by ${percent(off)}: rounded too early? Keep more digits.` };
  }
  const decades = Math.log10(Math.abs(value / truth));
  const isDecade = Math.abs(decades - Math.round(decades)) < tolerance / 2;
  if (value !== 0 && isDecade && Math.abs(decades) < MOST_DECADES) {
    const sign = value / truth < 0 ? ', and neither is the sign' : '';
    return { is: 'mistaken', says: `The digits are right, the decimal point is not where it should be${sign}.` };
  }
  const size = Math.abs(value) > Math.abs(truth) ? 'smaller' : 'larger';
  const sign = value * truth < 0 ? ' and has the other sign' : '';
  return {
    is: 'wrong',
    says: `Not this: the number is ${size} in size${sign}. ${mistakes.length === 0 ? '' : 'None of the usual slips leads there. '}Look at the formula again, or reveal the way.`,
  };
}

/** Every wrong way that is known, with the wrong sign alone and the wrong sign besides. */
function candidates({ truth, mistakes, sign }: NumberQuestion): Mistake[] {
  const why = sign === undefined ? '' : ` ${sign}`;
  const ofSign: Mistake = { value: -truth, says: `The size is right, the sign is not.${why}` };
  const besides = mistakes
    .filter(({ value }) => distance(-value, truth) >= INDISTINCT)
    .map(({ value, says }) => ({ value: -value, says: `${says} And the sign is the other one.` }));
  return [ofSign, ...mistakes, ...besides];
}

/** The mistake that leads closest to a number, if one does; the first of those that lead to the same. */
function nearest(value: number, among: readonly Mistake[], tolerance: number, truth: number): Mistake | undefined {
  let found: Mistake | undefined;
  let least = Infinity;
  for (const mistake of among) {
    // Where a way leads to zero, what is near to it is told by the size of the answer.
    const away = mistake.value === 0 ? Math.abs(value / truth) : distance(value, mistake.value);
    if (away > tolerance || away >= least - 1e-9) continue;
    found = mistake;
    least = away;
  }
  return found;
}

/** How far a number is from another one, as a share of that. */
function distance(value: number, from: number): number {
  return Math.abs(value - from) / Math.abs(from);
}

function percent(share: number): string {
  return `${(share * 100).toPrecision(2)} %`;
}

/** By how much an answer may be off, in words. */
export function toleranceText(question: NumberQuestion): string {
  return `right to ${Number((toleranceOf(question) * 100).toPrecision(1))} %`;
}

/** A calculation as it is written: what is taken away with one minus, a negative factor or argument in parentheses. */
export function tidied(calculation: string): string {
  return calculation
    .replaceAll('+ −', '− ')
    .replaceAll(/(?<=· |σ |tanh |ReLU |ln )−[\d.]+(?:e−?\d+)?/g, (negative) => `(${negative})`);
}

/** Options in an order that does not tell which one is right, and always the same for a question. */
export function arranged(options: readonly Option[], seed: string): Option[] {
  return options.toSorted((one, other) => hash(seed + one.value) - hash(seed + other.value));
}

/** FNV-1a, 32 bits. */
function hash(text: string): number {
  let state = 0x811c9dc5;
  for (const sign of text) state = Math.imul(state ^ (sign.codePointAt(0) ?? 0), 0x01000193);
  return state >>> 0;
}
