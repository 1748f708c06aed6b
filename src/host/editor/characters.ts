/**
 * Text for within a line of Markdown in which nothing is syntax: all but letters, digits and spaces are references to
 * characters.
 */
export function escaped(text: string): string {
  return text.replace(/[^\p{L}\p{N} ]/gu, (character) => `&#${character.codePointAt(0) ?? 0xfffd};`);
}
