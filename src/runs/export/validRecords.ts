import { endOfRows, iterationOf, type RunRecord } from '../format/records.ts';
import { validPart, type ValidRecord } from '../format/validPart.ts';

export type { ValidRecord } from '../format/validPart.ts';
type Records<R> = Iterable<R> | AsyncIterable<R>;

/** A rewind as it stands among the records: it voids what was recorded before it from iteration `iterations` on. */
interface Rewind {
  readonly index: number;
  readonly iterations: number;
}

/**
 * The records of a file that still hold, in order. Where the run went on from an earlier iteration, what it had recorded beyond
 * that iteration before is left out: rows are cut, the rest is dropped. So are rows of iterations that there were rows of already.
 * @param records of the file from the first on, every time it is called: it is gone through twice.
 */
export async function* validRecords(records: () => Records<RunRecord>): AsyncGenerator<ValidRecord> {
  const ahead = await rewindsAmong(records());
  let index = 0;
  let rows = 0;
  for await (const record of records()) {
    while (ahead.length > 0 && ahead[0].index <= index) ahead.shift();
    index++;
    if (record.type === 'rewind') continue;
    const valid = validPart(record, rows, Math.min(...ahead.map(({ iterations }) => iterations)));
    if (valid === undefined) continue;
    if (valid.type === 'rows' || valid.type === 'buckets') rows = endOfRows(valid);
    yield valid;
  }
}

/** Two streams of records as one in the order of their iterations, each in its own order. */
export async function* merged(
  records: AsyncIterable<ValidRecord>,
  others: AsyncIterable<ValidRecord>,
): AsyncGenerator<ValidRecord> {
  const waiting = others[Symbol.asyncIterator]();
  let next = await waiting.next();
  for await (const record of records) {
    const iteration = iterationOf(record) ?? -1;
    for (; next.done !== true && (iterationOf(next.value) ?? -1) <= iteration; next = await waiting.next())
      yield next.value;
    yield record;
  }
  for (; next.done !== true; next = await waiting.next()) yield next.value;
}

async function rewindsAmong(records: Records<RunRecord>): Promise<Rewind[]> {
  const rewinds: Rewind[] = [];
  let index = 0;
  for await (const record of records) {
    if (record.type === 'rewind') rewinds.push({ index, iterations: record.iterations });
    index++;
  }
  return rewinds;
}
