/**
 * Text that somebody else may have written: names of files, runs and tensors, messages of other programs. On a line of ours it is short, and
 * nothing in it is a line break, an escape sequence of a terminal, or a sign that turns or hides what stands beside it.
 */

const LONGEST = 200;

/** A line of text of unknown origin so that it can stand in a message: short, and without signs that cannot be seen. */
export function shownLine(text: string, longest = LONGEST): string {
  return visible(text.length > longest ? `${text.slice(0, longest)}…` : text);
}

/** Text with every sign that cannot be seen written out, such as `\u{1b}`; spaces stay. */
export function visible(text: string): string {
  return text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, (sign) => `\\u{${(sign.codePointAt(0) ?? 0).toString(16)}}`);
}

const MARKDOWN = /[\\`*_{}[\]()#+\-.!|<>~&$@:]/g;

/** Text in which no sign means anything to Markdown. */
export function unmarked(text: string): string {
  return text.replace(MARKDOWN, String.raw`\$&`);
}
