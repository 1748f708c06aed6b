import { robustRange, type RobustRange } from '../../common/ranges.ts';

/** How far beyond what is usual a line may lead the range, in heights of the usual range, where it has come back from there. */
const STRETCH = 4;

/**
 * The range of an axis whose lines tell how a run goes. Values that scatter are held to a range that a few of them do not stretch; a line
 * that tells the story is followed wherever it goes and stays, as a validation loss that rises, or a loss that diverges. What only came
 * from far out at the start, or went there for a moment, is cut: else one spike hides everything.
 * @param lows of all that is shown, and `highs`: points that stand for several values have both.
 * @param told lines that are followed, each in the order of iterations; numbers that are not finite are gaps.
 * @param references that are in sight in any case.
 */
export function storyRange(
  lows: ArrayLike<number>,
  highs: ArrayLike<number>,
  told: readonly ArrayLike<number>[],
  references: readonly number[],
): RobustRange {
  const usual = robustRange(lows, highs, references);
  const lines = told.map((line) => Array.from(line));
  // A line that ended in no number went out of every range: what it had just before is no level that it is at.
  const newest = lines.map((line) => line.at(-1) ?? NaN).filter(Number.isFinite);
  const max = Math.max(usual.max, ...newest);
  const limit = max + STRETCH * (max - Math.min(usual.min, ...newest));
  const followed = lines.flatMap((line) => {
    const values = withoutMoments(withoutStart(line.filter(Number.isFinite), max)).filter((value) => value <= limit);
    return values.length === 0 ? [] : [least(values), largest(values)];
  });
  return robustRange(lows, highs, [...references, ...newest, ...followed]);
}

/** From the first value on that is within what is usual. */
function withoutStart(line: readonly number[], max: number): readonly number[] {
  const from = line.findIndex((value) => value <= max);
  return from < 0 ? [] : line.slice(from);
}

/** The median of each value and its neighbours: a single one that is far from both is not followed. */
function withoutMoments(line: readonly number[]): readonly number[] {
  if (line.length < 3) return line;
  return line.map((value, at) => {
    if (at === 0 || at === line.length - 1) return value;
    const [before, after] = [line[at - 1], line[at + 1]];
    return Math.max(Math.min(before, value), Math.min(Math.max(before, value), after));
  });
}

function least(values: readonly number[]): number {
  return values.reduce((one, other) => Math.min(one, other));
}

function largest(values: readonly number[]): number {
  return values.reduce((one, other) => Math.max(one, other));
}
