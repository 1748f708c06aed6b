import { errorOf, written } from '../../network/names.ts';
import type { Network } from '../../network/network.ts';
import { errorOfTimeStep, stepRow } from '../../network/quantities.ts';
import type { Tape } from '../../protocol/study.ts';
import type { Tokens } from '../../text/vocabulary.ts';
import type { Span, SymbolText } from './symbolText.ts';

const UTF8 = new TextEncoder();

/** T of the window. */
function stepsOf({ inputs }: Tape): number {
  return inputs.length;
}

/** The characters that the window reads. */
export function windowSpan(text: SymbolText, tape: Tape): Span {
  return {
    from: text.characterOf(tape.position).from,
    to: text.characterOf(tape.position + stepsOf(tape) - 1).to,
  };
}

/** The character that time step t reads. */
export function spanOfStep(text: SymbolText, tape: Tape, t: number): Span | undefined {
  return t >= 0 && t < stepsOf(tape) ? text.characterOf(tape.position + t) : undefined;
}

/** The first time step that reads the character at an offset, or a byte of it; undefined outside of the window. */
export function stepAt(text: SymbolText, tape: Tape, offset: number): number | undefined {
  const first = text.symbolAt(offset);
  const { from, to } = text.characterAt(offset);
  if (from === to) return undefined;
  const end = to === text.text.length ? text.symbols : text.symbolAt(to);
  const t = Math.max(0, first - tape.position);
  return t < stepsOf(tape) && tape.position + t < end ? t : undefined;
}

/** What the window says of the character at an offset. */
export interface WindowReading {
  /** The time step that reads it. */
  readonly t: number;
  /** The error that reaches the time step: of which quantity, and its norm in the stream, before clipping. */
  readonly error: { readonly of: string; readonly norm: number };
  /** L(t−1), for which it is the target y(t−1), nats; undefined at t = 0, whose character is the target of no step here. */
  readonly lossAsTarget: number | undefined;
}

export function readingAt(network: Network, text: SymbolText, tape: Tape, offset: number): WindowReading | undefined {
  const t = stepAt(text, tape, offset);
  if (t === undefined) return undefined;
  const error = errorOfTimeStep(network);
  return {
    t,
    error: { of: written(errorOf(network, error) ?? error), norm: stepRow(network, tape.stepNorm, error)[t] },
    lossAsTarget: t === 0 ? undefined : tape.lossNats[t - 1],
  };
}

/**
 * Whether the text holds, where the window lies, the symbols that the window reads.
 * @param codes the code point or byte of each id.
 */
export function holdsWindow(text: SymbolText, tape: Tape, codes: readonly number[]): boolean {
  const T = stepsOf(tape);
  if (tape.position + T > text.symbols) return false;
  const { from, to } = windowSpan(text, tape);
  const there = codesOf(text.text.slice(from, to), text.tokens);
  // The first character may have begun with bytes that are not in the window.
  const skipped = tape.position - text.symbolAt(from);
  return tape.inputs.every((id, t) => codes[id] === there[skipped + t]);
}

/** The code point or byte of each symbol, from what it looks like in the facts of a run: `a`, or `\xE2`. */
export function codesOfSymbols(symbols: readonly string[], tokens: Tokens): number[] {
  const isLabel = (symbol: string): boolean => tokens === 'bytes' && symbol.length > 1;
  return symbols.map((symbol) => (isLabel(symbol) ? parseInt(symbol.slice(2), 16) : (symbol.codePointAt(0) ?? 0)));
}

function codesOf(text: string, tokens: Tokens): number[] {
  return tokens === 'bytes' ? [...UTF8.encode(text)] : Array.from(text, (character) => character.codePointAt(0) ?? 0);
}
