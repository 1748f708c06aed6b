/** How names, texts and numbers are written in Python. */

/** A name of a network: `W_ah.2` becomes `W_ah_2`. */
export function pythonName(name: string): string {
  return name.replaceAll('.', '_');
}

/** A text as a literal, in which nothing of it ends the line or the literal. */
export function pythonText(text: string): string {
  return JSON.stringify(text).replaceAll(/[\u007f-\u009f\u2028\u2029]/g, (control) => {
    return `\\u${control.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

/** Numbers with all of their digits, in rows where they are a matrix. */
export function pythonArray(values: Float64Array, columns?: number): string {
  if (columns === undefined) return `np.array([${written(values)}])`;
  const rows = Array.from({ length: values.length / columns }, (_, row) =>
    written(values.subarray(row * columns, (row + 1) * columns)),
  );
  return `np.array([\n${rows.map((row) => `    [${row}],`).join('\n')}\n])`;
}

function written(values: Float64Array): string {
  return Array.from(values, pythonNumber).join(', ');
}

function pythonNumber(value: number): string {
  if (Number.isNaN(value)) return 'np.nan';
  if (!Number.isFinite(value)) return value > 0 ? 'np.inf' : '-np.inf';
  // Python takes a number without a point for a whole one.
  return Number.isInteger(value) && Math.abs(value) < 1e15 ? value.toFixed(1) : String(value);
}
