import type { Inspection } from '../../protocol/run.ts';
import { SETTINGS } from '../../protocol/settings.ts';
import type { Columns } from './columns.ts';
import { bytesOf, copied, isIteration } from './numbers.ts';

/** An inspection as a payload of numbers. */

const HEAD_BYTES = 16;
/** What of the columns an inspection has. */
type StepColumns = Pick<Columns, 'stepNorm' | 'stepCosine'>;

/** Bytes of its payload. */
export function inspectionBytes({ stepNorm, stepCosine, inputs, targets }: Inspection): number {
  return HEAD_BYTES + 4 * (stepNorm.length + stepCosine.length + inputs.length + targets.length);
}

/** Its payload, or undefined for one that the format has no place for. */
export function inspectionPayload(inspection: Inspection, columns: StepColumns): Uint8Array | undefined {
  const { iteration, stepNorm, stepCosine, inputs, targets } = inspection;
  const T = inputs.length;
  const hasAll =
    targets.length === T &&
    stepNorm.length === columns.stepNorm.length * T &&
    stepCosine.length === columns.stepCosine.length * T;
  if (!hasAll || T === 0 || !isIteration(iteration)) return undefined;
  const head = Uint32Array.of(iteration % 2 ** 32, Math.floor(iteration / 2 ** 32), T, 0);
  const payload = new Uint8Array(inspectionBytes(inspection));
  let at = 0;
  for (const part of [head, stepNorm, stepCosine, inputs, targets]) {
    payload.set(bytesOf(part), at);
    at += part.byteLength;
  }
  return payload;
}

/** The inspection with arrays of its own, or undefined where the payload contradicts the format. */
export function decodeInspection(payload: Uint8Array, columns: StepColumns): Inspection | undefined {
  if (payload.length < HEAD_BYTES) return undefined;
  const [low, high, T] = new Uint32Array(copied(payload, 0, HEAD_BYTES));
  const iteration = high * 2 ** 32 + low;
  // Of one time step: float32 norms and cosines, two int32 ids.
  const stepBytes = 4 * (columns.stepNorm.length + columns.stepCosine.length + 2);
  // What no setting allows is no window of a run, and would take a hundred times the room of one.
  const isWhole = T > 0 && T <= SETTINGS.sequenceLength.maximum && payload.length === HEAD_BYTES + T * stepBytes;
  if (!isWhole || !isIteration(iteration)) return undefined;
  let at = HEAD_BYTES;
  const next = (numbers: number): ArrayBuffer => copied(payload, (at += 4 * numbers) - 4 * numbers, 4 * numbers);
  const inspection = {
    iteration,
    stepNorm: new Float32Array(next(columns.stepNorm.length * T)),
    stepCosine: new Float32Array(next(columns.stepCosine.length * T)),
    inputs: new Int32Array(next(T)),
    targets: new Int32Array(next(T)),
  };
  const isId = (id: number): boolean => id >= 0;
  return inspection.inputs.every(isId) && inspection.targets.every(isId) ? inspection : undefined;
}
