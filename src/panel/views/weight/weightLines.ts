import {
  bySign,
  CLIP_FORMULA,
  OPTIMIZER_WORDS,
  STEP_FORMULAS,
  updateLines,
  type UpdateLine,
} from '../../../common/optimizerFormulas.ts';
import { counted, groupDigits } from '../../../common/written.ts';
import { written } from '../../../network/names.ts';
import type { WeightUpdate } from '../../../protocol/study.ts';
import { divisorText, isSummed } from '../../network/divisor.ts';
import { formatRecomputable } from '../tape/values.ts';

/** What the optimizer does with one weight, line by line: formulas as side B writes them, and their numbers. No DOM. */

/** A formula with its numbers put in, and what comes of it. */
export interface WeightLine {
  /** For tables and tests: `gradient`, `s`, `m`. */
  readonly key: string;
  readonly markup: string;
  /** The right side with numbers; none where the number is one that is given. */
  readonly numbers: string | undefined;
  readonly value: number;
  readonly words: string;
}

/** Lines that belong together, under a title. */
export interface WeightPart {
  readonly title: string;
  readonly lines: readonly WeightLine[];
}

/** Terms up to which a sum is written out. */
const MOST_TERMS = 8;

/** The element as it stands in formulas, counted from 0: the parameter and `[row,column]`, of a bias `[row]`. */
export function elementName({ parameter, row, column, columns }: WeightUpdate): string {
  return `${written(parameter)}${place({ row, column, columns })}`;
}

function place({ row, column, columns }: Pick<WeightUpdate, 'row' | 'column' | 'columns'>): string {
  return columns === 1 ? `[${row}]` : `[${row},${column}]`;
}

export function weightParts(update: WeightUpdate): readonly WeightPart[] {
  return [
    { title: 'The gradient', lines: [gradientLine(update)] },
    { title: 'Clipping', lines: clippingLines(update) },
    {
      title: `The step: ${OPTIMIZER_WORDS[update.optimizer]}, step k = ${groupDigits(update.step)}`,
      lines: [...stepLines(update), weightLine(update)],
    },
  ];
}

function gradientLine(update: WeightUpdate): WeightLine {
  const { parameter, byStep, streams, gradient, N } = update;
  const at = place(update);
  const T = byStep.length;
  const isWhole = streams === 1;
  const ofStream = byStep.reduce((sum, one) => sum + one, 0);
  const rest = counted(streams - 1, 'other stream');
  const terms = T <= MOST_TERMS ? added(byStep) : `${term(ofStream)} (the sum over ${T} time steps)`;
  return {
    key: 'gradient',
    markup: `∂${written(parameter)}${at} = Σ_t ${isWhole ? '' : 'Σ_b '}∂${written(parameter)}(t)${at}`,
    numbers: isWhole ? terms : `${terms} of this stream + ${term(gradient - ofStream)} of the ${rest}`,
    value: gradient,
    words: `what every time step asks of this weight, added up; ${isSummed({ T, N }) ? '' : 'each is divided by '}${divisorText({ T, N })}`,
  };
}

function clippingLines(update: WeightUpdate): readonly WeightLine[] {
  const { totalNorm, clipNorm, clipFactor, gradient, clipped } = update;
  const name = elementName(update);
  const norm: WeightLine = {
    key: 'norm',
    markup: '‖∂‖',
    numbers: undefined,
    value: totalNorm,
    words: 'the norm of the gradients of all parameters together: the root of the sum of their squares',
  };
  const clippedLine: WeightLine = {
    key: 'g',
    markup: clipNorm === 0 ? `g = ∂${name}` : `g = κ ∂${name}`,
    numbers: clipNorm === 0 ? undefined : `${term(clipFactor)} · ${term(gradient)}`,
    value: clipped,
    words: 'the gradient as the optimizer gets it',
  };
  if (clipNorm === 0) return [norm, clippedLine];
  const [factor] = updateLines([CLIP_FORMULA], { θ: clipNorm, '‖∂‖': totalNorm }, number);
  return [norm, lineOf(factor), clippedLine];
}

function stepLines({ optimizer, momentsBefore, clipped, learningRate, step }: WeightUpdate): readonly WeightLine[] {
  const given = { ...bySign(optimizer, momentsBefore), g: clipped, η: learningRate, k: step };
  return updateLines(STEP_FORMULAS[optimizer], given, number).map(lineOf);
}

function weightLine(update: WeightUpdate): WeightLine {
  const name = elementName(update);
  const { weightBefore, change, weightAfter } = update;
  return {
    key: 'weight',
    markup: `${name} ← ${name} + Δ`,
    numbers: `${term(weightBefore)} + ${term(change)}`,
    value: weightAfter,
    words: 'the weight that the next iteration reads',
  };
}

function lineOf({ formula, numbers, value }: UpdateLine): WeightLine {
  const { gives, markup, words } = formula;
  return { key: gives, markup, numbers, value, words };
}

/** What is given as it is, the number of the step and the settings, is written as it is. */
function number(value: number, sign: string): string {
  return ['k', 'η', 'θ'].includes(sign) ? String(value) : formatRecomputable(value);
}

/** A number within a sum or a product. */
function term(value: number): string {
  return value < 0 ? `(${formatRecomputable(value)})` : formatRecomputable(value);
}

function added(values: ArrayLike<number>): string {
  return Array.from(values, term).join(' + ');
}
