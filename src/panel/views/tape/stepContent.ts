import type { StepDetail } from '../../../protocol/study.ts';
import { dot, largestDifference, largestMagnitude, norm } from '../../charts/tapeStrip.ts';
import { quotedSymbol } from '../../../common/format.ts';
import { formatPercent, formatValue } from './values.ts';

/** What one of the eleven steps shows of one cell: its vectors, and its numbers in sentences. No DOM. */

/** What the entries of a vector stand for: classes of the vocabulary or hidden units. */
export type VectorAxis = 'symbol' | 'unit';

export interface VectorShown {
  /** For ids. */
  readonly key: string;
  readonly markup: string;
  readonly values: Float64Array;
  readonly axis: VectorAxis;
  /** The |value| of the strongest colour, where several strips are compared; else the vector's own largest. */
  readonly largest?: number;
  /** Never negative, so that its colours begin at zero. */
  readonly isUnsigned?: boolean;
}

export interface StepContent {
  readonly vectors: readonly VectorShown[];
  /** Sentences with this cell's own numbers. */
  readonly facts: readonly string[];
}

/** The symbol of an id, as it is in the vocabulary. */
export type SymbolOf = (id: number) => string;

/**
 * @param step 1 … 11.
 * @throws {RangeError} for another one.
 */
export function stepContent(step: number, cell: StepDetail, symbolOf: SymbolOf): StepContent {
  const content = CONTENTS[step - 1];
  if (content === undefined) throw new RangeError(`there is no step ${step}`);
  return content(cell, symbolOf);
}

const CONTENTS: readonly ((cell: StepDetail, symbolOf: SymbolOf) => StepContent)[] = [
  (cell, symbolOf) => {
    const probability = cell.yhat[cell.target];
    return {
      vectors: [{ ...symbols('yhat', 'ŷ(t)', cell.yhat), isUnsigned: true }],
      facts: [
        `Target c = ${quotedSymbol(symbolOf(cell.target))}: −log ${formatValue(probability)} = ${formatValue(cell.lossNats)} nats.`,
        `Divided by N = ${cell.N} it adds ${formatValue(cell.stepNorm[0])} to the total loss L, of which all that follows is the derivative.`,
      ],
    };
  },
  (cell, symbolOf) => ({
    vectors: [symbols('dyhat', '∂ŷ(t)', cell.dyhat)],
    facts: [
      `Class c = ${quotedSymbol(symbolOf(cell.target))}: −1 / (${cell.N} · ${formatValue(cell.yhat[cell.target])}) = ${formatValue(cell.dyhat[cell.target])}.`,
    ],
  }),
  (cell, symbolOf) => ({
    vectors: [symbols('do', '∂o(t)', cell.do)],
    facts: [
      `Class c = ${quotedSymbol(symbolOf(cell.target))}: (${formatValue(cell.yhat[cell.target])} − 1) / ${cell.N} = ${formatValue(cell.do[cell.target])}.`,
      `All entries add up to ${formatValue(sum(cell.do))}: what the target gains the others lose (0 but for rounding).`,
    ],
  }),
  (cell) => ({ vectors: [symbols('db_o', '∂b_o(t)', cell.do)], facts: [] }),
  (cell) => ({
    vectors: [symbols('do', '∂o(t)', cell.do), units('a', 'a(t)', cell.a, 1)],
    facts: [productOfNorms('∂o(t)', cell.do, 'a(t)', cell.a)],
  }),
  splitContent,
  (cell) => {
    const slope = cell.a.map((a) => 1 - a * a);
    return {
      vectors: [
        { ...units('slope', '1 − a(t)²', slope, 1), isUnsigned: true },
        units('da', '∂a(t)', cell.da),
        units('dh', '∂h(t)', cell.dh, largestMagnitude(cell.da)),
      ],
      facts: [
        `The factors are ${formatValue(sum(slope) / slope.length)} on average; ${formatPercent(norm(cell.dh) / norm(cell.da))} of the norm of ∂a(t) comes through.`,
      ],
    };
  },
  (cell) => ({ vectors: [units('db_h', '∂b_h(t)', cell.dh)], facts: [] }),
  (cell, symbolOf) => ({
    vectors: [units('dW_xh-column', '∂h(t)', cell.dh)],
    facts: [
      `Only column ${cell.input}, of ${quotedSymbol(symbolOf(cell.input))}, is not zero; it is the vector above.`,
    ],
  }),
  (cell) => ({
    vectors: [units('dh', '∂h(t)', cell.dh), units('aPrevious', 'a(t−1)', cell.aPrevious, 1)],
    facts: [
      productOfNorms('∂h(t)', cell.dh, 'a(t−1)', cell.aPrevious),
      ...(cell.t === 0 ? ['At t = 0, a(t−1) is the state carried in from the window before.'] : []),
    ],
  }),
  (cell) => {
    const kept = norm(cell.message) / norm(cell.da);
    const way = kept < 1 ? 'smaller' : 'larger';
    return {
      vectors: [units('dh', '∂h(t)', cell.dh), units('message', 'W_ahᵀ ∂h(t)', cell.message)],
      facts: [
        `W_ahᵀ changes the norm by the factor ${formatValue(norm(cell.message) / norm(cell.dh))}.`,
        `Through the whole cell, from ∂a(t) to this message, the error became ${way}: factor ${formatValue(kept)}.`,
        cell.t === 0
          ? 'At t = 0 the window ends: truncated backpropagation drops this message.'
          : `Step 6 at t = ${cell.t - 1} adds it to that step’s own error.`,
      ],
    };
  },
];

/** Step 6: the step's own error and the future's, on one scale with their sum. */
function splitContent(cell: StepDetail): StepContent {
  const { daOwn, daFuture, da } = cell;
  const largest = largestMagnitude(daOwn, daFuture, da);
  const [own, future] = [norm(daOwn), norm(daFuture)];
  const vectors = [
    units('da-own', 'W_aoᵀ ∂o(t)', daOwn, largest),
    units('da-future', 'W_ahᵀ ∂h(t+1)', daFuture, largest),
    units('da', '∂a(t)', da, largest),
  ];
  if (cell.t === cell.T - 1) {
    return { vectors, facts: ['This is the last step of the window: all of its error is its own.'] };
  }
  const added = Float64Array.from(daOwn, (value, i) => value + daFuture[i]);
  return {
    vectors,
    facts: [
      `${formatPercent(future / (own + future))} comes from the future, ${formatPercent(own / (own + future))} from this step’s own error (shares of the two norms).`,
      alignment(own === 0 || future === 0 ? 0 : dot(daOwn, daFuture) / own / future),
      `The two add up to ∂a(t); the largest difference in any unit is ${formatValue(largestDifference(added, da))}.`,
    ],
  };
}

function alignment(cosine: number): string {
  const how =
    cosine > 0.3
      ? 'pull the same way'
      : cosine < -0.3
        ? 'pull against each other'
        : 'pull in nearly unrelated directions';
  return `The two ${how} (cosine ${formatValue(cosine)}).`;
}

function productOfNorms(left: string, u: Float64Array, right: string, v: Float64Array): string {
  return `‖${left}‖ ‖${right}‖ = ${formatValue(norm(u))} · ${formatValue(norm(v))} = ${formatValue(norm(u) * norm(v))}.`;
}

function symbols(key: string, markup: string, values: Float64Array): VectorShown {
  return { key, markup, values, axis: 'symbol' };
}

function units(key: string, markup: string, values: Float64Array, largest?: number): VectorShown {
  return { key, markup, values, axis: 'unit', ...(largest !== undefined && { largest }) };
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}
