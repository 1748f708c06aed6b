import { l10n } from '../../common/l10n.ts';
import { describeClass, LOSS_SCALE, lossClass } from '../../common/lossClasses.ts';
import { groupDigits, isolated, visibleSymbol } from '../../common/written.ts';
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
    // The loss above is of another moment: a second number beside it, for what reads as the same loss, would only puzzle.
    const isSaidAbove = !('problem' in score) && Number.isFinite(score.lossNats);
    const asTarget =
      lossAsTarget === undefined
        ? ''
        : isSaidAbove
          ? `; ${l10n.t('asked for at t = {t}', { t: t - 1 })}`
          : `; ${l10n.t('asked for at t = {t}, L({t}) = {loss} nats', { t: t - 1, loss: formatLoss(lossAsTarget) })}`;
    const norm = l10n.t('‖∂{name}({t})‖ = {norm} before clipping', { name: error.of, t, norm: formatNorm(error.norm) });
    lines.push(
      `${l10n.t('Inspected window (stream {stream}, iteration {iteration}): read at t = {t} of 0 … {last}', {
        stream,
        iteration: groupDigits(iteration),
        t,
        last: T - 1,
      })}, ${norm}${asTarget}`,
    );
  }
  return lines.join('\n\n');
}

function scoreLines(of: string, { iteration, lossNats, alternatives }: CharacterScore): string[] {
  const at = l10n.t('iteration {iteration}', { iteration: groupDigits(iteration) });
  const shade = lossClass(lossNats);
  const lines =
    shade === undefined
      ? [
          `${of}: ${l10n.t('its loss is not known: nothing that the network knows stands before it, or it is not in its vocabulary')} (${at})`,
        ]
      : [
          `${of}: ${l10n.t('loss {loss} nats, probability {probability}', {
            loss: formatLoss(lossNats),
            probability: formatProbability(Math.exp(-lossNats)),
          })} (${at})`,
          l10n.t('Shade: {shade}, of {scale}', { shade: describeClass(shade), scale: LOSS_SCALE }),
        ];
  if (alternatives.length > 0) {
    const listed = alternatives.map(({ symbol, probability }) => `${quoted(symbol)} ${formatProbability(probability)}`);
    lines.push(l10n.t('Likeliest here: {symbols}', { symbols: listed.join(', ') }));
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
  if (!Number.isFinite(probability)) return l10n.t('not a number');
  if (probability === 0 || probability === 1) return String(probability);
  if (probability > 0.995) return '> 0.99';
  return probability >= 0.01 ? probability.toFixed(2) : probability.toExponential(1);
}

function formatNorm(norm: number): string {
  if (!Number.isFinite(norm)) return Number.isNaN(norm) ? l10n.t('not a number') : l10n.t('infinite');
  return norm === 0 || (norm >= 1e-3 && norm < 1000) ? norm.toPrecision(3) : norm.toExponential(2);
}
