import { unknownInPrompt } from '../../common/codePoint.ts';
import type { RunDescription } from '../../protocol/panel.ts';

/**
 * Why a network cannot read a prompt, or undefined where it can: it knows only the symbols of its text. Bytes are checked
 * by the run itself, which has their values.
 */
export function promptProblem(prompt: string, { facts, settings }: RunDescription): string | undefined {
  if (facts === undefined || settings.tokens === 'bytes') return undefined;
  const known = new Set(facts.vocabulary);
  const unknown = Array.from(prompt).filter((symbol) => !known.has(symbol));
  return unknown.length === 0 ? undefined : unknownInPrompt(unknown);
}
