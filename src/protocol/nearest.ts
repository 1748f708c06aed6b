/** So many slips of a hand may a word have, and no more than half as many as letters. */
const MOST_SLIPS = 2;

/** The word that was most likely meant, where it was mistyped; small and capital letters are the same. */
export function nearest<W extends string>(typed: string, words: readonly W[]): W | undefined {
  const letters = typed.toLowerCase();
  let [found, fewest]: [W | undefined, number] = [undefined, MOST_SLIPS + 1];
  for (const word of words) {
    // A long text is none of them, and would take long.
    if (Math.abs(letters.length - word.length) > MOST_SLIPS) continue;
    const slips = slipsBetween(letters, word.toLowerCase());
    if (slips < fewest && slips <= word.length / 2) [found, fewest] = [word, slips];
  }
  return found;
}

/** The fewest letters to put in, leave out, change, or swap with their neighbour, that make one word of another. */
function slipsBetween(one: string, other: string): number {
  // rows[i][j] is that of the first i letters and the first j.
  const rows = [Array.from({ length: other.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= one.length; i++) {
    const row = [i];
    for (let j = 1; j <= other.length; j++) {
      const changed = rows[i - 1][j - 1] + Number(one[i - 1] !== other[j - 1]);
      const isSwapped = i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1];
      const swapped = isSwapped ? rows[i - 2][j - 2] + 1 : Infinity;
      row.push(Math.min(changed, rows[i - 1][j] + 1, row[j - 1] + 1, swapped));
    }
    rows.push(row);
  }
  return rows[one.length][other.length];
}
