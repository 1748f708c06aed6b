import { describeClass, LOSS_SCALE, lossClass } from '../../common/lossClasses.ts';
import { isolated, visibleSymbol } from '../../common/written.ts';
import { escaped } from './characters.ts';
import type { WindowReading } from './inspectedWindow.ts';

/** What the network says in the place of one character. */
export interface CharacterScore {
  readonly iteration: number;
  readonly lossNats: number;
  /** Likeliest first; empty where nothing is known. */
  readonly alternatives: readonly { readonly symbol: string; readonly probability: number }[];
}

/** All that a hover tells of one character. */
export interface HoverFacts {
  readonly character: string;
  /** What the network says, or why it says nothing. */
  readonly score: CharacterScore | { readonly problem: string };
  readonly window:
    | (WindowReading & { readonly stream: number; readonly iteration: number; readonly T: number })
    | undefined;
}

/** The hover as Markdown that needs no trust: what comes from the text or the network is escaped. */
export function hoverText({ character, score, window }: HoverFacts): string {
  const of = `**RNN**: ${quoted(character)}`;
  const lines = 'problem' in score ? [`${of}: ${escaped(score.problem)}`] : scoreLines(of, score);
  if (window !== undefined) {
    const { t, T, error, lossAsTarget, stream, iteration } = window;
    const asTarget =
      lossAsTarget === undefined ? '' : `; asked for at t = ${t - 1}, L(${t - 1}) = ${formatLoss(lossAsTarget)} nats`;
    const norm = `‖∂${error.of}(${t})‖ = ${formatNorm(error.norm)} before clipping`;
    lines.push(
      `Inspected window (stream ${stream}, iteration ${iteration.toLocaleString('en')}): read at t = ${t} of 0 … ${T - 1}, ${norm}${asTarget}`,
    );
  }
  return lines.join('\n\n');
}

function scoreLines(of: string, { iteration, lossNats, alternatives }: CharacterScore): string[] {
  const at = `iteration ${iteration.toLocaleString('en')}`;
  const shade = lossClass(lossNats);
  const lines =
    shade === undefined
      ? [
          `${of}: its loss is not known: nothing that the network knows stands before it, or it is not in its vocabulary (${at})`,
        ]
      : [
          `${of}: loss ${formatLoss(lossNats)} nats, probability ${formatProbability(Math.exp(-lossNats))} (${at})`,
          `Shade: ${describeClass(shade)}, of ${LOSS_SCALE}`,
        ];
  if (alternatives.length > 0) {
    const listed = alternatives.map(({ symbol, probability }) => `${quoted(symbol)} ${formatProbability(probability)}`);
    lines.push(`Likeliest here: ${listed.join(', ')}`);
  }
  return lines;
}

function quoted(symbol: string): string {
  return `‘${escaped(isolated(visibleSymbol(symbol)))}’`;
}

function formatLoss(lossNats: number): string {
  return Number.isFinite(lossNats) ? lossNats.toFixed(3) : '∞';
}

/** Two significant digits, and never 1 or 0 for what is only near it. */
function formatProbability(probability: number): string {
  if (!Number.isFinite(probability)) return 'not a number';
  if (probability === 0 || probability === 1) return String(probability);
  if (probability > 0.995) return '> 0.99';
  return probability >= 0.01 ? probability.toFixed(2) : probability.toExponential(1);
}

function formatNorm(norm: number): string {
  if (!Number.isFinite(norm)) return Number.isNaN(norm) ? 'not a number' : 'infinite';
  return norm === 0 || (norm >= 1e-3 && norm < 1000) ? norm.toPrecision(3) : norm.toExponential(2);
}
