import type { Frame } from './recordFrames.ts';
import type { FrameScan } from './frameScan.ts';
import type { Columns } from './columns.ts';
import { RecordDecoder } from './recordDecoder.ts';
import { jsonRecordIn, typeIn } from './records.ts';

/** So many records, and their bytes together. */
export interface Amount {
  readonly count: number;
  readonly bytes: number;
}

/** A first walk over a file of records: what has to be known before the first record of it can be taken. */
export interface Survey extends FrameScan {
  /** The iteration after the last row that holds. */
  readonly iterations: number;
  /** The columns of the file as of its last record. */
  readonly columns: Columns;
  /** Whether numbers came before their columns, as `RecordDecoder` says it. */
  readonly lacksColumns: boolean;
  /** The iteration of the best validation that holds and is the run's own; undefined where there is none. */
  readonly bestValidationAt: number | undefined;
  /** How many records of a type there are, void ones too, and how long they are together; perhaps more than there are, never fewer. */
  amountOf(type: string): Amount;
  /**
   * Of records in their order: the iteration from which the run went on later, by where the record begins. What is beyond is
   * void; Infinity where the run never went back.
   */
  goesOnFrom(): (start: number) => number;
}

const NONE: Amount = { count: 0, bytes: 0 };

/**
 * @param scan walks over the file.
 * @param wanted the columns of the run's network, by which numbers are counted where the file does not say what they are.
 * @param isOwn whether a validation at an iteration is one of the run itself, and not of one that it is a fork of.
 */
export async function survey(
  scan: (visit: (frame: Frame) => void) => Promise<FrameScan>,
  wanted: Columns | undefined,
  isOwn: (iteration: number) => boolean = () => true,
): Promise<Survey> {
  const decoder = new RecordDecoder({ wanted });
  const rewinds: { start: number; iterations: number }[] = [];
  let iterations = 0;
  let validations: { iteration: number; lossNats: number }[] = [];
  const amounts = new Map<string, Amount>();
  const found = await scan(({ kind, payload, start, end }) => {
    const type = typeIn(kind, payload);
    const { count, bytes } = amounts.get(type) ?? NONE;
    amounts.set(type, { count: count + 1, bytes: bytes + end - start });
    iterations = Math.max(iterations, decoder.endOfRowsIn(kind, payload));
    const measured = jsonRecordIn('validation', kind, payload);
    if (measured !== undefined && isOwn(measured.value.iteration))
      validations = withBetter(validations, measured.value);
    const rewind = jsonRecordIn('rewind', kind, payload);
    if (rewind === undefined) return;
    iterations = Math.min(iterations, rewind.iterations);
    validations = validations.filter(({ iteration }) => iteration <= rewind.iterations);
    rewinds.push({ start, iterations: rewind.iterations });
  });
  // What a later rewind goes back behind, an earlier one need not say.
  for (let i = rewinds.length - 2; i >= 0; i--) {
    rewinds[i].iterations = Math.min(rewinds[i].iterations, rewinds[i + 1].iterations);
  }
  return {
    ...found,
    iterations,
    columns: decoder.present,
    lacksColumns: decoder.lacksColumns,
    amountOf: (type) => {
      const { count, bytes } = amounts.get(type) ?? NONE;
      const { count: others, bytes: otherBytes } = amounts.get('') ?? NONE;
      return { count: count + others, bytes: bytes + otherBytes };
    },
    bestValidationAt: validations.at(-1)?.iteration,
    goesOnFrom: () => {
      let next = 0;
      return (start) => {
        while (next < rewinds.length && rewinds[next].start <= start) next++;
        return rewinds.at(next)?.iterations ?? Infinity;
      };
    },
  };
}

/** Each better than the ones before it: which of them is the best after a rewind is not known yet. */
function withBetter<V extends { lossNats: number }>(validations: V[], validation: V): V[] {
  const best = validations.at(-1);
  if (best === undefined || validation.lossNats < best.lossNats) validations.push(validation);
  return validations;
}
