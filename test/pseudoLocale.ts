/**
 * A language that nobody speaks, made of English: every text is in brackets, so that one which was never translated, or is put together of
 * parts, can be seen; a third longer, as many languages are; and has accents. Names in braces, commands and links stay as they are.
 */

const OPEN = '⟦';
const CLOSE = '⟧';
const ACCENTS: Readonly<Record<string, string>> = {
  ...{ A: 'Á', C: 'Ç', D: 'Ď', E: 'É', G: 'Ğ', H: 'Ĥ', I: 'Í', J: 'Ĵ', K: 'Ķ', L: 'Ľ', N: 'Ñ', O: 'Ö', R: 'Ŕ', S: 'Š' },
  ...{ T: 'Ť', U: 'Ů', W: 'Ŵ', Y: 'Ý', Z: 'Ž', a: 'á', c: 'ç', d: 'ď', e: 'é', g: 'ğ', h: 'ĥ', i: 'í', j: 'ĵ', k: 'ķ' },
  ...{ l: 'ľ', n: 'ñ', o: 'ö', r: 'ŕ', s: 'š', t: 'ť', u: 'ů', w: 'ŵ', y: 'ý', z: 'ž' },
};
/** How much longer, and by which signs. */
const LONGER = 0.35;
const FILLING = 'ëïöüæœ ëïöü ëïöüæœëïö ';
/** What must not change: names in braces, and where links and commands lead. */
const KEPT = /(\{[^{}]+\}|\]\([^)]*\))/;

/** A text in the pseudo-locale, line by line, since a line that is a link only may be a button. */
export function pseudoText(text: string): string {
  return text.split('\n').map(pseudoLine).join('\n');
}

function pseudoLine(line: string): string {
  const [, words, target] = /^\[([^\]]*)\](\([^)]*\))$/.exec(line) ?? [];
  if (words !== undefined) return `[${pseudoLine(words)}]${target}`;
  const parts = line.split(KEPT);
  const accented = parts.map((part, at) =>
    at % 2 === 1 ? part : part.replace(/[A-Za-z]/g, (sign) => ACCENTS[sign] ?? sign),
  );
  const letters = parts.filter((_, at) => at % 2 === 0).join('').length;
  // In words, so that lines can break as they do in a language.
  const filling = FILLING.repeat(Math.ceil((LONGER * letters) / FILLING.length)).slice(
    0,
    Math.max(1, LONGER * letters),
  );
  return `${OPEN}${accented.join('')} ${filling.trim()}${CLOSE}`;
}

/** What of a text is not in the brackets of a translation. */
export function outsideOfBrackets(text: string): string {
  let depth = 0;
  let outside = '';
  for (const sign of text) {
    if (sign === OPEN) depth++;
    else if (sign === CLOSE) depth = Math.max(0, depth - 1);
    else if (depth === 0) outside += sign;
  }
  return outside;
}

/** The words of a text that stand in no brackets and are none of those that stay as they are in every language. */
export function untranslatedWords(text: string, names: readonly (string | RegExp)[]): string[] {
  const rest = names.reduce<string>(
    (left, name) => left.replaceAll(typeof name === 'string' ? name : new RegExp(name, 'gu'), ' '),
    outsideOfBrackets(text),
  );
  return rest.match(/\p{L}{2,}/gu) ?? [];
}
