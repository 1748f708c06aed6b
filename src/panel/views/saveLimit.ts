import { groupDigits } from '../../common/format.ts';

/** Numbers that are saved at most: some 40 MB as text, which still passes from the panel to the extension at once. */
const MOST_NUMBERS = 2_000_000;

/** Why so many numbers are not saved, or shown as a table, for the person; undefined where they are. */
export function tooManyNumbers(numbers: number, what: 'saved' | 'shown'): string | undefined {
  if (numbers <= MOST_NUMBERS) return undefined;
  return (
    `These are ${groupDigits(numbers)} numbers, and at most ${groupDigits(MOST_NUMBERS)} are ${what} at once. ` +
    'Save the picture as PNG instead, or train with fewer hidden units (setting rnnInspector.hiddenSize) and save its numbers.'
  );
}
