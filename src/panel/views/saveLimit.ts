import { groupDigits } from '../../common/format.ts';
import { l10n } from '../../common/l10n.ts';

/** Numbers that are saved at most: some 40 MB as text, which still passes from the panel to the extension at once. */
const MOST_NUMBERS = 2_000_000;

/** Why so many numbers are not saved, or shown as a table, for the person; undefined where they are. */
export function tooManyNumbers(numbers: number, what: 'saved' | 'shown'): string | undefined {
  if (numbers <= MOST_NUMBERS) return undefined;
  const values = { count: groupDigits(numbers), most: groupDigits(MOST_NUMBERS) };
  return what === 'saved'
    ? l10n.t(
        'These are {count} numbers, and at most {most} are saved at once. Save the picture as PNG instead, or train with fewer hidden units (setting rnnInspector.hiddenSize) and save its numbers.',
        values,
      )
    : l10n.t(
        'These are {count} numbers, and at most {most} are shown at once. Save the picture as PNG instead, or train with fewer hidden units (setting rnnInspector.hiddenSize) and save its numbers.',
        values,
      );
}
