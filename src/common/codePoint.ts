import { l10n } from './l10n.ts';
/** Letters, marks, numbers, punctuation and symbols: what shows as itself between quotation marks. */
const VISIBLE = /^[\p{L}\p{N}\p{P}\p{S}]$/u;

/** A code point for a message: `"é" (U+00E9)`, or the number alone for what would not be seen. */
export function describeCodePoint(codePoint: number): string {
  const number = `U+${codePoint.toString(16).toUpperCase().padStart(4, '0')}`;
  const character = String.fromCodePoint(codePoint);
  return VISIBLE.test(character) ? `"${character}" (${number})` : number;
}

/** More of them make no message clearer: a prompt may have thousands. */
const MOST_NAMED = 50;

/**
 * Why a network cannot read a prompt.
 * @param characters of the prompt that it does not know: at least one, each of one code point.
 */
export function unknownInPrompt(characters: Iterable<string>): string {
  const all = [...new Set(characters)];
  const named = all.slice(0, MOST_NAMED).map((character) => describeCodePoint(character.codePointAt(0) ?? 0));
  if (all.length > MOST_NAMED) named.push(l10n.t('{count} more', { count: all.length - MOST_NAMED }));
  const last = named.pop() ?? '';
  if (named.length === 0) {
    return l10n.t(
      'The character {character} does not occur in the text that the network learns, so the network cannot read it. Leave it out.',
      { character: last },
    );
  }
  return l10n.t(
    'The characters {characters} and {last} do not occur in the text that the network learns, so the network cannot read them. Leave them out.',
    { characters: named.join(', '), last },
  );
}
